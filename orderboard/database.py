"""The database: its engine for SQLite and PostgreSQL, and the ways to read and to write.

SQLite runs in WAL mode with ``synchronous=FULL``, so that what was answered survives a power
cut. A writer there waits for others in short sleeps: SQLite's own waiting would freeze every
greenlet of the worker.
"""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import flask_migrate
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase

from orderboard.config import Settings
from orderboard.errors import Busy
from orderboard.jsontext import dump
from orderboard.paths import MIGRATIONS

WRITE_DEADLINE = 5.0
"""Seconds a writer waits for its turn before it gives up with Busy."""


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
    flask_migrate.Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _prepare_sqlite)
            sa.event.listen(db.engine, "begin", _begin_sqlite)


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for one short reading transaction."""
    with db.engine.connect() as connection:
        yield connection


@contextmanager
def writing() -> Iterator[Connection]:
    """A connection in a writing transaction, to be committed by the caller.

    Raises Busy when others kept the database for WRITE_DEADLINE seconds.
    """
    with db.engine.connect().execution_options(orderboard_write=True) as connection:
        try:
            connection.begin()
            yield connection
        except sa.exc.OperationalError as error:
            if _is_busy(error):
                raise Busy("The database is busy; try again in a moment.") from error
            raise


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {
            "connect_args": {"timeout": 0, "check_same_thread": False},
            "json_serializer": dump,
            "hide_parameters": True,  # they would stand in the log of an error, secrets and all
            "pool_size": 8,
            "max_overflow": 64,
        }
    options = "-c lock_timeout=5000 -c statement_timeout=30000 -c timezone=UTC"
    return {
        "connect_args": {"options": options, "connect_timeout": 5},
        "json_serializer": dump,
        "hide_parameters": True,
        "pool_size": 8,
        "max_overflow": 8,
        "pool_timeout": 10,
        "pool_pre_ping": True,
    }


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where _begin_sqlite says
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -16000")


def _begin_sqlite(connection: Connection) -> None:
    cursor = connection.connection.cursor()
    if not connection.get_execution_options().get("orderboard_write"):
        cursor.execute("BEGIN")
        return
    deadline = time.monotonic() + WRITE_DEADLINE
    while True:
        try:
            cursor.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            if time.monotonic() > deadline:
                raise Busy("The database is busy; try again in a moment.") from error
        time.sleep(random.uniform(0.005, 0.020))  # noqa: S311 - jitter, no secret


def _is_busy(error: sa.exc.OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) in ("55P03", "57014")


def migrate() -> None:
    """Bring the current app's database to the newest schema. Safe to run twice at once."""
    flask_migrate.upgrade(directory=str(MIGRATIONS))
