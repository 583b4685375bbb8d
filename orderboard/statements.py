"""Statements that every order needs: put together once, and handed to the driver itself.

From a statement to its rows SQLAlchemy takes 15 to 40 µs, and SQLite itself 3 to 10. On PostgreSQL
such a statement still goes through SQLAlchemy, as text: there the way to the server is what
costs, and how long it may wait for locks is said on this way (``database.py``).
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.database import condition

Values = Mapping[str, Any]
Places = Sequence[tuple[str, Callable[[Any], Any] | None]]
"""The names of values in their places, and what makes of each what the driver takes."""


class _Compiled(NamedTuple):
    text: str
    places: Places


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
        text, places = self._for(connection)
        driver = connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            result = connection.exec_driver_sql(text, _by_name(places, values))
            return result.all() if result.returns_rows else ()
        try:
            return driver.execute(text, _in_place(places, values)).fetchall()
        except sqlite3.Error as error:
            raise _meant(error, text) from error

    def run_many(self, connection: Connection, many: Sequence[Values]) -> None:
        """Run it with each of many values."""
        if not many:
            return
        text, places = self._for(connection)
        driver = connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            connection.exec_driver_sql(text, [_by_name(places, values) for values in many])
            return
        try:
            driver.executemany(text, [_in_place(places, values) for values in many])
        except sqlite3.Error as error:
            raise _meant(error, text) from error

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
    makers = (kind.bind_processor(dialect) for kind in kinds)
    return _Compiled(str(compiled), list(zip(names, makers, strict=True)))


def _in_place(places: Places, values: Values) -> list[Any]:
    return [make(values[name]) if make else values[name] for name, make in places]


def _by_name(places: Places, values: Values) -> dict[str, Any]:
    return {name: make(values[name]) if make else values[name] for name, make in places}


def _meant(error: sqlite3.Error, text: str) -> Exception:
    """What SQLAlchemy would have raised, by way of ``database.py``."""
    found = condition().meaning(error)
    if found is not None:
        return found
    kind = getattr(sa.exc, type(error).__name__, sa.exc.DatabaseError)
    raised: Exception = kind(text, None, error, hide_parameters=True)
    return raised
