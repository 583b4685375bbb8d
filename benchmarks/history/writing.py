"""Writing days into the database, each in one transaction with its figures and the log's head."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from benchmarks.history import world
from benchmarks.history.columns import TABLES, Tuples
from benchmarks.history.day import Shop
from orderboard.database import db, reading
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.events.model import LogHead, LogThinned
from orderboard.figures import keeping
from orderboard.figures.delta import Delta
from orderboard.orders.model import Order
from orderboard.people.events import DRIVER_CREATED
from orderboard.people.model import Driver

_head, _thinned = LogHead.__table__, LogThinned.__table__


class NotEmpty(Exception):
    """The database has a past of its own, or somebody writes to it."""


def hurry() -> None:
    """Have SQLite not wait for the disk: after a power cut the whole past is made again."""
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        sa.event.listen(db.engine, "connect", _without_syncs)


def begin(since: datetime) -> int:
    """Hire the drivers; answers the position of the log. Raises NotEmpty where orders are."""
    with reading() as connection:
        if connection.execute(sa.select(Order.__table__.c.number).limit(1)).first():
            raise NotEmpty("The database has orders already; name an empty one.")
    with log.transaction() as tx:
        for driver in world.DRIVERS:
            tx.execute(sa.insert(Driver.__table__), {**driver, "created_at": since})
            tx.record(DRIVER_CREATED, actor=Actor("staff", "Mira"), data=driver, at=since)
    return log.head().position


def write(tables: Sequence[Tuples], delta: Delta, position: int, shop: Shop) -> None:
    """Write rows, which bring the log up to a position. Raises NotEmpty when others write too."""
    events = len(tables[2])
    with log.transaction() as tx:
        if log.hold_head(tx).position != position - events:
            raise NotEmpty("Somebody else writes to the database; stop the board meanwhile.")
        for table, rows in zip(TABLES, tables, strict=True):
            _insert(tx.connection, table, rows)
        if tx.connection.dialect.name == "sqlite":
            cursor: Any = tx.connection.connection.cursor()
            cursor.executemany("INSERT INTO order_grams (rowid, text) VALUES (?, ?)", tables[-1])
        generation, _ = keeping.current(tx.connection, ZoneInfo(shop.zone))
        keeping.write(tx.connection, generation, delta)
        tx.execute(sa.update(_head).values(position=position))
        thinned = max(0, min(position, shop.thinned))
        tx.execute(sa.update(_thinned).values(position=thinned))


def end() -> None:
    """What comes after years of a database's own care."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("SET statement_timeout = 0"))
            connection.execute(sa.text("VACUUM (ANALYZE)"))


def _without_syncs(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in ("synchronous = OFF", "wal_autocheckpoint = 50000", "cache_size = -262144"):
        connection.execute(f"PRAGMA {pragma}")


def _insert(connection: Connection, table: sa.Table, rows: Tuples) -> None:
    names = [column.name for column in table.columns]
    cursor: Any = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        cursor.executemany(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", rows)
        return
    with cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    if table is Order.__table__:
        last = "SELECT setval(pg_get_serial_sequence('orders', 'number'), %s)"
        cursor.execute(last, (rows[-1][0],))
