"""Clients for the roles that most tests need."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.servers import BoardServer, board_server
from tests.web import support


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
