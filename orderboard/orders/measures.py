"""What is asked of orders by the analytics: what each is, comes to and took, and its lines."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.orders import paying
from orderboard.orders.lines import Line
from orderboard.orders.model import Order
from orderboard.orders.queries import lines_of

Json = dict[str, Any]
_orders = Order.__table__
_all = sa.select(
    _orders.c.number,
    _orders.c.details,
    _orders.c.type,
    _orders.c.status,
    _orders.c.times,
    _orders.c.currency,
    _orders.c.total,
    _orders.c.payment_status,
    _orders.c.payments,
    _orders.c.refunds,
    _orders.c.cancel_reason,
    _orders.c.created_at,
)

# Built once: putting a statement together costs more than running it.
_by_id = _all.where(_orders.c.id.in_(sa.bindparam("some", expanding=True)))
_behind = (
    _all.where(_orders.c.number > sa.bindparam("behind"))
    .order_by(_orders.c.number)
    .limit(sa.bindparam("limit"))
)


def measured(connection: Connection, ids: Collection[str]) -> list[Json]:
    """Of each of some orders number, type, status, times, channel ("": none), currency, total, what
    went back of it (both in minor units), why it was called off, when it was placed, and its lines.
    """
    return _read(connection, connection.execute(_by_id, {"some": [*ids]}))


def measured_behind(connection: Connection, number: int, limit: int) -> list[Json]:
    """The same of the orders with the next higher numbers."""
    return _read(connection, connection.execute(_behind, {"behind": number, "limit": limit}))


def _read(connection: Connection, found: sa.CursorResult[Any]) -> list[Json]:
    rows = found.mappings().all()
    lines = lines_of(connection, [row["number"] for row in rows]) if rows else {}
    return [_told(dict(row), lines.get(row["number"], [])) for row in rows]


def _told(row: Json, lines: Sequence[Line]) -> Json:
    return {
        **row,
        # As the filter of lists has it: who sent an order in is no channel.
        "channel": (row["details"] or {}).get("channel") or "",
        "refunded": paying.standing(row).refunded,
        "lines": lines,
    }
