"""``orderboard check``: whether what is needed is there."""

import sys
from collections.abc import Callable
from contextlib import nullcontext, suppress

import click
import redis

from orderboard import embedded, preflight, schema, starting
from orderboard.cli.offline import inside, offline_app, read_settings
from orderboard.config import Settings
from orderboard.database import db
from orderboard.errors import OrderboardError, StartFailed
from orderboard.events import log

_TIMEOUT = 2


@click.command()
def check() -> None:
    """Look at the configuration, the database and Redis; exit 1 on a fault.

    What keeps the board from starting is a fault, and so is a Redis that is away.
    """
    try:
        settings = read_settings()
        place = _place(settings)
    except OrderboardError as error:
        _say("configuration", f"FAULT: {error}")
        sys.exit(1)
    _say("configuration", f"ok, {place}")
    good = [_look("database", _database, settings), _look("redis", _redis, settings)]
    sys.exit(0 if all(good) else 1)


@click.command("before-serving", hidden=True)
@click.option("--listen", "addresses", multiple=True, help="HOST|PORT")
def before_serving(addresses: tuple[str, ...]) -> None:
    """Refuse what would keep the workers of any web server from starting.

    A server of databases elsewhere may come later: the workers wait for it.
    """
    settings = read_settings()
    for address in addresses:
        host, _, port = address.rpartition("|")
        starting.check_port(host, int(port))
    app = offline_app(settings)
    here = settings.database_url.startswith("sqlite")
    with nullcontext() if here else suppress(OrderboardError), inside(app):
        if not schema.check():
            click.echo("orderboard: the database is not up to date: orderboard migrate", err=True)


def _place(settings: Settings) -> str:
    try:
        with starting.only_one(settings.home):
            preflight.check_place(settings)
    except starting.Held as held:
        return f"data folder {settings.home}, on which the board runs (process {held.process})"
    return f"data folder {settings.home}"


def _look(name: str, look: Callable[[Settings], str], settings: Settings) -> bool:
    try:
        _say(name, f"ok, {look(settings)}")
    except OrderboardError as error:
        _say(name, "FAULT: " + str(error).partition("\n")[0])
        return False
    return True


def _database(settings: Settings) -> str:
    with inside(offline_app(settings)):
        name = db.engine.dialect.name
        if not schema.check():
            return f"{name}, to be migrated when the board is started"
        return f"{name}, {log.head().position} events in the log"


def _redis(settings: Settings) -> str:
    if settings.embedded_redis:
        path = embedded.socket_of(settings.redis_url)
        state = "running" if embedded.answers(path) else "started along with the board"
        return f"embedded ({embedded.find_server().name}), {state}"
    try:
        _ping(settings)
    except (redis.RedisError, OSError) as error:
        raise StartFailed(f"REDIS_URL: Redis does not answer: {error}") from None
    return "reachable"


def _ping(settings: Settings) -> None:
    with redis.Redis.from_url(
        settings.redis_url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT
    ) as client:
        client.ping()


def _say(name: str, text: str) -> None:
    click.echo(f"{name + ':':<15}{text}")
