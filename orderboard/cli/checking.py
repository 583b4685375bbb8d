"""``orderboard check``: whether what is needed is there."""

import sys
from collections.abc import Callable

import click
import redis
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from orderboard import embedded
from orderboard.cli.offline import inside, offline_app, read_settings
from orderboard.config import Settings
from orderboard.database import db, reading
from orderboard.errors import ConfigurationError, OrderboardError
from orderboard.events import log

_TIMEOUT = 2


@click.command()
def check() -> None:
    """Look at the configuration, the database and Redis; exit 1 on a fault."""
    try:
        settings = read_settings()
    except ConfigurationError as error:
        _say("configuration", f"FAULT: {error}")
        sys.exit(1)
    _say("configuration", f"ok, data folder {settings.home}")
    good = [_look("database", _database, settings), _look("redis", _redis, settings)]
    sys.exit(0 if all(good) else 1)


def _look(name: str, look: Callable[[Settings], str], settings: Settings) -> bool:
    try:
        _say(name, f"ok, {look(settings)}")
    except (OrderboardError, sa.exc.SQLAlchemyError, redis.RedisError, OSError) as error:
        _say(name, "FAULT: " + str(getattr(error, "orig", error)).partition("\n")[0])
        return False
    return True


def _database(settings: Settings) -> str:
    with inside(offline_app(settings)):
        name = db.engine.dialect.name
        config = current_app.extensions["migrate"].migrate.get_config()
        newest = set(ScriptDirectory.from_config(config).get_heads())
        with reading() as connection:
            current = set(MigrationContext.configure(connection).get_current_heads())
        if current != newest:
            return f"{name}, to be migrated when the board is started"
        head = log.head()
        return f"{name}, {head.position} events in the log"


def _redis(settings: Settings) -> str:
    if settings.embedded_redis:
        path = embedded.socket_of(settings.redis_url)
        state = "running" if embedded.answers(path) else "started along with the board"
        return f"embedded ({embedded.find_server().name}), {state}"
    with redis.Redis.from_url(
        settings.redis_url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT
    ) as client:
        client.ping()
    return "reachable"


def _say(name: str, text: str) -> None:
    click.echo(f"{name + ':':<15}{text}")
