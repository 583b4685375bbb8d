"""What may be done to discount codes. A change by people is one event.

Whoever counts uses or changes a code has ``tx.alone()`` first: what it is counted from is then
what it is when it is written, however many orders come at once.
"""

from collections.abc import Container, Iterable
from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.discounts import events, queries, rules
from orderboard.discounts.model import DiscountCode, DiscountUse
from orderboard.discounts.snapshot import snapshot
from orderboard.errors import ChangedMeanwhile, Conflict, Invalid, NotFound
from orderboard.events.event import Actor
from orderboard.events.kinds import Kind
from orderboard.events.log import Transaction
from orderboard.money import minor_at
from orderboard.statements import Statement

Json = dict[str, Any]
MOST_CODES = 1000
_codes, _uses = DiscountCode.__table__, DiscountUse.__table__
_AMOUNTS = ("amount", "minimum")
_EMPTY: Json = {
    **dict.fromkeys(("name", "percent", "amount", "minimum", "valid_from", "valid_until")),
    "most_uses": None,
    "used": 0,
    "active": True,
    "version": 0,
}
_mine = sa.select(_uses.c.code).where(_uses.c.order_id == sa.bindparam("of_order")).order_by("code")
_used_by = Statement(_mine.where(_uses.c.given_back.is_(False)))
_given_back_by = Statement(_mine.where(_uses.c.given_back.is_(True)))


def add(tx: Transaction, given: Json, currency: str, actor: Actor) -> Json:
    """Add a code; ``currency`` is that of its amounts. Raises Invalid, Conflict if there is it."""
    tx.alone()
    if queries.row_of(tx.connection, given["code"]):
        raise Conflict("There is this code already.", code=given["code"])
    if tx.execute(sa.select(sa.func.count()).select_from(_codes)).scalar_one() >= MOST_CODES:
        raise Conflict(f"A shop has at most {MOST_CODES} codes.")
    row = {**_EMPTY, "code": given["code"], "currency": currency, "created_at": clock.now()}
    return _write(tx, events.CREATED, row, given, actor)


def edit(
    tx: Transaction, code: str, given: Json, actor: Actor, versions: Container[str] | None = None
) -> Json:
    """Change what is given of a code. Raises NotFound, Invalid, and ChangedMeanwhile for another
    version than these.
    """
    tx.alone()
    row = queries.row_of(tx.connection, code)
    if row is None:
        raise NotFound("There is no such code.")
    if versions is not None and str(row["version"]) not in versions:
        discount = snapshot(row)
        raise ChangedMeanwhile(discount, discount["updated_by"], "discount")
    return _write(tx, events.UPDATED, row, given, actor)


def use(tx: Transaction, order_id: str, code: str) -> None:
    """Count that an order has a code, of which it was asked in this transaction if it may."""
    tx.execute(sa.insert(_uses), {"order_id": order_id, "code": code})
    _count(tx, code, 1)


def give_back(tx: Transaction, order_id: str) -> None:
    """The codes of an order that comes to nothing may be used again."""
    if not tx.run(_used_by, {"of_order": order_id}):
        return
    tx.alone()
    for (code,) in tx.run(_used_by, {"of_order": order_id}):
        _count(tx, code, -1)
    tx.execute(sa.update(_uses).where(_uses.c.order_id == order_id).values(given_back=True))


def check_again(tx: Transaction, order_id: str) -> None:
    """Raise Conflict (``code``) where a code that an order gave back has been used up since."""
    if not tx.run(_given_back_by, {"of_order": order_id}):
        return
    tx.alone()
    for (code,) in tx.run(_given_back_by, {"of_order": order_id}):
        row = queries.row_of(tx.connection, code)
        if row and row["most_uses"] is not None and row["used"] >= row["most_uses"]:
            raise Conflict(f"The code {code} has been used up meanwhile.", code=code)


def use_again(tx: Transaction, order_id: str) -> None:
    """An order that came to nothing has again the codes that it gave back, once checked."""
    for (code,) in tx.run(_given_back_by, {"of_order": order_id}):
        _count(tx, code, 1)
    tx.execute(sa.update(_uses).where(_uses.c.order_id == order_id).values(given_back=False))


def take_off(tx: Transaction, order_id: str, but: Iterable[str]) -> None:
    """The codes that an order has no more may be used again; ``but`` are those it keeps."""
    kept = {code.upper() for code in but}
    if all(code in kept for (code,) in tx.run(_used_by, {"of_order": order_id})):
        return
    tx.alone()
    for (code,) in tx.run(_used_by, {"of_order": order_id}):
        if code not in kept:
            _count(tx, code, -1)
            mine = sa.and_(_uses.c.order_id == order_id, _uses.c.code == code)
            tx.execute(sa.delete(_uses).where(mine))


def _count(tx: Transaction, code: str, more: int) -> None:
    mine = sa.update(_codes).where(_codes.c.code == code)
    tx.execute(mine.values(used=_codes.c.used + more))


def _write(tx: Transaction, kind: Kind, row: Json, given: Json, actor: Actor) -> Json:
    now = row | given | _minor(given, row["currency"])
    if errors := rules.wrong(now):
        raise Invalid(errors)
    differs = [name for name in given if now[name] != row.get(name)]
    if not differs and kind is events.UPDATED:
        return snapshot(row)
    now |= {
        "version": row["version"] + 1,
        "updated_at": clock.now(),
        "updated_by_kind": actor.kind,
        "updated_by_name": actor.name,
    }
    if kind is events.CREATED:
        tx.execute(sa.insert(_codes), now)
        was = None
    else:
        tx.execute(sa.update(_codes).where(_codes.c.code == row["code"]).values(now))
        before = snapshot(row)
        was = {name: before[name] for name in differs}
    tx.record(kind, actor=actor, data=snapshot(now), was=was, at=now["updated_at"])
    return snapshot(now)


def _minor(given: Json, currency: str) -> Json:
    errors: dict[str, str] = {}
    found = {
        name: minor_at(given[name], name, currency, errors)
        for name in _AMOUNTS
        if given.get(name) is not None
    }
    if errors:
        raise Invalid(errors)
    return found
