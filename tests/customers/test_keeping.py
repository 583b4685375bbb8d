"""The records of customers say what the orders say."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard.consumers import positions
from orderboard.consumers.running import Worker
from orderboard.customers.keeping import CUSTOMERS
from orderboard.customers.model import Customer, CustomerSum
from orderboard.database import reading
from orderboard.events import log
from orderboard.events.event import Event
from orderboard.orders.queries import numbered
from tests.consumers.support import place_some
from tests.figures.history import History

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    """The app's context."""
    with app.app_context():
        positions.register([CUSTOMERS.name])
        yield


def work_on() -> None:
    worker = Worker(CUSTOMERS)
    while worker.step() is not None:
        pass


def counted() -> Json:
    """What the records should say, worked out from the orders one after the other."""
    with reading() as connection:
        orders = numbered(connection, 0, 1_000_000)
    mine: dict[str, list[Json]] = defaultdict(list)
    for order in sorted(orders, key=lambda order: (order["created_at"], order["number"])):
        who = order["customer"]
        mine[(who["email"] or who["phone"] or who["name"]).casefold()].append(order)
    return {
        key: {
            "contact": theirs[-1]["customer"],
            "orders": len(theirs),
            "seen": [theirs[0]["created_at"], theirs[-1]["created_at"]],
            "sums": {
                currency: (
                    sum(order["currency"] == currency for order in theirs),
                    sum(_revenue(order) for order in theirs if order["currency"] == currency),
                )
                for currency in {order["currency"] for order in theirs}
            },
        }
        for key, theirs in mine.items()
    }


def _revenue(order: Json) -> int:
    if order["status"] in ("cancelled", "declined", "returned"):
        return 0
    digits = {"JPY": 0, "KWD": 3}.get(order["currency"], 2)
    brought = Decimal(order["total"]) - Decimal(order["payment"]["refunded"])
    return round(brought * 10**digits)


def kept() -> Json:
    """What the records do say."""
    with reading() as connection:
        rows = connection.execute(sa.select(Customer.__table__)).all()
        sums = connection.execute(sa.select(CustomerSum.__table__)).all()
    assert {one.customer_id for one in sums} == {row.id for row in rows}
    return {
        row.key: {
            "contact": {n: getattr(row, n) for n in ("name", "company", "email", "phone")},
            "orders": row.orders,
            "seen": [t.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for t in (row.first_seen, row.last_seen)],
            "sums": {s.currency: (s.orders, s.revenue) for s in sums if s.customer_id == row.id},
        }
        for row in rows
    }


@pytest.mark.parametrize("seed", range(3))
def test_they_say_what_the_orders_say_after_any_history(seed: int) -> None:
    history = History(Random(seed))
    for _ in range(4):
        history.go_on(40)
        work_on()
        assert kept() == counted()


def test_they_are_made_anew_from_the_beginning_of_the_log() -> None:
    History(Random(7)).go_on(60)
    work_on()
    positions.rewind(CUSTOMERS.name, 0, needs_data=False)
    work_on()
    assert kept() == counted()


def test_thinned_events_do_as_well() -> None:
    History(Random(8)).go_on(60)
    with log.transaction() as tx:
        tx.execute(sa.text("UPDATE events SET data = NULL"))
    work_on()
    assert kept() == counted()


def test_a_batch_keeps_others_waiting_for_twenty_milliseconds_at_most() -> None:
    place_some(1)
    work_on()  # statements are put together the first time
    for n in range(400):
        place_some(1, f"Ada {n}", email=f"ada{n}@example.com")
    took: list[float] = []

    def timed(tx: log.Transaction, events: Sequence[Event]) -> None:
        began = time.thread_time()
        CUSTOMERS.apply(tx, events)
        took.append(time.thread_time() - began)

    worker = Worker(replace(CUSTOMERS, apply=timed))
    while worker.step() is not None:
        pass
    assert len(took) >= 8, "whole batches"
    # CPU, and the best: what other programs of the machine add is none of the batch's.
    assert min(took) < 0.020
