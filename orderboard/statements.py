"""Statements that every order needs: put together once, and handed to the driver itself.

From a statement to its rows SQLAlchemy takes 15 to 40 µs, and SQLite itself 3 to 10. On PostgreSQL
such a statement still goes through SQLAlchemy, as text: there the way to the server is what
costs, and how long it may wait for locks is said on this way (``database.py``).
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.database import condition

Values = Mapping[str, Any]
Make = Callable[[Any], Any]
"""What makes of a value what the driver takes."""


class _Compiled(NamedTuple):
    """``take``: all values in their places; ``makes``: by place, for those that are made anew."""

    text: str
    names: Sequence[str]
    take: Callable[[Values], tuple[Any, ...]]
    makes: Sequence[tuple[int, Make]]
    makes_of_none: Sequence[tuple[int, Make]]

    def in_place(self, values: Values) -> list[Any]:
        """Values in the order in which the statement has them."""
        found = [*self.take(values)]
        for place, make in self.makes:
            if found[place] is not None:
                found[place] = make(found[place])
        for place, make in self.makes_of_none:
            found[place] = make(found[place])
        return found

    def by_name(self, values: Values) -> dict[str, Any]:
        """Values as the statement names them."""
        return dict(zip(self.names, self.in_place(values), strict=True))


class Statement:
    """A statement whose values are given by name.

    Rows come as the driver gives them, so it may answer whole numbers and texts only. ``columns``:
    those that an insert gives values to, all of the table's if none are named.
    """

    def __init__(self, statement: sa.ClauseElement, columns: Iterable[str] | None = None) -> None:
        self.reads = isinstance(statement, sa.Select)
        self._statement = statement
        self._columns = None if columns is None else list(columns)
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, values: Values) -> Sequence[Sequence[Any]]:
        """Run it once; answers the rows, if it has any."""
        compiled = self._for(connection)
        driver = connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            result = connection.exec_driver_sql(compiled.text, compiled.by_name(values))
            return result.all() if result.returns_rows else ()
        try:
            return driver.execute(compiled.text, compiled.in_place(values)).fetchall()
        except sqlite3.Error as error:
            raise _meant(error, compiled.text) from error

    def run_many(self, connection: Connection, many: Sequence[Values]) -> None:
        """Run it with each of many values."""
        if not many:
            return
        compiled = self._for(connection)
        driver = connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            connection.exec_driver_sql(compiled.text, [compiled.by_name(one) for one in many])
            return
        try:
            driver.executemany(compiled.text, [compiled.in_place(one) for one in many])
        except sqlite3.Error as error:
            raise _meant(error, compiled.text) from error

    def _for(self, connection: Connection) -> _Compiled:
        if not connection.in_transaction():
            connection.begin()  # as SQLAlchemy does by itself
        dialect = connection.dialect
        if (found := self._compiled.get(dialect.name)) is None:
            found = self._compiled[dialect.name] = _compile(self._statement, self._columns, dialect)
        return found


def _compile(
    statement: sa.ClauseElement, columns: list[str] | None, dialect: sa.Dialect
) -> _Compiled:
    compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
    names = compiled.positiontup if compiled.positional else list(compiled.binds)
    kinds = (compiled.binds[name].type.dialect_impl(dialect) for name in names)
    makers = ((place, kind.bind_processor(dialect)) for place, kind in enumerate(kinds))
    makes = [(place, make) for place, make in makers if make]
    # Most columns of most orders are empty, and most makers leave it at that.
    of_none = [(place, make) for place, make in makes if make(None) is not None]
    rest = [one for one in makes if one not in of_none]
    return _Compiled(str(compiled), names, _taking(names), rest, of_none)


def _taking(names: Sequence[str]) -> Callable[[Values], tuple[Any, ...]]:
    if len(names) > 1:
        return itemgetter(*names)  # of one alone it would answer the value itself
    return lambda values: tuple(values[name] for name in names)


def _meant(error: sqlite3.Error, text: str) -> Exception:
    """What SQLAlchemy would have raised, by way of ``database.py``."""
    found = condition().meaning(error)
    if found is not None:
        return found
    kind = getattr(sa.exc, type(error).__name__, sa.exc.DatabaseError)
    raised: Exception = kind(text, None, error, hide_parameters=True)
    return raised
