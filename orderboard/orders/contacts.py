"""Who placed orders, and what they bring: what is asked of orders by the records of customers."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.orders import paying
from orderboard.orders.model import Order
from orderboard.orders.rules import CALLED_OFF

Json = dict[str, Any]
_orders = Order.__table__
_all = sa.select(
    _orders.c.number,
    _orders.c.customer_key,
    _orders.c.customer_name,
    _orders.c.customer_company,
    _orders.c.customer_email,
    _orders.c.customer_phone,
    _orders.c.currency,
    _orders.c.status,
    _orders.c.total,
    _orders.c.payment_status,
    _orders.c.payments,
    _orders.c.refunds,
    _orders.c.created_at,
)

# Built once: putting a statement together costs more than running it.
_by_id = _all.where(_orders.c.id.in_(sa.bindparam("some", expanding=True)))
_by_number = _all.where(_orders.c.number.in_(sa.bindparam("some", expanding=True)))


def contacts(connection: Connection, ids: Collection[str]) -> list[Json]:
    """Of each of some orders: number, customer's columns, currency, revenue and moment."""
    return _read(connection, _by_id, ids)


def contacts_of(connection: Connection, numbers: Collection[int]) -> dict[int, Json]:
    """The same by the orders' numbers."""
    found = _read(connection, _by_number, numbers)
    return {order["number"]: order for order in found}


def _read(connection: Connection, asked: sa.Select[Any], some: Collection[Any]) -> list[Json]:
    rows = connection.execute(asked, {"some": list(some)}).mappings()
    return [{**row, "revenue": _revenue(row)} for row in rows]


def _revenue(row: Any) -> int:
    if row["status"] in CALLED_OFF:
        return 0
    return int(row["total"]) - paying.standing(row).refunded
