"""SQLite beside the event loop: nobody waits for somebody else's disk or long statement.

SQLite works where it is called. A sync of the disk or a long statement would stop every stream,
request and heartbeat of a worker. So commits are done in real threads, and so are the reads of a
``reading(long=True)``; while SQLite works it lets go of the interpreter, and everybody else goes
on. Short statements are not worth the way there and back (20 µs).
"""

import sqlite3
import time
from collections import deque
from datetime import UTC, datetime
from typing import Any

from orderboard.offload import committing, looking_up

_BETWEEN_LOOKS = 20_000
"""SQLite's steps between two looks at the clock: about a millisecond."""


def moment_text(moment: datetime | None) -> str | None:
    """A moment as SQLAlchemy keeps it on SQLite: UTC, without saying so."""
    if moment is None:
        return None
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(" ", "microseconds")[: len("2030-01-31 17:00:00.000000")]


class Cursor(sqlite3.Cursor):
    """Reads for long in a real thread, rows and all, where its connection says so."""

    connection: "Connection"
    _rows: deque[Any] | None = None

    def execute(self, statement: str, parameters: Any = (), /) -> "Cursor":
        """Run a statement."""
        self._rows = None
        if self.connection.reads_until is None or not statement.startswith(("SELECT", "WITH")):
            super().execute(statement, parameters)
        else:
            self._rows = looking_up(lambda: self._read(statement, parameters))
        return self

    def fetchone(self) -> Any:
        """The next row, or None."""
        if self._rows is None:
            return super().fetchone()
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows."""
        if self._rows is None:
            return super().fetchmany(size or self.arraysize)
        some = min(size or self.arraysize, len(self._rows))
        return [self._rows.popleft() for _ in range(some)]

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        if self._rows is None:
            return super().fetchall()
        rows, self._rows = list(self._rows), deque()
        return rows

    def _read(self, statement: str, parameters: Any) -> deque[Any]:
        self.connection.limit()
        try:
            super().execute(statement, parameters)
            return deque(super().fetchall())
        finally:
            self.connection.set_progress_handler(None, 0)


class Connection(sqlite3.Connection):
    """``reads_until``: a moment (``time.monotonic()``) by which what it reads must be read.

    None: it reads what is short. What takes longer is interrupted (SQLITE_INTERRUPT).
    """

    reads_until: float | None = None

    def cursor(self, factory: Any = None) -> Any:
        """A cursor of the kind above."""
        return super().cursor(factory or Cursor)

    def commit(self) -> None:
        """Wait, in a real thread, until the disk has it."""
        if self.in_transaction:
            committing(super().commit)

    def limit(self) -> None:
        """Have the next statement interrupted when its time is over."""
        until = self.reads_until
        if until is not None:
            self.set_progress_handler(lambda: time.monotonic() > until, _BETWEEN_LOOKS)
