"""A SQLite file written anew without the pages that it does not use (VACUUM).

A file that was made before files handed pages back does so from then on. It takes some seconds for
each gigabyte that is in use, in which nobody could write: so it is done only where nobody else has
the file open. It is one transaction of SQLite's, so whatever is killed meanwhile, the file is as it
was or done.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from orderboard import faults
from orderboard.errors import Busy, DiskFull, StartFailed

_MARGIN = 16 * 1024 * 1024
"""Bytes that stay free on the disk at least."""


class Size(NamedTuple):
    """Bytes of a file, and how many of them are in use."""

    whole: int
    used: int


def compact(path: Path, began: Callable[[Size], object]) -> Size:
    """Write the file anew; answers its size then. ``began`` is told the size before.

    Raises StartFailed where that cannot be done: there is no such file, others have it open, or
    the disk has no room for what is in use twice; DiskFull when the room ends underway.
    """
    if not path.exists():
        raise StartFailed(f"there is no database at {path} yet")
    with _meant(path), closing(_opened(path)) as connection:
        size = _size(connection)
        _check_room(path, size)
        began(size)
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return _size(connection)


@contextmanager
def _meant(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        meaning = faults.meaning(error)
        if isinstance(meaning, Busy):
            text = f"{path} is in use: stop the board and its courier first, then try again"
            raise StartFailed(text) from error
        raise meaning or StartFailed(f"{path}: {error}") from error


def _opened(path: Path) -> sqlite3.Connection:
    """A connection that is the only one, and stays so."""
    # What SQLite writes beside the file is as large as what is in use. It has to be where the room
    # was looked for, and there it does not fill a /tmp that lies in memory.
    os.putenv("SQLITE_TMPDIR", str(path.parent))
    connection = sqlite3.connect(path.as_uri() + "?mode=rw", uri=True, timeout=0)
    connection.isolation_level = None
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        # Leaving WAL needs the file to itself: whoever has it open holds a lock of their own.
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        # With it the pages that are in use are kept once until they are in place; a rollback
        # journal would keep all that the file had before.
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _size(connection: sqlite3.Connection) -> Size:
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return Size(pages * size, (pages - free) * size)


def _check_room(path: Path, size: Size) -> None:
    needed, free = 2 * size.used + _MARGIN, shutil.disk_usage(path.parent).free
    if free < needed:
        raise DiskFull(
            f"this needs {needed >> 20:,} MB of free disk where {path} is, for the time it takes;"
            f" {free >> 20:,} MB are free"
        )
