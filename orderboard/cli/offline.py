"""The app as the commands use it that serve nobody."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask

from orderboard import create_app, schema
from orderboard.analytics import rebuilding as analytics
from orderboard.config import Settings
from orderboard.database import db
from orderboard.demo.baskets import CURRENCY
from orderboard.events import log
from orderboard.figures import rebuilding
from orderboard.orders import indexing

of_demo = click.option("--demo", is_flag=True, help="Of the demo, which has its own data folder.")


def read_settings() -> Settings:
    """The settings as the environment has them. Raises ConfigurationError."""
    return Settings.from_environment(os.environ)


def keep_to_demo() -> None:
    """Whatever the environment says: the orders of the demo do not get among real ones."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    home = os.environ.get("ORDERBOARD_HOME", "").strip() or "instance"
    os.environ["ORDERBOARD_HOME"] = str(demo_home(Path(home)))
    os.environ["ORDERBOARD_CURRENCY"] = CURRENCY
    os.environ["ORDERBOARD_DEMO"] = "on"


def demo_home(home: Path) -> Path:
    """The demo's data folder, beside the one of the real board."""
    return home.with_name(f"{home.name}-demo")


def offline_app(settings: Settings) -> Flask:
    """An app that announces to nobody what it records.

    Servers that are running read the log every second, and none need be running.
    """
    app = create_app(settings)
    # What the database refuses ends a command, which says so itself, in one line.
    logging.getLogger("orderboard.database").setLevel(logging.CRITICAL)
    log.announce_to(app, lambda _epoch, _events: None)
    return app


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    """The app's context; no connection to the database is left open behind it.

    Raises StartFailed where the database cannot be used.
    """
    with app.app_context():
        try:
            with schema.usable():
                yield
        finally:
            db.engine.dispose()


def bring_up_to_date(settings: Settings) -> None:
    """Run the migrations that are missing, and work out what follows from the settings anew."""
    schema.migrate()
    rebuilding.ensure(settings.timezone)
    analytics.ensure(settings.timezone)
    indexing.ensure()


@contextmanager
def at_hand(demo: bool = False) -> Iterator[Settings]:
    """The context of an app made from the environment, its database brought up to date."""
    if demo:
        keep_to_demo()
    settings = read_settings()
    with inside(offline_app(settings)):
        bring_up_to_date(settings)
        yield settings
