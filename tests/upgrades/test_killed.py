"""A database of the first version is upgraded, however often that is cut off, with all it holds."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from orderboard import create_app
from orderboard.config import Settings
from orderboard.database import db
from orderboard.orders import queries
from orderboard.orders.wanted import Filter
from tests.upgrades import old_shop, trial
from tests.web.support import json_of, place, with_key

ORDERS = 600


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    """A database that nobody has migrated."""
    return empty_database_url


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """An app of today, whose database nobody has upgraded yet."""
    app = create_app(settings)
    yield app
    app.extensions["orderboard"].stream.close()
    with app.app_context():
        db.engine.dispose()


@pytest.mark.timeout(240)
def test_an_upgrade_that_is_killed_in_each_migration_and_after_them_loses_nothing(
    app: Flask, settings: Settings, folder: Path, database_url: str
) -> None:
    with app.app_context():
        old_shop.fill(ORDERS)
        before = old_shop.orders_as_they_are()
        db.engine.dispose()
    env = trial.environment(folder, database_url)
    ended = dict(zip([*trial.MOMENTS, "the last"], trial.upgrade(env), strict=True))
    assert ended == dict.fromkeys(trial.MOMENTS, -signal.SIGKILL) | {"the last": 0}
    with app.app_context():
        assert old_shop.orders_as_they_are() == before
        trial.check(settings.timezone, {1: {"board", "order:ord_000001"}})
        page = queries.page(Filter(q="bo didd", sort="created", limit=200))
        assert [order["number"] for order in page.orders] == list(range(3, ORDERS + 1, 3))
        assert page.orders[0]["tracking"]["location"] == old_shop.LOCATION
    script = with_key(app, "admin")
    assert json_of(script.get("/api/overview"))["orders"] == ORDERS
    assert place(script)["number"] == ORDERS + 1
