"""Work that shares a transaction succeeds or fails each for itself."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard.database import writing
from orderboard.errors import Busy, Invalid
from orderboard.events import log, together
from orderboard.events.log import Actor, Transaction
from orderboard.orders.placing import NewOrder, place

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
                answers[place_] = together.together(works[place_])
            except Exception as error:  # noqa: BLE001 - it is what the test looks at
                answers[place_] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def logged() -> list[str]:
    return [event.order["customer"]["name"] for event in log.since(0, 1000) if event.order]


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
