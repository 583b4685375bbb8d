"""Work that shares a transaction succeeds or fails each for itself."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard.database import writing
from orderboard.errors import Busy, Invalid
from orderboard.events import group_commit, log
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders.new_order import NewOrder
from orderboard.orders.placing import place
from tests.servers import wait_until

STAFF = Actor("staff", "Ada")


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def placing(name: str) -> Callable[[Transaction], str]:
    def work(tx: Transaction) -> str:
        order = NewOrder(customer={"name": name}, currency="USD")
        return str(place(tx, order, STAFF, "staff")["customer"]["name"])

    return work


def refused(tx: Transaction) -> str:
    raise Invalid({"name": "is not good"})


def broken_after_writing(tx: Transaction) -> str:
    placing("lost")(tx)
    raise ZeroDivisionError


def broken_in_the_database(tx: Transaction) -> str:
    tx.execute(sa.text("SELECT no_such_column FROM orders"))
    return "never"


def at_once(app: Flask, works: list[Callable[[Transaction], str]]) -> list[Any]:
    """Run works on threads of their own, all waiting behind the first; answers or errors."""
    answers: list[Any] = [None] * len(works)

    def run(place_: int) -> None:
        with app.app_context():
            try:
                answers[place_] = group_commit.group_commit(works[place_])
            except Exception as error:  # noqa: BLE001 - it is what the test looks at
                answers[place_] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


class Late:
    """Works that come one after the other, and how long each was kept waiting."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._threads: list[threading.Thread] = []
        self.ended: list[tuple[str, float]] = []

    def begin(self, name: str) -> None:
        thread = threading.Thread(target=self._run, args=(name,))
        self._threads.append(thread)
        thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(30)

    def _run(self, name: str) -> None:
        began = time.monotonic()
        with self._app.app_context():
            try:
                found = group_commit.group_commit(placing(name))
            except Busy:
                found = "busy"
        self.ended.append((found, time.monotonic() - began))


def logged() -> list[str]:
    return [event.data["customer"]["name"] for event in log.since(0, 1000) if event.data]


def test_work_that_comes_at_once_is_all_done_and_answered(app: Flask) -> None:
    names = [f"order {n}" for n in range(100)]
    assert at_once(app, [placing(name) for name in names]) == names
    assert sorted(logged()) == sorted(names)
    assert log.head().position == 100


def test_refused_work_takes_nothing_from_its_neighbours(app: Flask) -> None:
    answers = at_once(app, [placing("a"), refused, placing("b"), refused, placing("c")])
    assert [a for a in answers if isinstance(a, str)] == ["a", "b", "c"]
    assert [type(a) for a in answers if not isinstance(a, str)] == [Invalid, Invalid]
    assert sorted(logged()) == ["a", "b", "c"]


@pytest.mark.parametrize("broken", [broken_after_writing, broken_in_the_database])
def test_work_that_breaks_midway_is_undone_alone(
    app: Flask, broken: Callable[[Transaction], str]
) -> None:
    works = [placing("a"), broken, placing("b"), placing("c"), broken, placing("d")]
    answers = at_once(app, works)
    assert [a for a in answers if isinstance(a, str)] == ["a", "b", "c", "d"]
    assert all(isinstance(answers[n], Exception) for n in (1, 4))
    assert sorted(logged()) == ["a", "b", "c", "d"]
    assert log.head().position == 4


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_when_the_database_stays_locked_everybody_is_told_within_one_deadline(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orderboard.database.WRITE_DEADLINE", 0.3)
    with writing() as connection:
        connection.execute(sa.text("UPDATE log_head SET position = position"))
        answers = at_once(app, [placing("a"), placing("b"), placing("c")])
    assert [type(answer) for answer in answers] == [Busy] * 3
    assert logged() == []


def test_everybody_waits_for_a_lock_as_long_as_they_may_from_their_own_arrival(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orderboard.database.WRITE_DEADLINE", 1.0)
    late = Late(app)
    with writing() as connection:
        connection.execute(sa.text("UPDATE log_head SET position = position"))
        for number in range(6):
            late.begin(f"order {number}")
            time.sleep(0.15)
        late.join()
    assert [found for found, _ in late.ended] == ["busy"] * 6
    assert min(seconds for _, seconds in late.ended) > 0.9
    assert max(seconds for _, seconds in late.ended) < 1.6
    assert logged() == []


def test_who_still_waits_when_the_lock_is_let_go_is_served(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orderboard.database.WRITE_DEADLINE", 1.0)
    late = Late(app)
    with writing() as connection:
        connection.execute(sa.text("UPDATE log_head SET position = position"))
        late.begin("early")
        time.sleep(0.8)
        for number in range(5):
            late.begin(f"order {number}")
        wait_until(lambda: late.ended, 5, "the first one to give up")
    late.join()
    names = [f"order {number}" for number in range(5)]
    assert [late.ended[0][0], *sorted(found for found, _ in late.ended[1:])] == ["busy", *names]
    assert sorted(logged()) == names
    assert log.head().position == 5


def test_long_work_of_one_keeps_others_no_longer_than_they_may_wait(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orderboard.database.WRITE_DEADLINE", 0.4)
    begun, over, late = threading.Event(), threading.Event(), Late(app)

    def long(tx: Transaction) -> str:
        begun.set()
        over.wait(10)
        return placing("long")(tx)

    with app.app_context():
        worker = threading.Thread(target=at_once, args=(app, [long]))
        worker.start()
        assert begun.wait(10)
        late.begin("late")
        late.join()
    assert late.ended[0][0] == "busy"
    assert late.ended[0][1] < 2
    over.set()
    worker.join(10)
    assert logged() == ["long"]
