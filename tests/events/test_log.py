"""The log: positions without gaps in the order of commits, whoever writes and dies."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard.config import Settings
from orderboard.events import log
from orderboard.events.event import Actor, Event
from orderboard.orders.events import UPDATED
from orderboard.orders.new_order import NewOrder
from orderboard.orders.placing import place
from orderboard.orders.queries import page
from orderboard.orders.wanted import Filter

STAFF = Actor("staff", "Ada")


def order(name: str = "Ada") -> NewOrder:
    return NewOrder(customer={"name": name}, currency="USD")


def whole_log() -> list[Event]:
    return log.since(0, 1_000_000)


def place_and_fail() -> None:
    with log.transaction() as tx:
        place(tx, order("lost"), STAFF, "staff")
        raise ZeroDivisionError


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def writer(settings: Settings) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts writing processes on the test's own database."""
    started: list[subprocess.Popen[str]] = []
    env = {
        **os.environ,
        "ORDERBOARD_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "REDIS_URL": settings.redis_url,
        "WRITER_SEED": "7",
    }

    def start(name: str, count: int, hang_at: int = -1) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.events.writer", name, str(count), str(hang_at)]
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_commit_writes_the_order_and_its_event_at_the_next_position() -> None:
    with log.transaction() as tx:
        placed = place(tx, order(), STAFF, "staff")
    assert log.head().position == 1
    (event,) = whole_log()
    assert (event.position, event.type, event.data) == (1, "order.created", placed)
    assert (event.order_id, event.actor) == (placed["id"], {"kind": "staff", "name": "Ada"})


def test_a_transaction_that_fails_leaves_neither_an_order_nor_an_event_nor_a_gap() -> None:
    with pytest.raises(ZeroDivisionError):
        place_and_fail()
    assert log.head().position == 0
    assert page(Filter()).orders == []
    with log.transaction() as tx:
        place(tx, order("kept"), STAFF, "staff")
    assert [event.position for event in whole_log()] == [1]


def test_many_facts_of_one_transaction_get_positions_in_their_order() -> None:
    with log.transaction() as tx:
        for number in range(5):
            place(tx, order(str(number)), STAFF, "staff")
    names = [event.data and event.data["customer"]["name"] for event in whole_log()]
    assert names == ["0", "1", "2", "3", "4"]
    assert [event.position for event in whole_log()] == [1, 2, 3, 4, 5]


def test_a_transaction_without_facts_takes_no_position() -> None:
    with log.transaction() as tx:
        tx.execute(sa.text("SELECT 1"))
    assert log.head().position == 0


def test_an_event_survives_the_wire_and_the_database_unchanged() -> None:
    told: list[Event] = []
    with log.transaction() as tx:
        place(tx, order("Ünïcode <b>\u2028\n\"'"), STAFF, "staff")
    (stored,) = whole_log()
    told.append(Event.from_wire(stored.to_wire()))
    assert told == [stored]


def test_the_new_events_are_announced_after_the_commit_only(app: Flask) -> None:
    heard: list[tuple[str, int, bool]] = []

    def hear(epoch: str, events: list[Event]) -> None:
        heard.extend((epoch, e.position, bool(log.since(e.position - 1, 1))) for e in events)

    log.announce_to(app, hear)
    with pytest.raises(ZeroDivisionError):
        place_and_fail()
    with log.transaction() as tx:
        place(tx, order("kept"), STAFF, "staff")
        assert heard == []
    assert heard == [(log.head().epoch, 1, True)]


def test_who_reads_along_a_topic_finds_its_events_only() -> None:
    with log.transaction() as tx:
        mine = place(tx, order("mine"), STAFF, "staff")
        place(tx, order("other"), STAFF, "staff")
        now = {**mine, "driver": {"id": "drv_1"}}
        was = {"driver": {"id": "drv_2"}}
        tx.record(UPDATED, actor=STAFF, data=now, was=was, order_id=mine["id"])
    assert [e.position for e in log.since(0, 10, f"order:{mine['id']}")] == [1, 3]
    assert [e.position for e in log.since(0, 10, "board")] == [1, 2, 3]
    assert [e.position for e in log.since(1, 10, "board")] == [2, 3]
    assert [e.position for e in log.since(1, 1, "board")] == [2]
    assert [e.position for e in log.since(0, 10, "driver:drv_1")] == [3]
    assert [e.position for e in log.since(0, 10, "driver:drv_2")] == [3]
    assert log.since(0, 10, "driver:drv_3") == []
    assert [e.position for e in log.since(1, 1)] == [2]


def test_processes_that_interleave_roll_back_and_die_leave_no_gap_and_lose_nothing(
    writer: Callable[..., "subprocess.Popen[str]"],
) -> None:
    finishing = [writer(name, 25) for name in ("a", "b")]
    doomed = writer("c", 25, 10)
    acknowledged: list[str] = []
    assert doomed.stdout is not None
    for line in doomed.stdout:
        if line.strip() == "hanging":
            doomed.kill()
            break
        acknowledged.append(line.strip())
    for process in finishing:
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        acknowledged += out.split()
    events = whole_log()
    assert [event.position for event in events] == list(range(1, len(events) + 1))
    assert log.head().position == len(events)
    logged = [event.data["customer"]["name"] for event in events if event.data]
    assert set(acknowledged) == set(logged)
    assert len(acknowledged) == 60
    assert len(page(Filter(limit=1000)).orders) == len(events)


def test_a_reader_never_finds_a_position_behind_one_it_has_passed(
    app: Flask, writer: Callable[..., "subprocess.Popen[str]"]
) -> None:
    seen: list[int] = []
    done = threading.Event()

    def follow() -> None:
        with app.app_context():
            while True:
                last = done.is_set()
                events = log.since(seen[-1] if seen else 0, 7)
                seen.extend(event.position for event in events)
                if last and not events:
                    return
                time.sleep(0.002)

    reader = threading.Thread(target=follow)
    reader.start()
    for process in [writer(name, 30) for name in ("a", "b", "c")]:
        process.communicate(timeout=60)
    done.set()
    reader.join(20)
    assert seen == list(range(1, log.head().position + 1))
    assert len(seen) >= 90
