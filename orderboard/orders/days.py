"""Finding by time what is sorted otherwise: day by day, each day being sorted.

The orders of some months by their totals, or those changed since the spring in the order in which
they were placed, are together in no index. But an index has each day's orders (the day in UTC on
which they were placed) by their totals, another by when they were changed. So of each day only its
first one is looked at, and of those days that come first a few more. That costs as much as there
are days, and not as there are orders.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.database import UTCDateTime
from orderboard.orders.ranges import SORTS, Place

_DAY = {
    "sqlite": "substr(created_at, 1, 10)",
    "postgresql": "(created_at AT TIME ZONE 'UTC')::date",
}
_FEW = 16
"""Orders of a day that are read at first."""
_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """All orders placed from ``low`` on and before ``high``, and changed after ``above``.

    And perhaps others: days are taken whole, and by total or change of their orders also those
    that were changed before.
    """

    sort: str
    low: datetime | None = None
    high: datetime | None = None
    above: datetime | None = None

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
            return (place for day in ordered for place in self._changed(connection, day, after))
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
        day, hint = _DAY[connection.dialect.name], self._hint(connection)
        given: dict[str, Any] = {"low": _date(self.low) if self.low else date.min}
        high, more, behind = "", "", ""
        if self.high is not None:
            last = _date(self.high - timedelta.resolution)
            high, given["high"] = "AND found < :high", last
        if self.above is not None:
            latest = self._one(connection, "updated_at", "DESC", "")
            more, given["above"] = f"AND ({latest}) > :above", self.above
        if after is not None and not self._by_placing:
            behind = f"AND {self._name} {'<=' if self._falling else '>='} :after"
            given["after"] = after.value
        head = (
            "NULL"
            if self._by_placing
            else f"({self._one(connection, self._name, self._way, behind)})"
        )
        # From one day straight to the next one that has orders.
        text = (
            "WITH RECURSIVE days(found) AS ("  # noqa: S608 - all of the text is this file's own
            f"SELECT * FROM (SELECT {day} FROM orders {hint} WHERE {day} >= :low"
            f" ORDER BY {day} LIMIT 1) AS first"
            f" UNION ALL SELECT (SELECT {day} FROM orders {hint} WHERE {day} > found"
            f" ORDER BY {day} LIMIT 1) FROM days WHERE found IS NOT NULL {high}"
            f") SELECT found, {head} AS head FROM days WHERE found IS NOT NULL {more}"
        )
        kinds = {"above": UTCDateTime(), "after": self._column.type}
        values = [
            sa.bindparam(name, value, kinds.get(name, sa.Date())) for name, value in given.items()
        ]
        statement = sa.text(text).bindparams(*values).columns(found=sa.Date, head=self._column.type)
        rows = connection.execute(statement).all()
        return [(d, h) for d, h in rows if h is not None or self._by_placing]

    def _one(self, connection: Connection, column: str, way: str, more: str) -> str:
        day = _DAY[connection.dialect.name]
        hint = f"INDEXED BY ix_orders_day_{column.removesuffix('_at')}"
        return (
            f"SELECT {column} FROM orders {hint if connection.dialect.name == 'sqlite' else ''}"  # noqa: S608
            f" WHERE {day} = found {more} ORDER BY {column} {way} LIMIT 1"
        )

    def _read(
        self, connection: Connection, day: date, head: Any, after: Place | None
    ) -> Iterator[Place]:
        """A place before the first one, and then the day's places."""
        yield Place(head, self._before)
        size = _FEW
        sign = "<" if self._falling else ">"
        while True:
            behind = f"AND ({self._name}, number) {sign} (:after, :number)" if after else ""
            places = self._some(connection, day, behind, after, size)
            yield from places
            if len(places) < size:
                return
            after, size = places[-1], min(size * 2, _MOST)

    def _changed(self, connection: Connection, day: date, after: Place | None) -> Iterable[Place]:
        """The places of the day's orders that were changed after ``above``."""
        behind = "AND updated_at > :above" if self.above is not None else ""
        places = self._some(connection, day, behind, None, None)
        if after is None:
            return places
        return (p for p in places if (p < after if self._falling else p > after))

    def _some(
        self, connection: Connection, day: date, more: str, after: Place | None, limit: int | None
    ) -> list[Place]:
        text = (
            f"SELECT {self._name} AS value, number FROM orders {self._hint(connection)}"  # noqa: S608
            f" WHERE {_DAY[connection.dialect.name]} = :day {more}"
            f" ORDER BY {self._name} {self._way}, number {self._way}"
            f"{' LIMIT :limit' if limit else ''}"
        )
        values: list[Any] = [sa.bindparam("day", day, sa.Date())]
        if limit:
            values.append(sa.bindparam("limit", limit, sa.Integer()))
        if after:
            values.append(sa.bindparam("after", after.value, self._column.type))
            values.append(sa.bindparam("number", after.number, sa.Integer()))
        if ":above" in more:
            values.append(sa.bindparam("above", self.above, UTCDateTime()))
        statement = sa.text(text).bindparams(*values)
        rows = connection.execute(statement.columns(value=self._column.type, number=sa.Integer))
        return [Place(*row) for row in rows.all()]

    @property
    def _column(self) -> sa.Column[Any]:
        found: sa.Column[Any] = SORTS[self.sort.removeprefix("-")]
        return found

    @property
    def _name(self) -> str:
        return self._column.name

    @property
    def _falling(self) -> bool:
        return self.sort.startswith("-")

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

    def _hint(self, connection: Connection) -> str:
        if connection.dialect.name != "sqlite":
            return ""
        return f"INDEXED BY ix_orders_day_{'total' if self._name == 'total' else 'updated'}"


def _date(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
