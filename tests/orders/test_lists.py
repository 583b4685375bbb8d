"""Any list of orders is what a plain look at all of them finds, on both databases."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard.database import db, reading
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.orders import finding, marked, queries, ranges
from orderboard.orders.due import NEVER
from orderboard.orders.model import Order, OrderMark
from orderboard.orders.new_order import NewOrder
from orderboard.orders.placing import place
from orderboard.orders.ranges import SORTS
from orderboard.orders.wanted import Filter
from orderboard.people import drivers

Json = dict[str, Any]
_orders = Order.__table__
STAFF = Actor("staff", "Ada")
DAY = datetime(2030, 3, 31, tzinfo=UTC)
NO = {"method": None}
STATUSES = ("pending", "ready", "completed", "failed")
TYPES = ("purchase", "return", "bulk")
PAYMENTS, METHODS = ("due", "paid", "refunded"), ("pickup", "table")
TAGS, CHANNELS = ("gift", "a:b", "Gift"), ("web", "till")


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture(params=[10_000, 0], ids=["few", "many"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to find what is sorted otherwise."""
    monkeypatch.setattr(finding, "FEW", request.param)
    monkeypatch.setattr(ranges, "_ENTRIES", 50)


def test_every_list_is_what_a_plain_look_at_all_orders_finds(few: None) -> None:
    dice = Random(8)
    people = [drivers.add(name, None, STAFF)["id"] for name in ("Bo", "Cy", "Dee")]
    shop(dice, people, 80)
    with reading() as connection:
        everything = [dict(row) for row in connection.execute(sa.select(_orders)).mappings()]
    found_some = 0
    for _ in range(150):
        wanted = random_filter(dice, people)
        expected = plainly(everything, wanted)
        assert walked(Filter(**wanted, limit=dice.choice((2, 7, 200)))) == expected, wanted
        found_some += bool(expected)
    assert found_some > 50


def shop(dice: Random, people: list[str], orders: int) -> None:
    """Orders of every kind, many of them with the same times and totals."""
    with log.transaction() as tx:
        for _ in range(orders):
            place(tx, NewOrder(customer={"name": "Ada"}, currency="EUR"), STAFF, "x")
    with db.engine.begin() as connection:
        for number in connection.execute(sa.select(_orders.c.number)).scalars().all():
            values = {
                "status": dice.choice(STATUSES),
                "type": dice.choice(TYPES),
                "driver_id": dice.choice([*people[:2], None]),
                "total": dice.randrange(5),
                "created_at": DAY + timedelta(hours=dice.randrange(6)),
                "updated_at": DAY + timedelta(hours=dice.randrange(6)),
                "due_at": dice.choice((NEVER, DAY + timedelta(hours=dice.randrange(6)))),
                "payment_status": dice.choice(PAYMENTS),
                "details": details(dice),
            }
            mine = sa.update(_orders).where(_orders.c.number == number)
            connection.execute(mine.values(**values))
        connection.execute(sa.delete(OrderMark.__table__))
        marked.put(connection, queries.numbered(connection, 0, orders))


def details(dice: Random) -> Json:
    """What some orders have beside the rest."""
    return {
        "tags": dice.sample(TAGS, dice.randrange(3)),
        **(
            {"assigned_to": {"id": dice.choice((7, 8)), "name": "Bo"}}
            if dice.random() < 0.5
            else {}
        ),
        **({"channel": dice.choice(CHANNELS)} if dice.random() < 0.6 else {}),
        **({"fulfilment": {"method": dice.choice(METHODS)}} if dice.random() < 0.6 else {}),
    }


def whose(order: Json) -> str:
    member = order["details"].get("assigned_to")
    return str(member["id"]) if member else "none"


def random_filter(dice: Random, people: list[str]) -> Json:
    made: dict[str, Callable[[], Any]] = {
        "status": lambda: dice.choices([*STATUSES, "on_hold"], k=dice.randint(1, 3)),
        "type": lambda: dice.choices([*TYPES, "sample"], k=dice.randint(1, 2)),
        "driver": lambda: dice.choices([*people, "drv_none"], k=dice.randint(1, 3)),
        "created_from": lambda: DAY + timedelta(hours=dice.randint(-1, 4)),
        "created_to": lambda: DAY + timedelta(hours=dice.randint(1, 7)),
        "updated_after": lambda: DAY + timedelta(hours=dice.randint(-1, 4)),
        "payment": lambda: dice.choices([*PAYMENTS, "none"], k=dice.randint(1, 2)),
        "channel": lambda: dice.choices([*CHANNELS, "gift"], k=dice.randint(1, 2)),
        "tag": lambda: dice.choices([*TAGS, "web"], k=dice.randint(1, 3)),
        "method": lambda: dice.choices([*METHODS, "ship"], k=dice.randint(1, 2)),
        "assigned_to": lambda: dice.choices(["7", "9", "none"], k=dice.randint(1, 2)),
        "due_before": lambda: DAY + timedelta(hours=dice.randint(1, 7)),
        "total_from": lambda: dice.randint(0, 3),
        "total_to": lambda: dice.randint(2, 5),
    }
    chosen = {name: make() for name, make in made.items() if dice.random() < 0.2}
    return {**chosen, "sort": dice.choice(("", "-")) + dice.choice(list(SORTS))}


def plainly(everything: list[Json], wanted: Json) -> list[int]:
    """The numbers of the orders that a filter wants, found without any cleverness."""
    tests: dict[str, Callable[[Json, Any], bool]] = {
        "status": lambda order, values: order["status"] in values,
        "type": lambda order, values: order["type"] in values,
        "driver": lambda order, values: order["driver_id"] in values,
        "created_from": lambda order, moment: order["created_at"] >= moment,
        "created_to": lambda order, moment: order["created_at"] < moment,
        "updated_after": lambda order, moment: order["updated_at"] > moment,
        "payment": lambda order, values: order["payment_status"] in values,
        "channel": lambda order, values: order["details"].get("channel") in values,
        "tag": lambda order, values: not set(order["details"]["tags"]).isdisjoint(values),
        "method": lambda order, values: order["details"].get("fulfilment", NO)["method"] in values,
        "assigned_to": lambda order, values: whose(order) in values,
        "due_before": lambda order, moment: order["due_at"] < moment,
        "total_from": lambda order, least: order["total"] >= least,
        "total_to": lambda order, most: order["total"] <= most,
    }
    fits = [o for o in everything if all(t(o, wanted[n]) for n, t in tests.items() if n in wanted)]
    column = SORTS[wanted["sort"].removeprefix("-")].name
    fits.sort(key=lambda o: (o[column], o["number"]), reverse=wanted["sort"].startswith("-"))
    if wanted["sort"] == "-due":
        fits.sort(key=lambda o: o["due_at"] == NEVER)
    return [order["number"] for order in fits]


def walked(wanted: Filter) -> list[int]:
    """The numbers of all orders that a filter finds, page by page."""
    numbers: list[int] = []
    given = {name: getattr(wanted, name) for name in Filter.__slots__}
    while True:
        page = queries.page(Filter(**given))
        assert len(page.orders) <= wanted.limit
        numbers += [order["number"] for order in page.orders]
        if page.next is None:
            return numbers
        given["after"] = page.next
