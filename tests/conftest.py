"""What all tests share: real databases, a real Redis-compatible server, a real browser.

A part that is missing on the machine fails the tests that need it; none is skipped for it.
"""

import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from orderboard import create_app
from orderboard.config import Settings
from orderboard.database import db
from orderboard.schema import upgrade
from tests.browsers import chromium
from tests.postgres import Postgres, postgres
from tests.second_look import SecondLook
from tests.servers import HIGH_LIMITS, BoardServer, Valkey, board_server, valkey

_NEW_EPOCH = "UPDATE log_head SET epoch = '{}'"
_PG_TEMPLATE = "orderboard_template"


_OF_THE_WHOLE = {
    *("benchmarks", "cli", "demo", "interop", "journeys", "pages", "proxies", "run", "upgrades"),
    *("test_compacting", "test_courier", "test_crowds", "test_faults", "test_server"),
    "test_trouble",
}
"""Folders and files whose tests start the whole product, a browser, or servers of their own."""
_LARGE = frozenset({"board", "browser", "cluster", "live", "slow_board", "still", "writer"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the tests for the work in between, and a second look."""
    words = "leave out what needs a browser, a database server or the whole product"
    parser.addoption("--quick", action="store_true", help=words)
    words = "run a few tests that wait, and failed beside others, once more by themselves"
    parser.addoption("--second-look", action="store_true", help=words)


def pytest_configure(config: pytest.Config) -> None:
    """Give a second look, from where all workers' reports come together."""
    if config.getoption("--second-look") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(SecondLook())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose the tests that were asked for."""
    if not config.getoption("--quick"):
        return
    chosen = [item for item in items if _is_quick(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


def _is_quick(item: pytest.Item) -> bool:
    places = {item.path.stem, *(folder.name for folder in item.path.parents)}
    params = getattr(item, "callspec", None)
    other_database = params is not None and "postgresql" in params.params.values()
    fixtures = set(getattr(item, "fixturenames", ()))
    return not (places & _OF_THE_WHOLE or other_database or fixtures & _LARGE)


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder whose path is short enough for a Unix socket in it."""
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as path:
        yield Path(path)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Postgres]:
    """A PostgreSQL cluster of the tests' own."""
    with postgres() as running:
        yield running


@pytest.fixture(scope="session")
def shared_valkey() -> Iterator[Valkey]:
    """A Redis-compatible server for all tests that do not trouble it."""
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as path, valkey(Path(path)) as server:
        yield server


@pytest.fixture
def redis_url(shared_valkey: Valkey) -> str:
    """The address of an empty Redis-compatible server."""
    shared_valkey.flush()
    return shared_valkey.url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database, to be copied."""
    home = tmp_path_factory.mktemp("template")
    _migrate(_settings(home, f"sqlite:///{home}/orderboard.db", "unix:///nowhere"))
    return home / "orderboard.db"


@pytest.fixture(scope="session")
def postgresql_template(cluster: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated PostgreSQL database, to be copied."""
    cluster.execute(f"CREATE DATABASE {_PG_TEMPLATE}")
    home = tmp_path_factory.mktemp("template")
    _migrate(_settings(home, cluster.url(_PG_TEMPLATE), "unix:///nowhere"))
    return _PG_TEMPLATE


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of a fresh migrated database: each test runs on both kinds.

    A test of one kind only is parametrized with it, ``indirect=["database_url"]``.
    """
    if request.param == "sqlite":
        path = folder / "orderboard.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        with sqlite3.connect(path) as connection:
            connection.execute(_NEW_EPOCH.format(secrets.token_hex(4)))
        connection.close()
        yield f"sqlite:///{path}"
    else:
        template = request.getfixturevalue("postgresql_template")
        with request.getfixturevalue("cluster").database(template) as url:
            with psycopg.connect(url) as connection:
                connection.execute(_NEW_EPOCH.format(secrets.token_hex(4)).encode())
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of an empty database, without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder}/orderboard.db"
    else:
        cluster: Postgres = request.getfixturevalue("cluster")
        with cluster.database() as url:
            yield url


@pytest.fixture
def settings(folder: Path, database_url: str, redis_url: str) -> Settings:
    """Settings with a fresh data folder and high limits."""
    return _settings(folder, database_url, redis_url)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """An app with a fresh database."""
    app = create_app(settings)
    yield app
    _close(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Asks the app without a server in between."""
    return app.test_client()


@pytest.fixture
def board(folder: Path) -> Iterator[BoardServer]:
    """The real thing: ``orderboard run`` with two workers, on SQLite."""
    with board_server(folder / "home") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for all tests; each makes contexts of its own."""
    with chromium() as started:
        yield started


def _settings(home: Path, database_url: str, redis_url: str) -> Settings:
    return Settings.from_environment(
        HIGH_LIMITS
        | {
            "ORDERBOARD_HOME": str(home),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": secrets.token_hex(),
        }
    )


def _migrate(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        upgrade()
    _close(app)


def _close(app: Flask) -> None:
    app.extensions["orderboard"].stream.close()
    with app.app_context():
        db.engine.dispose()
