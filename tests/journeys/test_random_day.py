"""A day of two thousand things by eight processes at once: in the evening all books agree."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys import day_books
from tests.journeys.day_clerk import SKUS, Day, work
from tests.servers import HIGH_LIMITS, BoardServer, board_server

Json = dict[str, Any]
PROCESSES, STEPS, PIECES = 8, 250, 200


@pytest.fixture
def server(folder: Path, empty_database_url: str) -> Iterator[BoardServer]:
    """A running shop with two workers."""
    settings = {"DATABASE_URL": empty_database_url, "WEB_CONCURRENCY": "2"}
    with board_server(folder / "home", **settings, **HIGH_LIMITS) as running:
        yield running


@pytest.fixture
def office(server: BoardServer) -> Iterator[httpx.Client]:
    """A client with an admin's key, in a shop with a catalogue."""
    headers = {"Authorization": f"Bearer {server.key('admin')}"}
    with httpx.Client(base_url=server.base_url, headers=headers, timeout=60) as client:
        for sku in SKUS:
            product = {"sku": sku, "name": sku, "price": "1.00", "stock": PIECES}
            assert client.post("/api/products", json=product).status_code == 201
        yield client


def test_a_random_day_adds_up(server: BoardServer, office: httpx.Client) -> None:
    day = _whole_day(server, office.headers["Authorization"].removeprefix("Bearer "))
    assert day.wrong == []
    few = {what: day.done[what] for what in _EVERYTHING if day.done[what] < 5}
    assert not few, f"hardly anything was tried: {few} of {day.done}, refused {day.refused}"
    orders, events = _all_orders(office), _all_events(office)
    _check_log(orders, events)
    _check_money(orders, day)
    _check_figures(orders, office.get("/api/overview").json())
    _check_stock(events, day, office)


_EVERYTHING = ("place", "move", "edit", "pay", "refund", "return", "cancel", "count")


def _whole_day(server: BoardServer, key: str) -> Day:
    """What came of the work of all processes together."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        working = [
            pool.submit(work, server.base_url, key, f"random day {number}", STEPS)
            for number in range(PROCESSES)
        ]
        days = [one.result(timeout=100) for one in working]
    whole = Day()
    for one in days:
        whole.wrong += one.wrong
        for name in ("done", "refused", "paid", "refunded", "counted"):
            sums: Counter[str] = getattr(whole, name)
            sums.update(getattr(one, name))
    return whole


def _all_orders(office: httpx.Client) -> list[Json]:
    orders: list[Json] = []
    page: Json = {"next": ""}
    while page["next"] is not None:
        more = {"cursor": page["next"]} if page["next"] else {}
        page = office.get("/api/orders", params={"limit": 200, **more}).json()
        orders += page["orders"]
    return orders


def _all_events(office: httpx.Client) -> list[Json]:
    events: list[Json] = []
    after = ""
    while True:
        page = office.get("/api/events", params={"after": after, "limit": 200}).json()
        assert not page["reset"]
        events += page["events"]
        if not page["events"]:
            return events
        after = page["next"]


def _check_log(orders: list[Json], events: list[Json]) -> None:
    """Each change of each order is one event, and the last of them is how the order is."""
    assert [event["position"] for event in events] == [*range(1, len(events) + 1)]
    last = {event["order"]["id"]: event["order"] for event in events if "order" in event}
    assert last == {order["id"]: order for order in orders}
    changes = Counter(event["order"]["id"] for event in events if "order" in event)
    assert changes == {order["id"]: order["version"] for order in orders}


def _check_money(orders: list[Json], day: Day) -> None:
    for order in orders:
        assert day_books.total(order) == Decimal(order["total"]), order
        payment, mine = order["payment"], order["id"]
        assert Decimal(payment["paid"]) == day.paid[mine], order
        assert Decimal(payment["refunded"]) == day.refunded[mine] <= day.paid[mine], order
        back = sum((Decimal(one["amount"]) for one in order["refunds"]), Decimal())
        assert back == day.refunded[mine], order
    assert not (day.paid.keys() | day.refunded.keys()) - {order["id"] for order in orders}


def _check_figures(orders: list[Json], overview: Json) -> None:
    assert overview["orders"] == len(orders)
    by_status = Counter(order["status"] for order in orders)
    assert {name: n for name, n in overview["by_status"].items() if n} == by_status
    assert Decimal(overview["revenue"]) == day_books.revenue(orders)


def _check_stock(events: list[Json], day: Day, office: httpx.Client) -> None:
    shelf = day_books.Shelf()
    for event in events:
        if "order" in event:
            shelf.hear(event["order"])
    for sku in SKUS:
        product = office.get(f"/api/products/{sku}").json()
        expected = PIECES + day.counted[sku] + shelf.stock[sku], shelf.reserved[sku]
        assert (Decimal(product["stock"]), Decimal(product["reserved"])) == expected, sku
        assert expected[0] >= 0
