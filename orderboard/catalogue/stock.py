"""Stock: what orders are promised, what leaves the shop with them, and what comes back.

What is promised to an order is written down with it, so that exactly that is given back, whatever
has become of the product or of how it is counted meanwhile. Of a product whose stock is not
counted nothing is promised.
"""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from orderboard.catalogue import commands, rules
from orderboard.catalogue.model import Product, StockHold
from orderboard.errors import OutOfStock
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.quantities import quantity_text
from orderboard.statements import Statement

Json = dict[str, Any]
_products, _holds = Product.__table__, StockHold.__table__
# Kept: putting a statement together costs more than running it.
_counted = sa.select(_products.c.sku).where(
    _products.c.sku.in_(sa.bindparam("skus", expanding=True)), _products.c.stock.is_not(None)
)
_known = sa.select(_products.c.sku).where(_products.c.sku.in_(sa.bindparam("skus", expanding=True)))
_of_order = sa.select(_holds).where(
    _holds.c.order_id == sa.bindparam("order"), _holds.c.given_back.is_(False)
)
_given_back = sa.select(_holds).where(
    _holds.c.order_id == sa.bindparam("order"), _holds.c.given_back.is_(True)
)
_forget = sa.delete(_holds).where(
    _holds.c.order_id == sa.bindparam("of_order"), _holds.c.taken.is_(False)
)
_change = sa.update(_holds).where(_holds.c.order_id == sa.bindparam("of_order"))
_take, _bring_back = _change.values(taken=True), _change.values(taken=False)
_let_go, _hold_again = _change.values(given_back=True), _change.values(given_back=False)
_insert = Statement(sa.insert(_holds))
_any = Statement(sa.select(sa.text("EXISTS (SELECT 1 FROM products)")))
"""Many shops keep no catalogue: then an order costs this and no more."""


def known(tx: Transaction, skus: Collection[str]) -> set[str]:
    """Those of these skus that the catalogue has."""
    return {*tx.execute(_known, {"skus": list(skus)}).scalars()} if skus else set()


class Counted:
    """Products whose stock is counted, held while orders are promised some of it."""

    def __init__(self, tx: Transaction, skus: Collection[str]) -> None:
        self._tx = tx
        self._rows: dict[str, Json] = {}
        if skus and tx.run(_any, {})[0][0]:
            counted = list(tx.execute(_counted, {"skus": list(skus)}).scalars())
            self._rows = commands.hold_many(tx, counted) if counted else {}

    def promise(self, order_id: str, wanted: Mapping[str, int], actor: Actor) -> None:
        """Promise a new order so much of each sku (thousandths).

        Raises OutOfStock (``sku``, ``available``) where less is left; then nothing was done.
        """
        if self._rows:
            mine = {sku: q for sku, q in wanted.items() if sku in self._rows}
            _promise(self._tx, self._rows, order_id, mine, {}, actor)


def promise_instead(
    tx: Transaction, order_id: str, wanted: Mapping[str, int], actor: Actor
) -> None:
    """Promise an order so much of each sku instead of what it was promised before.

    Raises OutOfStock (``sku``, ``available``) where less is left; then nothing was done.
    """
    before = _held(tx, order_id)
    counted = {*tx.execute(_counted, {"skus": list(wanted)}).scalars()} if wanted else set()
    if not counted and not before:
        return
    rows = commands.hold_many(tx, {*counted, *before})
    now = {sku: wanted[sku] for sku in counted if rows[sku]["stock"] is not None}
    _promise(tx, rows, order_id, now, before, actor)


def _promise(
    tx: Transaction,
    rows: dict[str, Json],
    order_id: str,
    now: Mapping[str, int],
    before: Mapping[str, int],
    actor: Actor,
) -> None:
    more = {sku: now.get(sku, 0) - before.get(sku, 0) for sku in {**now, **before}}
    for sku, quantity in more.items():
        _check(rows[sku], quantity, before.get(sku, 0))
    for sku, quantity in more.items():
        commands.count(tx, rows[sku], actor, reserved=quantity)
    if before:
        tx.execute(_forget, {"of_order": order_id})
    of = {"order_id": order_id, "taken": False, "given_back": False}
    tx.run_many(_insert, [{**of, "sku": sku, "quantity": q} for sku, q in now.items()])


def take(tx: Transaction, order_id: str, actor: Actor) -> None:
    """An order's goods leave the shop."""
    promised = _held(tx, order_id)
    if not promised:
        return
    for sku, row in commands.hold_many(tx, promised).items():
        gone = {"reserved": -promised[sku], "stock": -promised[sku]}
        commands.count(tx, row, actor, **gone)
    tx.execute(_take, {"of_order": order_id})


def give_back(tx: Transaction, order_id: str, actor: Actor) -> None:
    """What an order was promised is free again, and what it took is back in the shop."""
    rows = tx.execute(_of_order, {"order": order_id}).all()
    if not rows:
        return
    products = commands.hold_many(tx, [row.sku for row in rows])
    for row in rows:
        back = {"stock": row.quantity} if row.taken else {"reserved": -row.quantity}
        commands.count(tx, products[row.sku], actor, **back)
    tx.execute(_let_go, {"of_order": order_id})


def hold_again(tx: Transaction, order_id: str, actor: Actor) -> None:
    """An order that came to nothing has again what it gave back then.

    Raises OutOfStock (``missing``) where less is left; then nothing was done.
    """
    rows = tx.execute(_given_back, {"order": order_id}).all()
    if not rows:
        return
    products = commands.hold_many(tx, [row.sku for row in rows])
    _check_all(products, {row.sku: row.quantity for row in rows})
    for row in rows:
        again = {"stock": -row.quantity} if row.taken else {"reserved": row.quantity}
        commands.count(tx, products[row.sku], actor, **again)
    tx.execute(_hold_again, {"of_order": order_id})


def bring_back(tx: Transaction, order_id: str, actor: Actor) -> None:
    """Goods that had left the shop have not: they are promised to their order as before."""
    taken = {row.sku: row.quantity for row in tx.execute(_of_order, {"order": order_id})}
    for sku, row in commands.hold_many(tx, taken).items() if taken else ():
        commands.count(tx, row, actor, reserved=taken[sku], stock=taken[sku])
    tx.execute(_bring_back, {"of_order": order_id})


def give_some_back(
    tx: Transaction, order_id: str, quantities: Mapping[str, int], actor: Actor
) -> None:
    """The same of so much of each sku (thousandths), as far as the order still has it."""
    rows = [row for row in tx.execute(_of_order, {"order": order_id}) if row.sku in quantities]
    if not rows:
        return
    products = commands.hold_many(tx, [row.sku for row in rows])
    for row in rows:
        some = min(quantities[row.sku], row.quantity)
        back = {"stock": some} if row.taken else {"reserved": -some}
        commands.count(tx, products[row.sku], actor, **back)
        mine = (_holds.c.order_id == order_id) & (_holds.c.sku == row.sku)
        tx.execute(sa.update(_holds).where(mine).values(quantity=row.quantity - some))


def _held(tx: Transaction, order_id: str) -> dict[str, int]:
    """What an order is promised and has not taken."""
    rows = tx.execute(_of_order, {"order": order_id})
    return {row.sku: row.quantity for row in rows if not row.taken}


def _check_all(products: Mapping[str, Json], wanted: Mapping[str, int]) -> None:
    missing = [
        {"sku": sku, "name": row["name"], "wanted": quantity_text(wanted[sku])}
        | {"available": quantity_text(max(rules.available(row) or 0, 0))}
        for sku, row in products.items()
        if row["stock"] is not None and wanted[sku] > max(rules.available(row) or 0, 0)
    ]
    if missing:
        some = ", ".join(
            f"{one['name']} ({one['sku']}): {one['available']} of {one['wanted']}"
            for one in missing
        )
        raise OutOfStock(f"There is not as much left as this order had: {some}.", missing=missing)


def _check(row: Json, more: int, before: int) -> None:
    left = rules.available(row) or 0
    if more <= left or more <= 0:
        return
    rest = quantity_text(left + before)
    raise OutOfStock(
        f"There is not as much of {row['name']} ({row['sku']}) left: {rest}.",
        sku=row["sku"],
        available=rest,
    )
