"""Placing orders: from the shape of a new order to its rows and its first event."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from ulid import ULID

from orderboard import clock
from orderboard.database import reading
from orderboard.errors import Conflict, Invalid
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import rules
from orderboard.orders.events import CREATED
from orderboard.orders.model import STRANGERS, Order, OrderLine
from orderboard.orders.snapshot import snapshot

Json = dict[str, Any]
_orders, _lines = Order.__table__, OrderLine.__table__
_EXTERNAL_IDS = 7162535
"""The advisory lock under which PostgreSQL checks and inserts external ids."""
_NO_STRANGERS = _orders.c.source != sa.literal_column(f"'{STRANGERS}'")
"""Said in the words of the index, without which SQLite would not use it."""
_insert_order = sa.insert(_orders).returning(_orders.c.number)
_insert_lines = sa.insert(_lines)


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


def place(tx: Transaction, order: NewOrder, actor: Actor, source: str) -> Json:
    """Place one order; answers its snapshot.

    Raises Invalid for amounts that do not come out and for a related order that is not there,
    Conflict (``order_id``) when the source has placed this ``external_id`` before. An id that a
    stranger gives is kept and means nothing to others.
    """
    amounts = {"shipping": order.shipping, "tax": order.tax, "discount": order.discount}
    given = {name: amount for name, amount in amounts.items() if amount is not None}
    priced = rules.price(order.items, given, order.currency)
    _check_unique(tx, order, source)
    _check_related(tx, order)
    row = new_row(order, priced, actor, source, Birth.now())
    row["number"] = tx.execute(_insert_order, row).scalar_one()
    if priced.lines:
        tx.execute(_insert_lines, line_rows(row["number"], priced.lines))
    placed = snapshot(row, priced.lines, None)
    tx.record(CREATED, actor=actor, data=placed, order_id=placed["id"], at=row["created_at"])
    return placed


def known(source: str, external_ids: Sequence[str]) -> frozenset[str]:
    """Which of these external_ids the source has placed orders with."""
    if not external_ids:
        return frozenset()
    theirs = (_orders.c.source == source) & _orders.c.external_id.in_(external_ids)
    with reading() as connection:
        found = connection.execute(sa.select(_orders.c.external_id).where(theirs, _NO_STRANGERS))
        return frozenset(found.scalars())


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


def _check_unique(tx: Transaction, order: NewOrder, source: str) -> None:
    if order.external_id is None or source == STRANGERS:
        return
    if tx.connection.dialect.name == "postgresql":
        # One after the other: two batches with the same ids in another order would otherwise each
        # wait for a row of the other's. SQLite has one writer at a time anyway.
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_EXTERNAL_IDS)))
    mine = (_orders.c.source == source) & (_orders.c.external_id == order.external_id)
    first = tx.execute(sa.select(_orders.c.id).where(mine, _NO_STRANGERS)).scalar()
    if first:
        raise Conflict("This source has placed an order with this external_id.", order_id=first)


def _check_related(tx: Transaction, order: NewOrder) -> None:
    if order.related_order is None:
        return
    known = sa.select(_orders.c.number).where(_orders.c.id == order.related_order)
    if tx.execute(known).first() is None:
        raise Invalid({"related_order": "there is no order with this id"})
