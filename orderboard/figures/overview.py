"""The figures as people read them."""

from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from orderboard import clock
from orderboard.database import reading
from orderboard.events.log import Head, head_in
from orderboard.figures.delta import CUSTOMERS, EVER, PRODUCTS, REQUESTS
from orderboard.figures.keeping import current
from orderboard.figures.model import FigureCount, FigureRow
from orderboard.money import to_text
from orderboard.orders.rules import CALLED_OFF, STATUSES, TYPES

Json = dict[str, Any]
_rows, _counts = FigureRow.__table__, FigureCount.__table__
_of_days = (
    sa.select(
        _rows.c.day,
        _rows.c.status,
        _rows.c.type,
        _rows.c.currency,
        sa.func.sum(_rows.c.orders).label("orders"),
        sa.func.sum(_rows.c.total - _rows.c.refunded).label("revenue"),
    )
    .where(
        _rows.c.generation == sa.bindparam("generation"),
        _rows.c.day.in_(sa.bindparam("days", expanding=True)),
    )
    .group_by(_rows.c.day, _rows.c.status, _rows.c.type, _rows.c.currency)
)
_named = sa.select(_counts.c.name, _counts.c.value).where(
    _counts.c.generation == sa.bindparam("generation")
)


def overview(currency: str, zone: str) -> tuple[Json, Head]:
    """Counts and revenue over all orders and of today; revenue is in the shop's ``currency``.

    Cancelled, declined and returned orders count as orders, but bring no revenue, and what went
    back of others is taken off. The figures are
    those of the position that is answered with them.
    """
    with reading(at_one_moment=True, long=True) as connection:
        head = head_in(connection)
        generation, days_of = current(connection, ZoneInfo(zone))
        today = clock.now().astimezone(days_of).date().isoformat()
        rows = connection.execute(_of_days, {"generation": generation, "days": [EVER, today]}).all()
        named = connection.execute(_named, {"generation": generation}).all()
    ever, now = _Sums(), _Sums()
    for row in rows:
        (now if row.day else ever).add(row)
    counts = {row.name: row.value for row in named}
    figures: Json = {
        "orders": sum(ever.status.values()),
        "today": sum(now.status.values()),
        "by_status": {name: ever.status[name] for name in STATUSES},
        "by_type": {name: ever.type[name] for name in TYPES},
        "currency": currency,
        "revenue": to_text(ever.revenue[currency], currency),
        "revenue_today": to_text(now.revenue[currency], currency),
        "revenue_by_currency": {
            code: to_text(sum_, code) for code, sum_ in sorted(ever.revenue.items())
        },
        **{name: counts.get(name, 0) for name in (CUSTOMERS, PRODUCTS, REQUESTS)},
    }
    return figures, head


class _Sums:
    def __init__(self) -> None:
        self.status, self.type = Counter[str](), Counter[str]()
        self.revenue = Counter[str]()

    def add(self, row: Any) -> None:
        if not row.orders:
            return  # orders that have all become something else
        self.status[row.status] += int(row.orders)
        self.type[row.type] += int(row.orders)
        if row.status not in CALLED_OFF:
            self.revenue[row.currency] += int(row.revenue)
