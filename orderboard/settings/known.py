"""What a process knows of the settings: read once, and again when it hears of a change.

Everybody who answers a request needs them, so they must not cost a statement each time. The stream
hears of every event in every process and says so here.
"""

import time
from collections.abc import Iterable
from typing import Protocol

import sqlalchemy as sa
from flask import Flask, current_app

from orderboard.config import Settings
from orderboard.database import reading
from orderboard.errors import OrderboardError
from orderboard.settings.events import UPDATED
from orderboard.settings.model import ShopSettings
from orderboard.settings.values import Shop, shop

_KNOWN = "orderboard.settings"
_LONGEST = 30.0
"""Seconds after which they are read again, should a change not have been heard of."""
_AFTER_FAILURE = 1.0
_settings = ShopSettings.__table__
_read = sa.select(_settings.c.given, _settings.c.version)


class _Fact(Protocol):
    @property
    def type(self) -> str:
        """The name of an event's kind."""


class Known:
    """The settings of one app in one process."""

    def __init__(self, config: Settings) -> None:
        self._config = config
        self._changes = 0
        self._read_at: int | None = None
        self._until = 0.0
        self._shop = shop({}, 0, config)

    def heard(self, events: Iterable[_Fact]) -> None:
        """Take note of events that were committed. From any thread."""
        for event in events:
            if event.type == UPDATED.name:
                self.forget()

    def forget(self) -> None:
        """Read them again before they are used next."""
        self._changes += 1

    def current(self) -> Shop:
        """The settings; while they cannot be read, those that were known last."""
        now = time.monotonic()
        changes = self._changes  # before reading: what changes meanwhile is read once more
        if self._read_at == changes and now < self._until:
            return self._shop
        try:
            with reading() as connection:
                row = connection.execute(_read).one()
        except (sa.exc.SQLAlchemyError, OrderboardError):
            # Pages that say that the database is away have the shop's name on them too.
            self._until = now + _AFTER_FAILURE
        else:
            self._shop = shop(row.given, row.version, self._config)
            self._until = now + _LONGEST
        self._read_at = changes
        return self._shop


def setup(app: Flask, config: Settings) -> Known:
    """Have the app know its settings."""
    here = app.extensions[_KNOWN] = Known(config)
    return here


def known() -> Known:
    """What the current app knows."""
    found: Known = current_app.extensions[_KNOWN]
    return found


def current() -> Shop:
    """The settings as they hold just now. Costs nothing but the first time and after a change."""
    return known().current()
