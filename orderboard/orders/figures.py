"""The figures over all orders."""

from collections import Counter
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from orderboard.database import reading
from orderboard.events.log import Head, head_in
from orderboard.money import to_text
from orderboard.orders.model import Order, OrderLine
from orderboard.orders.rules import STATUSES, TYPES, WITHOUT_REVENUE

Json = dict[str, Any]
_orders, _lines = Order.__table__, OrderLine.__table__


def overview(currency: str, day_began: datetime) -> tuple[Json, Head]:
    """Counts and revenue over all orders and of today; revenue is in the shop's ``currency``.

    Cancelled, declined and returned orders count as orders, but bring no revenue.
    """
    with reading() as connection:
        head = head_in(connection)
        groups = connection.execute(_grouped(day_began)).all()
        customers = sa.select(sa.func.count(sa.distinct(_orders.c.customer_key)))
        requests = sa.select(sa.func.count()).where(_orders.c.cancellation_request.is_not(None))
        products = sa.select(sa.func.count(sa.distinct(_lines.c.sku)))
        counted = [connection.execute(one).scalar_one() for one in (customers, products, requests)]
    status, kind, revenue, today = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for group in groups:
        status[group.status] += group.orders
        kind[group.type] += group.orders
        today["orders"] += int(group.orders_today)
        if group.status not in WITHOUT_REVENUE:
            revenue[group.currency] += int(group.total)
            today[group.currency] += int(group.total_today)
    figures: Json = {
        "orders": sum(status.values()),
        "today": today["orders"],
        "by_status": {name: status[name] for name in STATUSES},
        "by_type": {name: kind[name] for name in TYPES},
        "currency": currency,
        "revenue": to_text(revenue[currency], currency),
        "revenue_today": to_text(today[currency], currency),
        "revenue_by_currency": {
            code: to_text(sum_, code) for code, sum_ in sorted(revenue.items())
        },
        "customers": counted[0],
        "products": counted[1],
        "cancellation_requests": counted[2],
    }
    return figures, head


def _grouped(day_began: datetime) -> sa.Select[Any]:
    today = _orders.c.created_at >= day_began
    return sa.select(
        _orders.c.status,
        _orders.c.type,
        _orders.c.currency,
        sa.func.count().label("orders"),
        sa.func.sum(_orders.c.total).label("total"),
        sa.func.sum(sa.case((today, 1), else_=0)).label("orders_today"),
        sa.func.sum(sa.case((today, _orders.c.total), else_=0)).label("total_today"),
    ).group_by(_orders.c.status, _orders.c.type, _orders.c.currency)
