"""What a database means that refuses: others keep it, its disk is full, or it only lets read."""

import sqlite3

from orderboard.errors import Busy, DiskFull, OrderboardError, ReadOnly, TooSlow

_BUSY = "The database is busy; try again in a moment."
_SLOW = "This took too long to look up; try again in a moment, or ask for less."
_FULL = "The disk of the database is full: nothing can be saved until there is room again."
_FAULTY = "The disk of the database is full or faulty: it takes nothing more."
_READ_ONLY = "The database can be read, but nothing can be saved in it."

_OF_POSTGRESQL: dict[str, tuple[type[OrderboardError], str]] = {
    "55P03": (Busy, _BUSY),  # lock_timeout
    "57014": (TooSlow, _SLOW),  # statement_timeout
    "40P01": (Busy, _BUSY),  # a deadlock was broken up
    "53100": (DiskFull, _FULL),
    "25006": (ReadOnly, _READ_ONLY),
}
_OF_SQLITE: dict[int, tuple[type[OrderboardError], str]] = {
    sqlite3.SQLITE_BUSY: (Busy, _BUSY),
    sqlite3.SQLITE_INTERRUPT: (TooSlow, _SLOW),
    sqlite3.SQLITE_FULL: (DiskFull, _FULL),
    sqlite3.SQLITE_READONLY: (ReadOnly, _READ_ONLY),
    # A quota or a limit on a file's size is told in this way, a disk that breaks as well.
    sqlite3.SQLITE_IOERR_WRITE: (DiskFull, _FAULTY),
    sqlite3.SQLITE_IOERR_FSYNC: (DiskFull, _FAULTY),
    sqlite3.SQLITE_IOERR_TRUNCATE: (DiskFull, _FAULTY),
    sqlite3.SQLITE_IOERR_SHMSIZE: (DiskFull, _FAULTY),
}


def meaning(error: BaseException | None) -> OrderboardError | None:
    """The error of the trade that a driver's error comes down to; None for any other."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        found = _OF_SQLITE.get(code) or _OF_SQLITE.get(code & 0xFF)
    else:
        found = _OF_POSTGRESQL.get(str(getattr(error, "sqlstate", None)))
    return found[0](found[1]) if found else None
