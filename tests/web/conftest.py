"""Clients for the roles that most tests need."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from orderboard.people import passwords
from tests.servers import BoardServer, board_server
from tests.web import support


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of passwords that cost nearly nothing, where the cost is not what is looked at."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)
    monkeypatch.setattr(passwords, "_NOBODYS", cheap.hash("a password that is nobody's"))


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """A script whose key may do all that staff may."""
    return support.with_key(app, "admin", name="office")


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    """A script that may only read."""
    return support.with_key(app, "read", name="report")


@pytest.fixture
def intake(app: Flask) -> FlaskClient:
    """A script that may only place orders."""
    return support.with_key(app, "intake", name="shop")


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    """Ada's browser, signed in."""
    return support.as_staff(app)


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardServer]:
    """A real server that the tests of this folder share: gunicorn with two workers."""
    with board_server(tmp_path_factory.mktemp("web") / "home") as running:
        yield running


@pytest.fixture(scope="session")
def live_keys(live: BoardServer) -> dict[str, str]:
    """Scope → a key of the real server."""
    return {scope: live.key(scope) for scope in ("admin", "read")}
