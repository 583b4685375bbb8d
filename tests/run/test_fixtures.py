"""The fixtures themselves: the databases are of the kinds they say they are, and fresh."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from orderboard.database import db
from tests.postgres import Postgres


def test_both_databases_are_real(app: Flask, request: pytest.FixtureRequest) -> None:
    with app.app_context():
        assert db.engine.dialect.name == request.node.callspec.params["database_url"]


def test_every_test_begins_with_an_empty_log(client: FlaskClient) -> None:
    ready = client.get("/readyz")
    assert ready.get_json() == {"status": "ok", "database": "ok", "redis": "ok"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_test_can_ask_for_one_kind_of_database(app: Flask) -> None:
    with app.app_context():
        assert db.engine.dialect.name == "sqlite"


def test_a_cluster_can_be_restarted(cluster: Postgres) -> None:
    with cluster.database() as url:
        cluster.restart()
        assert url.startswith("postgresql://")


def test_the_browser_is_a_real_one(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<h1>Hello</h1>")
    assert page.inner_text("h1") == "Hello"
    page.close()
