"""Streams that replay at the border of what may be replayed, while the log is thinned behind it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import create_app, upkeep
from orderboard.config import Settings
from orderboard.events import log, thinning
from tests.consumers.support import place_some
from tests.stream import spec
from tests.web.support import as_staff

REPLAYED, ROUNDS = 60, 40


@pytest.fixture
def short(settings: Settings) -> Settings:
    """Settings under which little may be replayed, and most of that from the log alone."""
    short = {"stream_replay_limit": REPLAYED, "stream_window": 16, "stream_heartbeat": 1.0}
    return replace(settings, **short, whole_events_days=0)


@pytest.fixture
def app(short: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An app of them, whose log is thinned right up to the border."""
    monkeypatch.setattr(upkeep, "_MARGIN", 20)
    monkeypatch.setattr(thinning, "PIECE", 7)
    app = create_app(short)
    yield app
    app.extensions["orderboard"].stream.close()


@contextmanager
def busy(app: Flask, settings: Settings) -> Iterator[None]:
    """Orders come one by one, and the log is thinned behind them."""
    over = threading.Event()

    def work() -> None:
        with app.app_context():
            while not over.is_set():
                place_some(1)
                upkeep.thin(settings, ())

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(20)
    assert not thread.is_alive()


def heard(client: FlaskClient, after: log.Head, end: int) -> str | list[int]:
    """The positions that a stream behind a place tells of, up to ``end``; or why it is reset."""
    start = {"Last-Event-ID": f"{after.epoch}-{after.position}"}
    with client.get("/api/stream", headers=start) as answer:
        told, positions = b"", list[int]()
        for piece in answer.response:
            told += piece if isinstance(piece, bytes) else piece.encode()
            found = spec.read(told).messages
            resets = [json.loads(one.data)["reason"] for one in found if one.type == "reset"]
            if resets:
                return str(resets[0])
            events = [json.loads(one.data) for one in found if one.type.startswith("order.")]
            assert all(event["order"]["customer"]["name"] == "Ada" for event in events), told
            positions = [event["position"] for event in events]
            if positions and positions[-1] >= end:
                break
        return positions


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_replays_hears_all_of_it_whole_or_is_told_to_read_anew(
    app: Flask, short: Settings
) -> None:
    dice, outcomes = Random(5), {"whole": 0, "too_old": 0}
    with app.app_context():
        place_some(3 * REPLAYED)
        while upkeep.thin(short, ()) < 1:
            pass
        begun = thinning.reached()
        client = as_staff(app)
        with busy(app, short):
            for _ in range(ROUNDS):
                head = log.head()
                after = head.position - REPLAYED + dice.randint(-5, 12)
                found = heard(client, head._replace(position=after), head.position)
                if found == "too_old":
                    outcomes["too_old"] += 1
                else:
                    assert found == list(range(after + 1, after + 1 + len(found)))
                    assert found[-1] >= head.position
                    outcomes["whole"] += 1
        assert thinning.reached() > begun >= REPLAYED
    assert min(outcomes.values()) >= 5, outcomes
