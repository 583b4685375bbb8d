"""What a list costs does not grow with the history: SQLite's own steps are counted."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard.database import db
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.orders import finding, marked, queries, wanted
from orderboard.orders.model import Order, OrderMark
from orderboard.orders.new_order import NewOrder
from orderboard.orders.placing import place
from orderboard.orders.ranges import SORTS
from orderboard.orders.wanted import Filter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
_orders = Order.__table__
Json = dict[str, Any]
FIRST, DAYS, STEP = datetime(2030, 1, 1, tzinfo=UTC), 20, 10
LATE = FIRST + timedelta(days=DAYS * 3 / 4)
SPANS: tuple[Json, ...] = (
    {"created_from": LATE},
    {"created_to": FIRST + timedelta(days=DAYS / 4)},
    {"created_from": FIRST + timedelta(days=2), "created_to": FIRST + timedelta(days=8)},
    {"updated_after": LATE},
    {"updated_after": LATE, "created_to": LATE},
    {"updated_after": LATE, "created_from": FIRST + timedelta(days=1)},
)
"""Times in which a part of the orders is, at either end of the history or in its midst."""
OTHERS: tuple[Json, ...] = (
    {"total_from": 750},
    {"total_to": 250},
    {"due_before": FIRST + timedelta(days=DAYS / 4)},
    {"tag": ["early"]},
    {"tag": ["late"]},
    {"tag": ["early", "late"], "channel": ["midst"]},
)
"""The same by what an order has, and not by its times."""
NARROW: tuple[Json, ...] = ({}, {"status": ["completed"]}, {"type": ["purchase"]})
SEVERAL = 8
"""How many times as many orders the larger history has."""


@pytest.fixture(autouse=True)
def small_numbers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(finding, "FEW", 20)
    monkeypatch.setattr(marked, "_MANY", 40)
    with app.app_context():
        yield


def test_no_list_of_any_time_in_any_order_grows_with_the_history() -> None:
    fill(DAYS * 10)
    few = counted()
    fill(DAYS * 10 * (SEVERAL - 1))
    many = counted()
    grown = {asked: (few[asked], n) for asked, n in many.items() if n > 2 * few[asked] + 40}
    assert not grown, f"{len(grown)} of {len(many)} lists"


def test_a_list_that_looks_through_the_history_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wanted, "Days", lambda **_: Nowhere())
    monkeypatch.setitem(globals(), "SPANS", SPANS[:1])
    monkeypatch.setitem(globals(), "OTHERS", ())
    with pytest.raises(AssertionError):
        test_no_list_of_any_time_in_any_order_grows_with_the_history()


class Nowhere:
    """A way on which nothing is found in time."""

    def walk(self, *_: Any) -> Iterator[list[Any]]:
        while True:
            yield []


def fill(orders: int) -> None:
    """Place orders on each of some days; they are done with on the same day."""
    with log.transaction() as tx:
        for _ in range(orders):
            place(tx, NewOrder(customer={"name": "Ada"}, currency="EUR"), Actor("x", "x"), "x")
    with db.engine.begin() as connection:
        numbers = connection.execute(
            sa.select(_orders.c.number).order_by(_orders.c.number.desc()).limit(orders)
        ).scalars()
        for place_, number in enumerate(sorted(numbers)):
            at = FIRST + timedelta(days=DAYS) * (place_ / orders)
            values = {"created_at": at, "updated_at": at + timedelta(minutes=9)}
            # Prices have risen, so that a time and a total say the same of an order.
            values |= {"total": place_ * 1000 // orders, "status": "completed"}
            values |= {"due_at": at + timedelta(hours=1), "details": details(place_ / orders)}
            mine = sa.update(_orders).where(_orders.c.number == number)
            connection.execute(mine.values(**values))
        connection.execute(sa.delete(OrderMark.__table__))
        marked.put(connection, queries.numbered(connection, 0, 10**6))


def details(along: float) -> Json:
    """What only orders of a part of the history have."""
    found: Json = {"tags": ["early"]} if along < 0.25 else {}
    found |= {"tags": ["late"]} if along >= 0.75 else {}
    return found | ({"channel": "midst"} if 0.2 < along < 0.8 else {})


def counted() -> dict[str, int]:
    """Of each list the steps that SQLite takes, in tens."""
    found: dict[str, int] = {}
    ways = [f"{way}{name}" for name in SORTS for way in ("", "-")]
    for (span, narrow), sort in product((*product(SPANS, NARROW), *product(OTHERS, ({},))), ways):
        asked = {**span, **narrow, "sort": sort, "limit": 5}
        for page in range(3):
            with steps() as taken:
                answer = queries.page(Filter(**asked))
            found[f"{span} {narrow} {sort} {page}"] = sum(taken)
            if answer.next is None:
                break
            asked["after"] = answer.next
    return found


@contextmanager
def steps() -> Iterator[list[int]]:
    """What SQLite counts meanwhile."""
    taken: list[int] = []

    def begin(driver: sqlite3.Connection, _record: Any, _proxy: Any) -> None:
        driver.limit = lambda: driver.set_progress_handler(lambda: taken.append(1), STEP)

    sa.event.listen(db.engine, "checkout", begin)
    try:
        yield taken
    finally:
        sa.event.remove(db.engine, "checkout", begin)
