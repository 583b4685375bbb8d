"""The database's schema: can this version work with what is there, and bringing it up to date."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import flask_migrate
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.engine import Connection

from orderboard.database import db, reading, writing
from orderboard.errors import Busy, DiskFull, ReadOnly, StartFailed
from orderboard.events.model import LogHead
from orderboard.paths import MIGRATIONS

_NO_DATABASE = "is it a database? Move the file away to begin anew, or put a backup in its place"
_NO_ACCESS = "the file and its folder must be there, to be read and written"
_WHAT_TO_DO = {
    "SQLITE_NOTADB": _NO_DATABASE,
    "SQLITE_CORRUPT": _NO_DATABASE,
    "SQLITE_CANTOPEN": _NO_ACCESS,
    "SQLITE_PERM": _NO_ACCESS,
    "SQLITE_IOERR": _NO_ACCESS,
}

_SEARCH = "CREATE VIRTUAL TABLE temp.orderboard_may_search USING fts5(text, tokenize='trigram')"


def migrate() -> None:
    """Bring the current app's database to the newest schema. Safe to run twice at once.

    Raises StartFailed when this version cannot work with it.
    """
    check()
    with usable():
        upgrade()


def upgrade(revision: str = "head") -> None:
    """Run the migrations of the current app's database up to one of them."""
    # Not with every app: a web worker never migrates, and Alembic is a quarter of its start.
    flask_migrate.Migrate(current_app, db, directory=str(MIGRATIONS), render_as_batch=True)
    flask_migrate.upgrade(revision=revision)


def check() -> bool:
    """Whether the current app's database has the newest schema.

    Raises StartFailed when it cannot be read and written, or is not of a kind that this version
    could bring up to date.
    """
    with usable():
        with reading() as connection:
            _can_search(connection)
            newest = _is_newest(connection)
        _try_to_write(newest)
    return newest


@contextmanager
def usable() -> Iterator[None]:
    """Raise StartFailed where the database cannot be used."""
    try:
        yield
    except Busy:
        raise StartFailed(
            "DATABASE_URL: another program keeps the database locked; try again when it is done"
        ) from None
    except DiskFull:
        raise _cannot_be_used("its disk is full or faulty; make room on it") from None
    except ReadOnly:
        raise _cannot_be_used(f"it can be read, but not written to; {_NO_ACCESS}") from None
    except (sa.exc.IntegrityError, sa.exc.DataError):
        raise  # of what was to be written, not of the database
    except sa.exc.DBAPIError as error:
        raise _cannot_be_used(_reason(error)) from None


def _can_search(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    try:
        connection.execute(sa.text(_SEARCH))
        connection.execute(sa.text("DROP TABLE temp.orderboard_may_search"))
    except sa.exc.OperationalError as error:
        if not str(error.orig).startswith(
            ("no such module", "error in tokenizer", "no such token")
        ):
            raise
        raise StartFailed(
            "DATABASE_URL: this Python's SQLite has no FTS5 with trigrams, which the search needs;"
            " use a Python with SQLite 3.34 or newer, or PostgreSQL"
        ) from None


def _is_newest(connection: Connection) -> bool:
    script = ScriptDirectory(str(MIGRATIONS))
    current = set(MigrationContext.configure(connection).get_current_heads())
    if current - {revision.revision for revision in script.walk_revisions()}:
        raise StartFailed(
            "DATABASE_URL: the database is of a newer version of orderboard, or of another"
            " program; install that version, or name another database"
        )
    strange = {*db.metadata.tables} & {*sa.inspect(connection).get_table_names()}
    if strange and not current:
        raise StartFailed(
            f"DATABASE_URL: the database has tables of another program ({min(strange)});"
            " name an empty one"
        )
    return current == {*script.get_heads()}


def _try_to_write(newest: bool) -> None:
    """Try what is going to be needed, and leave nothing behind."""
    if newest:
        with suppress(Busy), writing() as connection:  # busy with what others write
            connection.execute(sa.update(LogHead.__table__).where(sa.false()).values(position=0))
    else:
        with writing() as connection:
            connection.execute(sa.text("CREATE TABLE orderboard_may_make_tables (id INTEGER)"))


def _cannot_be_used(reason: str) -> StartFailed:
    where = f"{db.engine.url.database}: " if db.engine.dialect.name == "sqlite" else ""
    return StartFailed(f"DATABASE_URL: the database cannot be used: {where}{reason}")


def _reason(error: sa.exc.DBAPIError) -> str:
    text = str(error.orig).strip().partition("\n")[0]
    code = getattr(error.orig, "sqlite_errorname", "")
    known = (advice for name, advice in _WHAT_TO_DO.items() if code.startswith(name))
    advice = next(known, "" if code else "does it run there, and may this user use it?")
    return f"{text}; {advice}".rstrip("; ")
