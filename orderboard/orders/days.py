"""Finding by time what is sorted otherwise: day by day, each day being sorted.

The orders of some months by their totals, or those changed since the spring in the order in which
they were placed, are together in no index. But an index has each day's orders (the day in UTC on
which they were placed) by their totals, another by when they were changed, a third by when they are
due. So of each day only its first one is looked at, and of those days that come first a few more.
That costs as much as there are days, and not as there are orders. Days that have no order with a
mark, or within some totals or times, are left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.orders.ranges import Place, Ranges

_DAY = {
    "sqlite": "substr(created_at, 1, 10)",
    "postgresql": "(created_at AT TIME ZONE 'UTC')::date",
}
_FEW = 16
"""Orders of a day that are read at first."""
_MOST = 1000
_ANY = "updated_at"
"""The column of an index that is as good as another one for reading all orders of a day."""
Bound = sa.BindParameter[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """All orders of ``listed`` that were placed from ``low`` on and before ``high``, that are
    ``within`` some values of other columns, and that have one of each of some ``marks``.

    And perhaps others: days are taken whole, and so are all orders of a day that has one of them.
    """

    listed: Ranges
    low: datetime | None = None
    high: datetime | None = None
    within: Sequence[Ranges] = ()
    marks: Sequence[Sequence[str]] = ()

    def walk(
        self, connection: Connection, size: int, after: Place | None = None
    ) -> Iterator[list[Place]]:
        """Their places behind a place, in the list's order, in steps that become larger."""
        places = iter(
            self._places(connection, after if after and after.value is not None else None)
        )
        while some := list(islice(places, size)):
            yield some
            size = min(size * 2, _MOST)

    def _places(self, connection: Connection, after: Place | None) -> Iterable[Place]:
        days = self._days(connection, after)
        if self._by_placing:
            ordered = sorted(self._from(after, [day for day, _ in days]), reverse=self._falling)
            return (place for day in ordered for place in self._placed(connection, day, after))
        # A day's first value stands for the day until it is reached; only then is it read.
        sorted_days = (self._read(connection, day, head, after) for day, head in days)
        merged = merge(*sorted_days, reverse=self._falling)
        return (place for place in merged if place.number != self._before)

    def _from(self, after: Place | None, days: list[date]) -> list[date]:
        if after is None:
            return days
        here = _date(after.value)
        return [day for day in days if (day <= here if self._falling else day >= here)]

    def _days(self, connection: Connection, after: Place | None) -> list[tuple[date, Any]]:
        """The days with such orders, and of each the first value behind a place."""
        values: list[Bound] = [_day("first", _date(self.low) if self.low else date.min)]
        last = ""
        if self.high is not None:
            last = "AND found < :last"
            values.append(_day("last", _date(self.high - timedelta.resolution)))
        head, bound = self._head(connection, after)
        conditions, also = self._having(connection)
        # From one day straight to the next one that has orders.
        text = (
            "WITH RECURSIVE days(found) AS ("  # noqa: S608 - all of the text is this file's own
            f"SELECT * FROM ({self._next(connection, '>= :first')}) AS first_one"
            f" UNION ALL SELECT ({self._next(connection, '> found')})"
            f" FROM days WHERE found IS NOT NULL {last}"
            f") SELECT found, {head} AS head FROM days"
            f" WHERE {' AND '.join(['found IS NOT NULL', *conditions])}"
        )
        values += [*bound, *also, *self._bound_marks()]
        statement = sa.text(text).bindparams(*values).columns(found=sa.Date, head=self._column.type)
        rows = connection.execute(statement).all()
        return [(d, h) for d, h in rows if h is not None or self._by_placing]

    def _next(self, connection: Connection, where: str) -> str:
        """The first day that has orders with one of the first marks, or with any if there are
        none.
        """
        if not self.marks:
            day = _DAY[connection.dialect.name]
            return (
                f"SELECT {day} FROM orders {self._hint(connection, self._name)}"  # noqa: S608
                f" WHERE {day} {where} ORDER BY {day} LIMIT 1"
            )
        arms = (
            f"SELECT * FROM (SELECT day FROM order_marks WHERE mark = :m0_{place}"  # noqa: S608
            f" AND day {where} ORDER BY day LIMIT 1) AS arm"
            for place in range(len(self.marks[0]))
        )
        return f"SELECT min(day) FROM ({' UNION ALL '.join(arms)}) AS arms"  # noqa: S608

    def _bound_marks(self) -> Iterator[Bound]:
        for group, marks in enumerate(self.marks):
            for place, mark in enumerate(marks):
                yield sa.bindparam(f"m{group}_{place}", mark, sa.String())

    def _head(self, connection: Connection, after: Place | None) -> tuple[str, list[Bound]]:
        if self._by_placing:
            return "NULL", []
        bounds, values = self.listed.between(after)
        return f"({self._one(connection, self._name, self._way, bounds)})", values

    def _having(self, connection: Connection) -> tuple[list[str], list[Bound]]:
        """What a day has to have, beside the first marks."""
        conditions, values = [], []
        for place, ranges in enumerate(self.within):
            name, kind = ranges.column.name, ranges.column.type
            sides = (
                *(("low", "DESC", ">=", ranges.low), ("above", "DESC", ">", ranges.above)),
                ("high", "ASC", "<", ranges.high),
            )
            for side, way, sign, value in sides:
                if value is not None:
                    one = self._one(connection, name, way, [])
                    conditions.append(f"({one}) {sign} :{side}{place}")
                    values.append(sa.bindparam(f"{side}{place}", value, kind))
        for group, marks in list(enumerate(self.marks))[1:]:
            any_of = ", ".join(f":m{group}_{place}" for place in range(len(marks)))
            conditions.append(
                f"EXISTS (SELECT 1 FROM order_marks WHERE mark IN ({any_of}) AND day = found)"  # noqa: S608
            )
        return conditions, values

    def _one(self, connection: Connection, column: str, way: str, bounds: Sequence[str]) -> str:
        where = " AND ".join([f"{_DAY[connection.dialect.name]} = found", *bounds])
        return (
            f"SELECT {column} FROM orders {self._hint(connection, column)}"  # noqa: S608
            f" WHERE {where} ORDER BY {column} {way}, number {way} LIMIT 1"
        )

    def _read(
        self, connection: Connection, day: date, head: Any, after: Place | None
    ) -> Iterator[Place]:
        """A place before the first one, and then the day's places."""
        yield Place(head, self._before)
        size = _FEW
        while True:
            places = self._some(connection, day, self.listed.between(after), self._name, size)
            yield from places
            if len(places) < size:
                return
            after, size = places[-1], min(size * 2, _MOST)

    def _placed(self, connection: Connection, day: date, after: Place | None) -> Iterable[Place]:
        """The places of the day's orders that are within the first of the other values."""
        if self.within:
            bounds, column = self.within[0].between(None), self.within[0].column.name
            places = self._some(connection, day, bounds, column, None)
        else:
            places = self._some(connection, day, ([], []), _ANY, None)
        if after is None:
            return places
        return (p for p in places if (p < after if self._falling else p > after))

    def _some(
        self,
        connection: Connection,
        day: date,
        bounds: tuple[list[str], list[Bound]],
        column: str,
        limit: int | None,
    ) -> list[Place]:
        """So many places of a day, read from the index that has its orders by a column."""
        where = " AND ".join([f"{_DAY[connection.dialect.name]} = :day", *bounds[0]])
        text = (
            f"SELECT {self._name} AS value, number FROM orders"  # noqa: S608
            f" {self._hint(connection, column)} WHERE {where}"
            f" ORDER BY {self._name} {self._way}, number {self._way}"
            f"{' LIMIT :limit' if limit else ''}"
        )
        values = [_day("day", day), *bounds[1]]
        if limit:
            values.append(sa.bindparam("limit", limit, sa.Integer()))
        statement = sa.text(text).bindparams(*values)
        rows = connection.execute(statement.columns(value=self._column.type, number=sa.Integer))
        return [Place(*row) for row in rows.all()]

    @property
    def _column(self) -> sa.Column[Any]:
        return self.listed.column

    @property
    def _name(self) -> str:
        return self._column.name

    @property
    def _falling(self) -> bool:
        return self.listed.falling

    @property
    def _way(self) -> str:
        return "DESC" if self._falling else "ASC"

    @property
    def _before(self) -> int:
        """The number of a place before all with the same value."""
        return 2**62 if self._falling else -1

    @property
    def _by_placing(self) -> bool:
        return self._name == "created_at"

    def _hint(self, connection: Connection, column: str) -> str:
        if connection.dialect.name != "sqlite":
            return ""
        index = _ANY if column == "created_at" else column
        return f"INDEXED BY ix_orders_day_{index.removesuffix('_at')}"


def _day(name: str, day: date) -> Bound:
    return sa.bindparam(name, day, sa.Date())


def _date(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
