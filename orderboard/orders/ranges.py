"""Reading the order of a list from indexes: ordered ranges of them, each bounded, merged.

A database that is left to itself takes one index and looks through all that does not fit, which
for a rare status is the whole history. So every combination of a status and a type, and of a
driver with both, has a range of its own in an index that is sorted as the list is, and of each
range no more is read than the page may need. No statistics can make that slower.
"""

import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.orders.model import Order
from orderboard.orders.rules import STATUSES, TYPES

_orders = Order.__table__
SORTS = {
    "created": _orders.c.created_at,
    "updated": _orders.c.updated_at,
    "total": _orders.c.total,
    "due": _orders.c.due_at,
}
_NARROW = ("status", "type")
_OF_DRIVERS = ("driver_id", *_NARROW)
_AT_ONCE = 66
"""Ranges in one statement; SQLite takes 500. As many as there are statuses times types."""
_INSIDE = {"low": operator.ge, "above": operator.gt, "high": operator.lt}
_ENTRIES = 30_000
"""Entries of indexes that one step of a walk reads at most."""


class Place(NamedTuple):
    """Where an order stands in a list. ``value`` is None for the place before the first one."""

    value: Any
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """The orders of some statuses, types and drivers (none: of all) between two values.

    ``low`` is the least value of the sort's column, ``high`` the first one beyond.
    """

    sort: str
    status: Sequence[str] = ()
    type: Sequence[str] = ()
    driver: Sequence[str] = ()
    low: Any = None
    above: Any = None
    high: Any = None

    def first(self, connection: Connection, limit: int, after: Place | None = None) -> list[Place]:
        """The first places of the list behind a place, in the list's order."""
        found: list[Place] = []
        names, cells = self._cells()
        for start in range(0, len(cells), _AT_ONCE):
            found += self._read(connection, names, cells[start : start + _AT_ONCE], limit, after)
        if len(cells) > _AT_ONCE:
            found.sort(reverse=self.falling)
        return found[:limit]

    def numbers(self, connection: Connection, limit: int) -> list[int]:
        """The numbers of some of the orders, of all if they are fewer than ``limit``."""
        found: list[int] = []
        names, cells = self._cells()
        for start in range(0, len(cells), _AT_ONCE):
            some = cells[start : start + _AT_ONCE]
            # Unsorted, so the database stops when it has so many, and looks at no other range.
            text, given, values = self._text(connection, names, some, limit - len(found), None)
            statement = sa.text(f"{text} LIMIT :limit").bindparams(*values)
            rows = connection.execute(
                statement.columns(value=self.column.type, number=sa.Integer), given
            )
            found += [number for _, number in rows.all()]
        return found

    def is_quick(self, _: Connection) -> bool:
        """Whether many numbers are worth it: no, as they may be any part of the history."""
        return False

    def walk(
        self, connection: Connection, size: int, after: Place | None = None
    ) -> Iterator[list[Place]]:
        """All places behind a place, in steps that become larger."""
        most = max(size, _ENTRIES // len(self._cells()[1]))
        while True:
            places = self.first(connection, size, after)
            if places:
                yield places
            if len(places) < size:
                return
            after, size = places[-1], min(size * 2, most)

    def conditions(self, after: Place | None = None) -> list[sa.ColumnElement[bool]]:
        """The same for rows that are looked at one by one; with ``after``, behind that place."""
        chosen = ((_orders.c.status, self.status), (_orders.c.type, self.type))
        found = self.bounds()
        for column, values in (*chosen, (_orders.c.driver_id, self.driver)):
            if values:
                found.append(plain(column).in_(list(values)))
        if after is not None and after.value is not None:
            here = sa.tuple_(plain(self.column), _orders.c.number)
            there = sa.tuple_(sa.literal(after.value, self.column.type), sa.literal(after.number))
            found.append(here < there if self.falling else here > there)
        return found

    def bounds(self) -> list[sa.ColumnElement[bool]]:
        """The bounds of the sort's values alone."""
        bounds = ((operator.ge, self.low), (operator.gt, self.above), (operator.lt, self.high))
        column = plain(self.column)
        return [compare(column, value) for compare, value in bounds if value is not None]

    @property
    def column(self) -> sa.Column[Any]:
        """The column that the list is sorted by."""
        found: sa.Column[Any] = SORTS[self.sort.removeprefix("-")]
        return found

    @property
    def falling(self) -> bool:
        return self.sort.startswith("-")

    def _cells(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        if not (self.status or self.type or self.driver):
            return (), [()]
        chosen = [dict.fromkeys(self.status or STATUSES), dict.fromkeys(self.type or TYPES)]
        if not self.driver:
            return _NARROW, list(product(*chosen))
        return _OF_DRIVERS, list(product(dict.fromkeys(self.driver), *chosen))

    def _read(
        self,
        connection: Connection,
        names: tuple[str, ...],
        cells: list[tuple[str, ...]],
        limit: int,
        after: Place | None,
    ) -> list[Place]:
        text, given, values = self._text(connection, names, cells, limit, after)
        text = f"{text} ORDER BY {self._order('value')} LIMIT :limit"
        statement = (
            sa.text(text).bindparams(*values).columns(value=self.column.type, number=sa.Integer)
        )
        return [Place(*row) for row in connection.execute(statement, given).all()]

    def _text(
        self,
        connection: Connection,
        names: tuple[str, ...],
        cells: list[tuple[str, ...]],
        limit: int,
        after: Place | None,
    ) -> tuple[str, dict[str, Any], list[sa.BindParameter[Any]]]:
        bounds, values = self.between(after)
        known: dict[str, str] = {}
        arms = []
        for cell in cells:
            for value in cell:
                known.setdefault(value, f"v{len(known)}")
            here = [f"{name} = :{known[v]}" for name, v in zip(names, cell, strict=True)]
            arms.append(self._arm(connection.dialect.name, names, [*here, *bounds]))
        given = {"limit": limit, **{name: value for value, name in known.items()}}
        # All of the text is this file's own; what anybody has given is bound.
        return " UNION ALL ".join(arms), given, values

    def _arm(self, dialect: str, names: tuple[str, ...], conditions: list[str]) -> str:
        column = self.column.name
        index = {(): "ix_orders", _NARROW: "ix_orders_status", _OF_DRIVERS: "ix_orders_driver"}
        # SQLite takes the index that it is told to; PostgreSQL finds the only one that is sorted.
        hint = f"INDEXED BY {index[names]}_{column.removesuffix('_at')}"
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        return (
            f"SELECT * FROM (SELECT {column} AS value, number FROM orders"  # noqa: S608
            f" {hint if dialect == 'sqlite' else ''} {where}"
            f" ORDER BY {self._order(column)} LIMIT :limit) AS arm"
        )

    def _order(self, column: str) -> str:
        way = "DESC" if self.falling else "ASC"
        return f"{column} {way}, number {way}"

    def between(self, after: Place | None) -> tuple[list[str], list[sa.BindParameter[Any]]]:
        """The bounds, and a place to go on behind, as text with what is bound in it.

        One bound for each side, as SQLite begins at one alone and looks through to the other.
        """
        column, kind = self.column.name, self.column.type
        low = [(f"{column} >= :low", "low", self.low), (f"{column} > :above", "above", self.above)]
        sides = {
            False: [one for one in low if one[2] is not None],
            True: [(f"{column} < :high", "high", self.high)] if self.high is not None else [],
        }
        numbers: list[sa.BindParameter[Any]] = []
        if after is not None and after.value is not None:
            behind = sides[self.falling]
            if all(_INSIDE[name](after.value, value) for _, name, value in behind):
                sign = "<" if self.falling else ">"
                sides[self.falling] = [
                    (f"({column}, number) {sign} (:after, :number)", "after", after.value)
                ]
                numbers.append(sa.bindparam("number", after.number, sa.Integer))
        bounds = sides[False] + sides[True]
        values = [sa.bindparam(param, value, kind) for _, param, value in bounds]
        return [text for text, _, _ in bounds], values + numbers


def plain(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """A column's value, in which no planner sees an index.

    A database that knows nothing of how many orders have a status may read all that have it, to
    find out which of a few numbers are among them.
    """
    return sa.func.nullif(column, sa.null(), type_=column.type)
