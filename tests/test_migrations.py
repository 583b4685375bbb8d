"""Databases of before become databases of now, with what is in them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import check, downgrade, upgrade

from orderboard import clock, create_app
from orderboard.config import Settings
from orderboard.database import db
from orderboard.orders.model import Order
from orderboard.paths import MIGRATIONS
from orderboard.web.idempotency import IdempotencyKey
from tests.postgres import Postgres
from tests.web.support import place, position, problem, with_key

_keys = IdempotencyKey.__table__


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of an empty database, without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder}/orderboard.db"
    else:
        cluster: Postgres = request.getfixturevalue("cluster")
        with cluster.database() as url:
            yield url


@pytest.fixture
def old(settings: Settings) -> Iterator[Flask]:
    """An app whose database is as the first version made it."""
    app = create_app(settings)
    with app.app_context():
        upgrade(str(MIGRATIONS), revision="0001")
    yield app
    app.extensions["orderboard"].stream.close()
    with app.app_context():
        db.engine.dispose()


def to_now(app: Flask) -> None:
    with app.app_context():
        upgrade(str(MIGRATIONS))


def test_the_migrations_make_what_the_models_say(old: Flask) -> None:
    to_now(old)
    with old.app_context():
        check(str(MIGRATIONS))


def test_strangers_external_ids_stay_and_mean_nothing_to_others_any_more(old: Flask) -> None:
    stranger, shop = old.test_client(), with_key(old, "intake", name="shop")
    orders = [place(client, external_id="77") for client in (stranger, shop)]
    to_now(old)
    place(stranger, external_id="77")
    again = shop.post("/api/orders", json={"customer": "Ada", "external_id": "77"})
    assert problem(again, 409)["order_id"] == orders[1]["id"]
    assert position(old) == 3
    with old.app_context(), db.engine.connect() as connection:
        kept = connection.execute(sa.select(Order.external_id)).scalars().all()
    assert kept == ["77"] * 3


def test_the_answers_that_strangers_shared_are_forgotten(old: Flask) -> None:
    scopes = ("/api/orders web", "/ web", "/api/orders key:web", "/api/orders staff:1")
    row = {"key": "1", "fingerprint": "", "answer": "", "created_at": clock.now()}
    with old.app_context():
        with db.engine.begin() as connection:
            connection.execute(sa.insert(_keys), [{**row, "scope": scope} for scope in scopes])
        upgrade(str(MIGRATIONS))
        with db.engine.connect() as connection:
            left = connection.execute(sa.select(_keys.c.scope)).scalars().all()
    assert sorted(left) == sorted(scopes[2:])


def test_a_migration_can_be_taken_back(old: Flask) -> None:
    to_now(old)
    place(old.test_client(), external_id="77")
    with old.app_context():
        downgrade(str(MIGRATIONS), revision="0001")
    to_now(old)
    place(old.test_client(), external_id="77")
