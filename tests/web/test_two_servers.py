"""Two web servers over one database: what they do at once does not spoil what the other does."""

import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from orderboard import create_app
from orderboard.config import Settings
from tests.conftest import _close as close
from tests.web.support import json_of, place, position, with_key


@pytest.fixture
def servers(app: Flask, settings: Settings) -> Iterator[list[Flask]]:
    """Two servers; each writes what comes at once in transactions of its own."""
    other = create_app(settings)
    yield [app, other]
    began = time.monotonic()
    close(other)
    assert time.monotonic() - began < 5, "one server waits for the end of the other"


def asked_at_once(servers: list[Flask], path: str, bodies: list[object]) -> list[TestResponse]:
    """What the servers answer to requests with these bodies, each asked on threads of its own."""
    answers: list[TestResponse | None] = [None] * len(bodies)
    clients = [with_key(servers[n % 2], "admin", name="shop") for n in range(len(bodies))]
    gate = threading.Barrier(len(bodies))

    def ask(n: int) -> None:
        gate.wait()
        headers = {"Idempotency-Key": "k"} if path.endswith("/orders") else {}
        answers[n] = clients[n].post(path, json=bodies[n], headers=headers)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(len(bodies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answer for answer in answers if answer is not None]


def test_the_same_orders_in_another_sequence_are_placed_once(servers: list[Flask]) -> None:
    # On PostgreSQL each waits for what the other has placed, until one of them has to give way.
    orders = [{"customer": "Ada", "external_id": str(n)} for n in range(60)]
    bodies: list[object] = [{"orders": orders}, {"orders": orders[::-1]}]
    answers = asked_at_once(servers, "/api/orders/batch", bodies)
    assert [answer.status_code for answer in answers] == [207, 207]
    placed = [one for answer in answers for one in json_of(answer)["results"]]
    assert sorted(one["status"] for one in placed) == [201] * 60 + [409] * 60
    assert position(servers[0]) == 60


def test_one_idempotency_key_places_one_order_on_all_servers(servers: list[Flask]) -> None:
    answers = asked_at_once(servers, "/api/orders", [{"customer": "Ada"}] * 10)
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.data for answer in answers if answer.status_code == 201}) == 1
    assert position(servers[0]) == 1


def test_an_order_that_both_move_at_once_moves_once(servers: list[Flask]) -> None:
    ids = [place(with_key(servers[0], "admin"))["id"] for _ in range(30)]
    bodies: list[object] = [
        {"ids": ids, "status": "declined"},
        {"ids": ids[::-1], "status": "declined"},
    ]
    answers = asked_at_once(servers, "/api/orders/bulk/status", bodies)
    moved = [one["status"] for answer in answers for one in json_of(answer)["results"]]
    assert sorted(moved) == [200] * 30 + [409] * 30
    assert position(servers[0]) == 60
