"""Placing orders: from the shape of a new order to its rows and its first event."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

import sqlalchemy as sa
from ulid import ULID

from orderboard import clock
from orderboard.catalogue import stock
from orderboard.errors import Conflict, Invalid
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import rules
from orderboard.orders.events import CREATED
from orderboard.orders.external_ids import ExternalIds
from orderboard.orders.model import Order, OrderLine
from orderboard.orders.skus import check_known, skus_of, wanted
from orderboard.orders.snapshot import snapshot
from orderboard.statements import Statement

Json = dict[str, Any]
_orders, _lines = Order.__table__, OrderLine.__table__
_insert_orders, _insert_lines = Statement(sa.insert(_orders)), Statement(sa.insert(_lines))
_number_of = Statement(sa.select(_orders.c.number).where(_orders.c.id == sa.bindparam("id")))
_newest = Statement(sa.select(sa.func.coalesce(sa.func.max(_orders.c.number), sa.text("0"))))
_next_numbers = Statement(
    sa.select(sa.text("nextval(pg_get_serial_sequence('orders', 'number'))")).select_from(
        sa.func.generate_series(sa.text("1"), sa.bindparam("count", type_=sa.Integer))
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """An order as somebody places it. Amounts are decimals in units of the currency."""

    customer: Json
    currency: str
    type: str = "purchase"
    items: Sequence[Json] = ()
    shipping: Decimal | None = None
    tax: Decimal | None = None
    discount: Decimal | None = None
    address: Json | None = None
    payment_method: str = "none"
    note: str | None = None
    external_id: str | None = None
    related_order: str | None = None


class Birth(NamedTuple):
    """When an order is placed, and what nobody can guess: its id and the token of its link."""

    moment: datetime
    id: str
    track_token: str

    @classmethod
    def now(cls) -> "Birth":
        """Of an order that is placed now."""
        return cls(clock.now(), f"ord_{ULID()}", secrets.token_urlsafe(16))


def place(
    tx: Transaction, order: NewOrder, actor: Actor, source: str, only_known: bool = False
) -> Json:
    """Place one order; answers its snapshot.

    Raises Invalid for amounts that do not come out and for a related order that is not there,
    Conflict (``order_id``) when the source has placed this ``external_id`` before, and OutOfStock
    (``sku``, ``available``) when not as much is left as is wanted. An id that a
    stranger gives is kept and means nothing to others.
    """
    (placed,) = place_many(tx, [(order, actor)], source, only_known)
    if isinstance(placed, Exception):
        raise placed
    return placed


def place_many(
    tx: Transaction,
    orders: Sequence[tuple[NewOrder, Actor]],
    source: str,
    only_known: bool = False,
) -> list[Json | Invalid | Conflict]:
    """Place the good ones of some orders; answers of each its snapshot, or what is wrong.

    ``only_known``: skus that are not in the catalogue are wrong.
    """
    drafts = _drafts(tx, orders, source, only_known)
    good = [draft for draft in drafts if isinstance(draft, _Draft)]
    for draft, number in zip(good, _numbers(tx, len(good)), strict=True):
        draft.row["number"] = number
    tx.run_many(_insert_orders, [draft.row for draft in good])
    lines = (line_rows(draft.row["number"], draft.lines) for draft in good)
    tx.run_many(_insert_lines, list(chain.from_iterable(lines)))
    return [_record(tx, draft) if isinstance(draft, _Draft) else draft for draft in drafts]


def line_rows(number: int, lines: Sequence[rules.Line]) -> list[Json]:
    """The rows of an order's lines, in their places."""
    return [
        {
            "order_number": number,
            "place": place,
            "sku": line.sku,
            "name": line.name,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "discount": line.discount,
            **dict.fromkeys(("line", "thousandths", "micros", "details")),
        }
        for place, line in enumerate(lines)
    ]


def contact(customer: Json) -> Json:
    """The columns of a customer."""
    return {
        **{
            f"customer_{part}": customer.get(part) for part in ("name", "company", "email", "phone")
        },
        "customer_key": rules.customer_key(customer),
    }


def new_row(order: NewOrder, priced: rules.Priced, actor: Actor, source: str, birth: Birth) -> Json:
    """The row of an order that has just been placed, but for its number. Pure."""
    moment = birth.moment
    row: Json = {
        "id": birth.id,
        "track_token": birth.track_token,
        "source": source,
        "external_id": order.external_id,
        "type": order.type,
        "status": "pending",
        "times": {"pending": clock.rfc3339(moment)},
        **contact(order.customer),
        "currency": order.currency,
        "subtotal": priced.subtotal,
        "shipping": priced.shipping,
        "tax": priced.tax,
        "discount": priced.discount,
        "total": priced.total,
        "address": order.address,
        "payment_method": order.payment_method,
        "payment_status": "none" if order.payment_method == "none" else "due",
        "payments": None,
        "refunds": None,
        "details": None,
        "lines_given": None,
        "note": order.note,
        "related_order": order.related_order,
        "driver_id": None,
        "tracking": None,
        "place": None,
        "cancel_reason": None,
        "cancellation_request": None,
        "version": 1,
        "created_at": moment,
        "updated_at": moment,
        "updated_by_kind": actor.kind,
        "updated_by_name": actor.name,
    }
    return row


class _Draft(NamedTuple):
    """An order that is good and has no number yet."""

    row: Json
    lines: Sequence[rules.Line]
    actor: Actor


def _drafts(
    tx: Transaction, orders: Sequence[tuple[NewOrder, Actor]], source: str, only_known: bool
) -> list[_Draft | Invalid | Conflict]:
    drafts: list[_Draft | Invalid | Conflict] = []
    ids = ExternalIds(tx, source)
    skus = skus_of(item for order, _ in orders for item in order.items)
    known = stock.known(tx, skus) if only_known else skus
    counted = stock.Counted(tx, skus)
    for order, actor in orders:
        try:
            priced = _priced(order)
            check_known(order.items, known)
            ids.check(order.external_id)
            _check_related(tx, order)
            birth = Birth.now()
            if order.type not in rules.INBOUND:
                counted.promise(birth.id, wanted(priced.lines), actor)
        except (Invalid, Conflict) as error:
            drafts.append(error)
            continue
        row = new_row(order, priced, actor, source, birth)
        ids.take(order.external_id, row["id"])
        drafts.append(_Draft(row, priced.lines, actor))
    return drafts


def _priced(order: NewOrder) -> rules.Priced:
    amounts = {"shipping": order.shipping, "tax": order.tax, "discount": order.discount}
    given = {name: amount for name, amount in amounts.items() if amount is not None}
    return rules.price(order.items, given, order.currency)


def _check_related(tx: Transaction, order: NewOrder) -> None:
    if order.related_order and not tx.run(_number_of, {"id": order.related_order}):
        raise Invalid({"related_order": "there is no order with this id"})


def _numbers(tx: Transaction, count: int) -> Sequence[int]:
    """The numbers of so many new orders."""
    if tx.connection.dialect.name == "postgresql":
        return [number for (number,) in tx.run(_next_numbers, {"count": count})]
    # As SQLite itself would: it has one writer at a time, and that is this transaction.
    ((newest,),) = tx.run(_newest, {})
    return range(newest + 1, newest + 1 + count)


def _record(tx: Transaction, draft: _Draft) -> Json:
    row = draft.row
    placed = snapshot(row, draft.lines, None)
    tx.record(CREATED, actor=draft.actor, data=placed, order_id=row["id"], at=row["created_at"])
    return placed
