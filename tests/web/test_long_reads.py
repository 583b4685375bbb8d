"""Reads that may be long: the same rows, beside the loop, broken off when they take too long."""

import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from orderboard import database
from orderboard.database import condition, reading
from orderboard.errors import TooSlow
from orderboard.events import log
from tests.web.support import json_of, place, problem

ENDLESS = {
    "sqlite": (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"
    ),
    "postgresql": "SELECT pg_sleep(30)",
}


@pytest.fixture
def short_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "READ_LIMIT", 0.2)
    monkeypatch.setattr(database, "_limit", sa.text("SET LOCAL statement_timeout = 200"))


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def read_endlessly() -> None:
    with reading(long=True) as connection:
        connection.execute(sa.text(ENDLESS[connection.dialect.name])).all()


def test_a_read_that_takes_too_long_is_broken_off_and_counted(
    in_app: Flask, short_limit: None
) -> None:
    with pytest.raises(TooSlow):
        read_endlessly()
    assert condition().slow_reads == 1
    assert log.head().position == 0, "the connection is as good as before"
    with reading(long=True) as connection:
        assert connection.execute(sa.text("SELECT 1")).scalar_one() == 1


def test_the_limit_of_a_long_read_is_none_for_what_comes_after_it(
    in_app: Flask, short_limit: None
) -> None:
    counting = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)"
    with reading(long=True) as connection:
        connection.execute(sa.text("SELECT 1")).all()
    time.sleep(0.25)
    with reading() as connection:
        statement = sa.text(f"{counting} SELECT count(*) FROM n")
        assert connection.execute(statement).scalar_one() == 300_000


def test_who_asks_too_much_is_told_to_try_again(
    app: Flask, admin: FlaskClient, short_limit: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(admin)
    monkeypatch.setattr("orderboard.orders.queries.head_in", lambda _: read_endlessly())
    answer = admin.get("/api/orders")
    problem(answer, 503)
    assert answer.headers["Retry-After"] == "1"
    assert 'orderboard_slow_reads_total{process="' in admin.get("/metrics").text


def test_long_reads_answer_the_same_rows_as_short_ones(in_app: Flask) -> None:
    statement = sa.text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
        " SELECT i FROM n"
    )
    with reading() as connection:
        short = connection.execute(statement).all()
    with reading(long=True) as connection:
        assert connection.execute(statement).all() == short
        assert connection.execute(statement).fetchmany(3) == short[:3]
        assert connection.execute(statement).first() == short[0]
        assert list(connection.execute(statement).scalars()) == list(range(1, 1001))


def test_a_list_of_orders_is_read_beside_the_loop(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    if app.extensions["orderboard"].settings.database_url.startswith("postgresql"):
        return  # psycopg lets go of the loop by itself
    asked: list[str] = []
    look_up = database.sqlite.looking_up

    def watched(work: object) -> object:
        asked.append("looked up")
        return look_up(work)  # type: ignore[arg-type, func-returns-value]

    monkeypatch.setattr("orderboard.sqlite.looking_up", watched)
    orders = json_of(admin.get("/api/orders"))["orders"]
    assert orders == []
    assert asked
