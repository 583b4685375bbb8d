"""The log is thinned and the tables are cleared, and nobody gets half a thing for it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock, upkeep
from orderboard.config import Settings
from orderboard.consumers import positions
from orderboard.consumers.consumer import Consumer
from orderboard.database import reading
from orderboard.errors import Invalid
from orderboard.events import log, thinning
from orderboard.people import sessions, staff
from orderboard.web import idempotency
from tests.consumers.support import place_some
from tests.web.support import as_staff, json_of, place

Json = dict[str, Any]


@pytest.fixture
def short(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings under which all but the newest five events are thinned."""
    monkeypatch.setattr(upkeep, "_MARGIN", 0)
    monkeypatch.setattr(thinning, "PIECE", 4)
    with app.app_context():
        yield replace(settings, stream_replay_limit=5, whole_events_days=0)


def whole() -> list[int]:
    with reading() as connection:
        rows = connection.execute(sa.text("SELECT position FROM events WHERE data IS NOT NULL"))
        return sorted(row.position for row in rows)


def thin(settings: Settings, *consumers: Consumer) -> None:
    while upkeep.thin(settings, consumers) < 1:
        pass


def test_events_beyond_what_may_be_replayed_lose_their_thing(short: Settings) -> None:
    place_some(20)
    thin(short)
    assert (whole(), thinning.reached()) == ([16, 17, 18, 19, 20], 15)


def test_what_is_young_stays_whole(short: Settings) -> None:
    place_some(20)
    thin(replace(short, whole_events_days=1))
    assert (len(whole()), thinning.reached()) == (20, 0)


def test_notes_are_kept_for_ever_and_timelines_stay_whole(app: Flask, short: Settings) -> None:
    client = as_staff(app)
    order = place(client, note="ring twice")
    client.post(f"/api/orders/{order['id']}/notes", json={"text": "called"})
    client.patch(f"/api/orders/{order['id']}", json={"note": "ring once"})
    place_some(9)
    before = json_of(client.get(f"/api/orders/{order['id']}/events"))["events"]
    thin(short)
    after = json_of(client.get(f"/api/orders/{order['id']}/events"))["events"]
    assert after == [
        {name: value for name, value in event.items() if name != "order"} for event in before
    ]
    assert after[1]["note"]["text"] == "called"
    assert after[2]["was"] == {"note": "ring twice"}


def test_what_was_thinned_can_be_taken_back_and_says_what_it_took_back(
    app: Flask, short: Settings
) -> None:
    client = as_staff(app)
    path = f"/api/orders/{place(client, note='ring twice')['id']}"
    client.put(f"{path}/status", json={"status": "cancelled"})
    place_some(9)
    thin(short)
    back = json_of(client.post(f"{path}/undo", json={"position": 2}))
    assert (back["status"], back["times"].keys()) == ("pending", {"pending"})
    place_some(9)
    thin(short)
    taken = json_of(client.get(f"{path}/events"))["events"][-1]
    assert "order" not in taken
    assert (taken["undoes"], taken["was"]["status"]) == (2, "cancelled")


def test_who_asks_that_far_back_is_told_so_and_never_gets_half_an_event(
    app: Flask, short: Settings
) -> None:
    client, epoch = as_staff(app), log.head().epoch
    place_some(20)
    thin(short)
    for after in ("", f"{epoch}-14"):
        told = json_of(client.get(f"/api/events?after={after}"))
        assert (told["events"], told["reset"]) == ([], {"reason": "too_old"})
        assert told["next"] == f"{epoch}-20"
    told = json_of(client.get(f"/api/events?after={epoch}-15"))
    assert [event["position"] for event in told["events"]] == [16, 17, 18, 19, 20]
    assert all(event["order"] for event in told["events"])


def test_a_consumer_that_needs_things_whole_holds_thinning_back(short: Settings) -> None:
    slow = Consumer(name="slow", apply=lambda *_: None)
    positions.register(["slow"])
    place_some(20)
    thin(short, slow)
    assert thinning.reached() == 0
    positions.rewind("slow", 7, needs_data=True)
    thin(short, slow)
    assert thinning.reached() == 7
    with pytest.raises(Invalid, match="thinned up to 7"):
        positions.rewind("slow", 6, needs_data=True)


def count(table: str) -> int:
    with reading() as connection:
        return int(connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_what_is_over_goes_and_the_rest_stays(
    app: Flask, short: Settings, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def all_of_them() -> None:
        with app.app_context():
            member = staff.use_sign_in_token(staff.new_sign_in_token("ada@example.com"))
            assert member
            sessions.begin_for_staff(member, "browser")
            staff.new_sign_in_token("ada@example.com")
        secret = {"Idempotency-Key": str(clock.now()), "Idempotency-Secret": "s" * 30}
        client.post("/api/orders", json={"customer": "Ada"}, headers=secret)

    tables = ("sessions", "sign_in_links", "idempotency_keys")
    right = clock.now
    all_of_them()
    monkeypatch.setattr(clock, "now", lambda: right() + sessions.LIFE + timedelta(days=1))
    assert idempotency.LIFE < sessions.LIFE
    all_of_them()
    assert [count(table) for table in tables] == [2, 2, 2]
    for chore in upkeep.chores(short, ()):
        chore()
    assert [count(table) for table in tables] == [1, 1, 1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_hands_pages_back_a_few_at_a_time(short: Settings) -> None:
    with log.transaction() as tx:
        tx.execute(sa.text("CREATE TABLE filling (text TEXT)"))
        for _ in range(600):
            tx.execute(sa.text("INSERT INTO filling VALUES (:text)"), {"text": "x" * 4000})
    with log.transaction() as tx:
        tx.execute(sa.text("DROP TABLE filling"))

    def free() -> int:
        with reading() as connection:
            return int(connection.execute(sa.text("PRAGMA freelist_count")).scalar_one())

    before = free()
    assert before > 500
    assert upkeep.hand_back_pages() < 1
    assert free() == before - 64
    while upkeep.hand_back_pages() < 1:
        pass
    assert 150 < free() <= 256
