"""The app as the commands use it that serve nobody."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from orderboard import create_app, schema
from orderboard.config import Settings
from orderboard.database import db
from orderboard.events import log


def read_settings() -> Settings:
    """The settings as the environment has them. Raises ConfigurationError."""
    return Settings.from_environment(os.environ)


def offline_app(settings: Settings) -> Flask:
    """An app that announces to nobody what it records.

    Servers that are running read the log every second, and none need be running.
    """
    app = create_app(settings)
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


@contextmanager
def at_hand() -> Iterator[Settings]:
    """The context of an app made from the environment, its database brought up to date."""
    settings = read_settings()
    with inside(offline_app(settings)):
        schema.migrate()
        yield settings
