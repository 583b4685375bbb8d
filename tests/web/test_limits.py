"""How often one address may ask."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orderboard.config import Settings
from tests.servers import Valkey
from tests.stream.spec import read
from tests.web.support import as_staff, place, position, problem, token_of, with_key

LIMIT = 3
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, intake_limit=LIMIT, sign_in_limit=LIMIT, stream_limit=LIMIT)


def answered(ask: Callable[[], TestResponse]) -> TestResponse:
    """The first answer that is over the limit. A new minute may begin once on the way there."""
    answers = []
    for _ in range(2 * LIMIT + 1):
        with ask() as answer:
            answers.append(answer)
        if answer.status_code == 429:
            return answer
    raise AssertionError([answer.status_code for answer in answers])


def test_whoever_asks_too_often_is_told_when_to_come_back(app: Flask, client: FlaskClient) -> None:
    token = token_of(place(with_key(app, "intake")))
    wrong = {"email": "ada@example.com", "password": "wrong"}
    asks: list[Callable[[], TestResponse]] = [
        lambda: client.post("/api/orders", json={"customer": "Ada"}),
        lambda: client.post("/admin/sign-in", data=wrong),
        lambda: client.put(f"/api/track/{token}/cancel", json={"reason": "x"}),
        lambda: client.get("/admin/link/nonsense"),
        lambda: client.get("/driver/link/nonsense"),
    ]
    for ask in asks:
        with ask() as first:
            assert first.status_code != 429
        over = answered(ask)
        assert 1 <= int(over.headers["Retry-After"]) <= 60
        problem(over, 429)


def test_who_opens_too_many_streams_is_told_to_come_back_much_later(
    app: Flask, client: FlaskClient, reader: FlaskClient
) -> None:
    token = token_of(place(with_key(app, "intake")))
    for _ in range(LIMIT):
        with client.get(f"/api/track/{token}/stream") as answer:
            assert b"heartbeat" in next(iter(answer.response))
    for asking, path in ((client, f"/api/track/{token}/stream"), (reader, "/api/stream")):
        over = asking.get(path, headers={"Last-Event-ID": "9c41-7"})
        # A browser never comes back after anything but 200.
        assert (over.status_code, over.mimetype) == (200, "text/event-stream")
        reading = read(over.data)
        assert [json.loads(m.data)["reason"] for m in reading.messages] == ["rate"]
        assert (reading.blocks, reading.last_id) == (1, "9c41-7")
        assert reading.retry >= 10_000
    assert app.extensions["orderboard"].stream.figures()["counters"]["refused_rate"] == 2


def test_the_form_counts_as_placing(app: Flask, client: FlaskClient) -> None:
    page = answered(lambda: client.post("/", data={"customer-name": "Ada"}))
    assert page.headers["Retry-After"]
    answered(lambda: client.post("/api/orders", json={"customer": "Ada"}))
    assert position(app) <= 2 * LIMIT


def test_who_is_known_may_place_as_often_as_they_like(app: Flask) -> None:
    for known in (with_key(app, "intake"), as_staff(app)):
        for _ in range(2 * LIMIT + 1):
            place(known)


def test_addresses_are_counted_apart(app: Flask) -> None:
    one, other = app.test_client(), app.test_client()
    other.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    answered(lambda: one.post("/api/orders", json={"customer": "Ada"}))
    place(other)


def test_without_redis_each_process_counts_for_itself(
    app: Flask, client: FlaskClient, shared_valkey: Valkey
) -> None:
    shared_valkey.kill()
    try:
        place(client)
        problem(answered(lambda: client.post("/api/orders", json={"customer": "Ada"})), 429)
    finally:
        shared_valkey.restart()
