"""Days on which the clocks change: lists and figures have all of their hours, and no other's."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock
from orderboard.config import Settings
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.figures import rebuilding
from orderboard.orders import finding
from orderboard.orders.new_order import NewOrder
from orderboard.orders.placing import place
from tests.figures import reference
from tests.web.support import json_of, with_key

HALF = timedelta(minutes=30)
CHANGES = [
    ("Europe/Berlin", date(2030, 3, 31), 46),
    ("Europe/Berlin", date(2030, 10, 27), 50),
    ("America/New_York", date(2030, 3, 10), 46),
    ("America/New_York", date(2030, 11, 3), 50),
    ("Australia/Lord_Howe", date(2030, 4, 7), 49),  # half an hour there and back
    ("Australia/Lord_Howe", date(2030, 10, 6), 47),
    ("Africa/Cairo", date(2030, 4, 26), 46),  # at midnight: the day begins at one o'clock
    ("UTC", date(2030, 3, 31), 48),
]
"""A zone, a day there, and how many half hours that has."""


@pytest.fixture
def settings(settings: Settings, zone: str) -> Settings:
    return replace(settings, timezone=zone)


@pytest.fixture
def admin(app: Flask, zone: str) -> FlaskClient:
    with app.app_context():
        rebuilding.ensure(zone)
    return with_key(app, "admin")


@pytest.fixture(params=[10_000, 0], ids=["few", "many"], autouse=True)
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to find what is sorted otherwise."""
    monkeypatch.setattr(finding, "FEW", request.param)


def midnight(day: date, zone: str) -> datetime:
    """The first moment of a day there."""
    begins = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    back = begins.astimezone(ZoneInfo(zone))
    return begins if back.date() == day else begins + timedelta(hours=1)


def moments(first: datetime, last: datetime) -> Iterator[datetime]:
    while first < last:
        yield first
        first += HALF


@pytest.mark.parametrize(("zone", "day", "halves"), CHANGES)
def test_a_day_has_all_orders_of_its_hours_however_many_these_are(
    app: Flask,
    admin: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
    day: date,
    halves: int,
) -> None:
    one = timedelta(days=1)
    begins, ends = midnight(day, zone), midnight(day + one, zone)
    placed = [*moments(midnight(day - one, zone), midnight(day + one * 2, zone))]
    with app.app_context(), log.transaction() as tx:
        for moment in placed:
            monkeypatch.setattr(clock, "now", lambda at=moment: at)
            place(tx, NewOrder(customer={"name": "Ada"}, currency="USD"), Actor("x", "x"), "x")
    within = [number for number, at in enumerate(placed, 1) if begins <= at < ends]
    assert len(within) == halves
    for sort in ("created", "total", "-updated"):
        query = {"created_from": there(begins, zone), "created_to": there(ends, zone)}
        answer = admin.get("/api/orders", query_string={**query, "sort": sort, "limit": 200})
        assert sorted(order["number"] for order in json_of(answer)["orders"]) == within, sort
    last = begins - timedelta(microseconds=1)
    query = {"updated_after": there(last, zone), "created_to": there(ends, zone)}
    answer = admin.get("/api/orders", query_string={**query, "sort": "total", "limit": 200})
    assert sorted(order["number"] for order in json_of(answer)["orders"]) == within
    with app.app_context():
        rows = reference.kept()["rows"]
        assert rows == reference.counted(zone)["rows"]
    assert sum(orders for cell, (orders, *_) in rows.items() if cell[0] == str(day)) == halves
    for moment in (begins, ends - HALF):
        monkeypatch.setattr(clock, "now", lambda at=moment: at)
        assert json_of(admin.get("/api/overview"))["today"] == halves
    monkeypatch.setattr(clock, "now", lambda: ends)
    assert json_of(admin.get("/api/overview"))["today"] == len(placed) - within[-1]


def there(moment: datetime, zone: str) -> str:
    """A moment as the shop's people would write it."""
    return moment.astimezone(ZoneInfo(zone)).isoformat()
