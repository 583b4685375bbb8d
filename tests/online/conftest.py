"""A provider for every test that wants one, and a shop that is paid by it."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import create_app
from orderboard.config import Settings
from orderboard.database import db
from tests.online.standin import StandIn, stand_in
from tests.servers import HIGH_LIMITS
from tests.web.support import with_key


@pytest.fixture
def house() -> Iterator[StandIn]:
    """What stands in for Stripe and Razorpay."""
    with stand_in() as known:
        yield known


@pytest.fixture
def by() -> str:
    """By whom customers pay; tests of the other are parametrized with it."""
    return "stripe"


@pytest.fixture
def app(
    house: StandIn, by: str, folder: Path, database_url: str, redis_url: str
) -> Iterator[Flask]:
    """A shop whose customers pay online."""
    own = {
        "ORDERBOARD_HOME": str(folder),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": secrets.token_hex(),
    }
    app = create_app(Settings.from_environment(HIGH_LIMITS | own | house.settings(by)))
    yield app
    app.extensions["orderboard"].stream.close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """A script whose key may do all that staff may."""
    return with_key(app, "admin", name="office")
