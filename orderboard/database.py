"""The database: its engine for SQLite and PostgreSQL, and the ways to read and to write.

SQLite runs in WAL mode with ``synchronous=FULL``, so that what was answered survives a power
cut. A writer there waits for others in short sleeps: SQLite's own waiting would freeze every
greenlet of the worker. What waits for the disk does so beside the loop (``sqlite.py``).
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.engine import Connection, ExceptionContext
from sqlalchemy.orm import DeclarativeBase

from orderboard import faults, sqlite
from orderboard.condition import Condition
from orderboard.config import Settings
from orderboard.errors import Busy
from orderboard.jsontext import dump

WRITE_DEADLINE = 5.0
"""Seconds a writer waits for its turn before it gives up with Busy."""
READ_LIMIT = 5.0
"""Seconds that a long read may take."""
_LOCK_TIMEOUT = 5.0
"""Seconds that PostgreSQL waits for a lock where nothing else is said."""
_LEAST_WAIT = 0.25
"""Seconds that PostgreSQL waits for a lock at least: who has worked for long is not out at once."""
_QUICK, _EASY = (0.001, 0.003), (0.005, 0.020)
"""Seconds between two attempts to write, the first few and the later ones."""
_QUICK_ATTEMPTS = 20
_CONDITION = "orderboard.condition"
_limit = sa.text(f"SET LOCAL statement_timeout = {READ_LIMIT * 1000:.0f}")


class Base(DeclarativeBase):
    """The base of all tables."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment; stored in UTC, also by SQLite, which knows no zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], Any] | None:
        """For SQLite the text that SQLAlchemy makes as well, in a third of the time."""
        if dialect.name == "sqlite":
            return sqlite.moment_text
        return super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, _: sa.Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, _: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def setup(app: Flask, settings: Settings) -> None:
    """Bind the database that the settings name to the app."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(settings.database_url)
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _prepare_sqlite)
            sa.event.listen(db.engine, "begin", _begin_sqlite)
        else:
            sa.event.listen(db.engine, "begin", _begin_postgresql)
            sa.event.listen(db.engine, "before_cursor_execute", _wait_no_longer)
        file = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
        known = app.extensions[_CONDITION] = Condition(Path(file).parent if file else None)
        sa.event.listen(db.engine, "handle_error", partial(_by_its_meaning, known))


def condition() -> Condition:
    """What is known of the current app's database."""
    found: Condition = current_app.extensions[_CONDITION]
    return found


def patience() -> float:
    """Until when (``time.monotonic()``) who wants to write now waits for their turn.

    All that one request writes has one deadline, WRITE_DEADLINE after it wanted to write first.
    """
    moment = time.monotonic() + WRITE_DEADLINE
    if not has_request_context():
        return moment
    until: float = request.environ.setdefault("orderboard.patience", moment)
    return until


@contextmanager
def reading(at_one_moment: bool = False, long: bool = False) -> Iterator[Connection]:
    """A connection for one reading transaction, a short one unless it is said to be ``long``.

    ``at_one_moment``: all its statements see the same state. On SQLite they always do. ``long``:
    it may take more than a few milliseconds, so nobody waits for it, and when it takes more than
    READ_LIMIT it is broken off and raises TooSlow.
    """
    with db.engine.connect() as connection:
        if at_one_moment and connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        if not long:
            yield connection
        elif connection.dialect.name == "postgresql":
            connection.execute(_limit)
            yield connection
        else:
            with _limited(connection):
                yield connection


@contextmanager
def _limited(connection: Connection) -> Iterator[None]:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite.Connection):
        raise TypeError("SQLite was not opened by this file")
    driver.reads_until = time.monotonic() + READ_LIMIT
    try:
        yield
    finally:
        driver.reads_until = None


@contextmanager
def writing(until: float | None = None) -> Iterator[Connection]:
    """A connection in a writing transaction, to be committed by the caller.

    Raises Busy when others kept the database until that moment (``patience()`` if none is given),
    after one attempt if it has passed; DiskFull or ReadOnly when it takes nothing.
    """
    until = patience() if until is None else until
    with db.engine.connect().execution_options(orderboard_until=until) as connection:
        connection.begin()
        yield connection


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {
            "connect_args": {
                "timeout": 0,
                "check_same_thread": False,
                "factory": sqlite.Connection,
            },
            "json_serializer": dump,
            "hide_parameters": True,  # they would stand in the log of an error, secrets and all
            "pool_size": 8,
            "max_overflow": 64,
        }
    waiting = f"-c lock_timeout={_LOCK_TIMEOUT * 1000:.0f} -c statement_timeout=30000"
    given = sa.make_url(url).query  # what is passed to the driver beside it would replace these
    options = f"{given.get('options', '')} {waiting} -c timezone=UTC".lstrip()
    return {
        "connect_args": {"options": options, "connect_timeout": given.get("connect_timeout", 5)},
        "json_serializer": dump,
        "hide_parameters": True,
        "pool_size": 8,
        "max_overflow": 8,
        "pool_timeout": WRITE_DEADLINE,
        "pool_pre_ping": True,
    }


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where _begin_sqlite says
    if connection.execute("PRAGMA page_count").fetchone() == (0,):
        # Only in a new file; in an old one this would change nothing, and want a lock for it.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -16000")


def _begin_sqlite(connection: Connection) -> None:
    cursor = connection.connection.cursor()
    until = connection.get_execution_options().get("orderboard_until")
    try:
        if until is None:
            cursor.execute("BEGIN")
        else:
            _begin_writing(cursor, until)
    except sqlite3.OperationalError as error:
        raise faults.meaning(error) or sa.exc.OperationalError("BEGIN", None, error) from error


def _begin_writing(cursor: Any, until: float) -> None:
    attempts = 0
    while True:
        try:
            cursor.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            if not isinstance(faults.meaning(error), Busy) or time.monotonic() >= until:
                raise
        attempts += 1
        pause = _QUICK if attempts <= _QUICK_ATTEMPTS else _EASY
        time.sleep(random.uniform(*pause))  # noqa: S311 - jitter, no secret


def _begin_postgresql(connection: Connection) -> None:
    connection.info["orderboard.wait"] = _LOCK_TIMEOUT


def _wait_no_longer(connection: Connection, cursor: Any, *_: Any) -> None:
    """Have the next statement wait for locks as long as the whole transaction may still."""
    until = connection.get_execution_options().get("orderboard_until")
    if until is None:
        return
    left = max(until - time.monotonic(), _LEAST_WAIT)
    # Asking costs a trip to the server; a quarter of a second more does no harm.
    if abs(connection.info["orderboard.wait"] - left) >= _LEAST_WAIT:
        cursor.execute(f"SET LOCAL lock_timeout = {left * 1000:.0f}")
        connection.info["orderboard.wait"] = left


def _by_its_meaning(known: Condition, context: ExceptionContext) -> None:
    if found := known.meaning(context.original_exception):
        raise found from context.original_exception
