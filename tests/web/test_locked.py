"""Another process keeps the database to itself for a while: who only reads never notices."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock
from orderboard.database import reading
from orderboard.events import log
from orderboard.people.model import Session
from tests.holder import held
from tests.servers import BoardServer
from tests.web.support import as_driver, json_of, new_driver, place, problem, said, token_of

_sessions = Session.__table__


def long_unseen(app: Flask) -> None:
    """Every session was seen last so long ago that its next request is noted."""
    with app.app_context(), log.transaction() as tx:
        tx.execute(sa.update(_sessions).values(seen_at=clock.now() - timedelta(days=2)))


def last_seen(app: Flask) -> timedelta:
    """How long ago the session was seen that was seen least lately."""
    with app.app_context(), reading() as connection:
        seen = connection.execute(sa.select(_sessions.c.seen_at)).scalars()
        return max(clock.now() - moment for moment in seen)


def test_reading_needs_no_lock(
    app: Flask, staff: FlaskClient, reader: FlaskClient, database_url: str
) -> None:
    order = place(staff)
    driver_id = new_driver(app)
    staff.put(f"/api/orders/{order['id']}/driver", json={"driver": driver_id})
    driver, anybody = as_driver(app, driver_id), app.test_client()
    track = f"/track/{token_of(order)}"
    asked = [
        *((staff, path) for path in ("/admin", "/admin/live", "/", "/api/orders")),
        *((staff, path) for path in ("/api/overview", f"/api/orders/{order['id']}/events")),
        (driver, "/driver"),
        (driver, f"/api/orders/{order['id']}"),
        (reader, "/api/orders"),
        (reader, "/api/events?after="),
        (anybody, track),
        (anybody, f"/api{track}"),
    ]
    long_unseen(app)
    with held(database_url):
        for client, path in asked:
            began = time.monotonic()
            answer = client.get(path)
            assert answer.status_code == 200, f"{path}: {answer.text}"
            assert time.monotonic() - began < 1, path
        for client, path in ((staff, "/api/stream"), (driver, "/api/stream")):
            with client.get(path) as stream:
                assert stream.status_code == 200
                assert next(iter(stream.response))
    assert last_seen(app) > timedelta(days=1)
    staff.get("/admin")
    driver.get("/driver")
    assert last_seen(app) < timedelta(minutes=1)


def test_who_writes_is_told_to_come_back(
    staff: FlaskClient, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place(staff)
    monkeypatch.setattr("orderboard.database.WRITE_DEADLINE", 0.5)
    with held(database_url):
        for answer in (
            staff.post("/api/orders", json={"customer": "Ada"}),
            staff.put(f"/api/orders/{order['id']}/status", json={"status": "processing"}),
        ):
            assert "busy" in problem(answer, 503)["detail"]
            assert answer.headers["Retry-After"] == "1"
    assert json_of(staff.get(f"/api/orders/{order['id']}")) == order
    place(staff)


def test_two_hundred_orders_behind_a_lock_are_each_answered_in_their_own_time(
    live: BoardServer, live_keys: dict[str, str]
) -> None:
    key = live_keys["admin"]

    def ask(request: str, body: str = "") -> tuple[int, dict[str, str], bytes, float]:
        head = f"{request} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        began = time.monotonic()
        answer = said(live, f"{head}Connection: close\r\n\r\n{body}".encode())
        first, _, text = answer.partition(b"\r\n\r\n")
        status, *lines = first.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        return int(status.split()[1]), headers, text, time.monotonic() - began

    def post(_: int) -> tuple[int, dict[str, str], bytes, float]:
        return ask("POST /api/orders", '{"customer": "Ada"}')

    with ThreadPoolExecutor(200) as pool:
        with held(f"sqlite:///{live.home}/orderboard.db"):
            posted = [pool.submit(post, number) for number in range(200)]
            read = [ask("GET /api/orders?limit=1") for _ in range(20)]
            answers = [one.result() for one in posted]
        assert ask("POST /api/orders", '{"customer": "Bo"}')[0] == 201
    assert [status for status, *_ in read] == [200] * 20
    assert max(seconds for *_, seconds in read) < 4
    for status, headers, text, seconds in answers:
        assert (status, headers["retry-after"]) == (503, "1")
        assert headers["content-type"] == "application/problem+json"
        assert "busy" in json.loads(text)["detail"]
        assert 4.5 < seconds < 7
