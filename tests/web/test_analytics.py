"""What happened in a period, over HTTP."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock
from orderboard.config import Settings
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.orders.new_order import NewOrder
from orderboard.orders.placing import place as put
from tests.analytics.reference import catch_up
from tests.web.support import json_of, moved, place, problem, with_key

Json = dict[str, Any]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TEA = {"sku": "tea", "name": "Tea", "quantity": 2, "unit_price": "4.50"}
CUP = {"name": "A cup", "quantity": "1.500", "unit": "kg", "unit_price": "2.00"}


class Clock:
    """Says what time it is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2030, 3, 4, 9, 30, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """The usual settings, with the shop in the zone that a test asks for."""
    return replace(settings, timezone=getattr(request, "param", settings.timezone))


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the shop; it is half past nine on a Monday."""
    return Clock(monkeypatch)


@pytest.fixture
def office(at: Clock, app: Flask) -> Iterator[FlaskClient]:
    """A script that may do everything, at that time."""
    return with_key(app, "admin")


def look(office: FlaskClient, app: Flask, **query: str) -> Json:
    """What a period was, when the courier has taken in everything."""
    with app.app_context():
        catch_up(app.extensions["orderboard"].settings.timezone)
    answer = office.get("/api/analytics", query_string=query)
    assert answer.status_code == 200, answer.text
    return json_of(answer)


def test_orders_revenue_and_refunds_are_told_for_each_hour_and_together(
    office: FlaskClient, app: Flask, at: Clock
) -> None:
    paid = [{"method": "card", "amount": "9"}]
    first = place(office, items=[TEA], currency="USD", payments=paid)
    at.pass_(hours=2)
    place(office, items=[TEA, CUP], currency="USD", type="bulk", channel="phone")
    place(office, items=[CUP], currency="EUR")
    refund = {"amount": "3", "reason": "cold"}
    assert office.post(f"/api/orders/{first['id']}/refunds", json=refund).status_code == 201
    found = look(office, app, **{"from": "2030-03-04", "interval": "hour"})
    assert (found["currency"], found["zone"], found["interval"]) == ("USD", "UTC", "hour")
    assert found["totals"] == {
        "orders": 3,
        "revenue": "18.00",
        "refunds": "3.00",
        "average": "9.00",
        "cancelled": 0,
        "revenue_by_currency": {"EUR": "3.00", "USD": "18.00"},
        "refunds_by_currency": {"EUR": "0.00", "USD": "3.00"},
    }
    hours = {part["from"][11:13]: part for part in found["intervals"]}
    assert [*hours] == [f"{hour:02}" for hour in range(12)], "up to the hour that it is"
    assert (hours["09"]["orders"], hours["09"]["revenue"], hours["09"]["refunds"]) == (
        *(1, "6.00", "3.00"),
    )
    assert (hours["11"]["orders"], hours["11"]["revenue"]) == (2, "12.00")
    assert found["by_type"]["bulk"] == {"orders": 1, "revenue": "12.00", "refunds": "0.00"}
    assert found["by_status"]["pending"]["orders"] == 3
    assert {name: part["orders"] for name, part in found["by_channel"].items()} == {
        "": 2,  # whoever sent them in
        "phone": 1,
    }
    assert [(p["sku"], p["name"], p["quantity"], p["revenue"]) for p in found["products"]] == [
        ("tea", "Tea", 4, "18.00"),
        (None, "A cup", "1.500", "3.00"),
    ]
    euros = look(office, app, currency="EUR")
    assert (euros["totals"]["orders"], euros["totals"]["revenue"]) == (3, "3.00")
    assert [product["name"] for product in euros["products"]] == ["A cup"]


@SQLITE
def test_what_is_called_off_brings_nothing_and_says_why(
    office: FlaskClient, app: Flask, at: Clock
) -> None:
    orders = [place(office, items=[TEA], currency="USD") for _ in range(4)]
    for order, status, reason in (
        (orders[0], "cancelled", "Too late"),
        (orders[1], "declined", "Sold out"),
        (orders[2], "declined", "Sold out"),
    ):
        said = {"status": status, "reason": reason}
        assert office.put(f"/api/orders/{order['id']}/status", json=said).status_code == 200
    found = look(office, app)
    assert found["cancellations"] == [
        {"reason": "Sold out", "orders": 2},
        {"reason": "Too late", "orders": 1},
    ]
    assert (found["totals"]["cancelled"], found["totals"]["revenue"]) == (3, "9.00")
    assert found["totals"]["average"] == "9.00"
    assert [product["quantity"] for product in found["products"]] == [2]


@SQLITE
def test_times_are_told_with_median_and_what_nine_of_ten_do_not_exceed(
    office: FlaskClient, app: Flask, at: Clock
) -> None:
    for minutes in range(1, 11):
        order = place(office)
        began = at.now
        at.pass_(minutes=minutes)
        moved(office, order, "processing")
        at.now = began + timedelta(minutes=10 * minutes)
        moved(office, order, "ready", "shipped", "delivered")
        at.now = began
    times = look(office, app)["times"]
    assert {name: told["count"] for name, told in times.items()} == {
        **dict.fromkeys(("accept", "ready", "ship", "deliver"), 10)
    }
    assert times["accept"]["median"] == pytest.approx(300, rel=0.02)
    assert times["accept"]["p90"] == pytest.approx(540, rel=0.02)
    assert times["deliver"]["p90"] == pytest.approx(5400, rel=0.02)
    place(office)
    assert look(office, app)["times"]["accept"]["count"] == 10


@SQLITE
def test_a_period_stands_beside_the_one_before_until_the_same_time(
    office: FlaskClient, app: Flask, at: Clock
) -> None:
    place(office, items=[TEA], currency="USD")  # Monday, half past nine
    at.pass_(hours=3)
    place(office, items=[TEA], currency="USD")
    at.pass_(hours=21)  # Tuesday, half past nine
    place(office, items=[TEA, CUP], currency="USD")
    found = look(office, app, **{"from": "2030-03-05", "compare": "previous"})
    before = found["previous"]
    assert (before["from"][:16], before["to"][:16]) == ("2030-03-04T00:00", "2030-03-04T10:00")
    assert (before["totals"]["orders"], before["totals"]["revenue"]) == (1, "9.00")
    assert len(before["intervals"]) == len(found["intervals"]) == 10
    whole = look(office, app, **{"from": "2030-03-05", "to": "2030-03-05", "compare": "previous"})
    assert whole["previous"]["totals"]["orders"] == 2
    part = {"from": "2030-03-05T09:00:00Z", "to": "2030-03-05T10:00:00Z", "compare": "previous"}
    assert look(office, app, **part)["previous"]["from"][:16] == "2030-03-05T08:00"
    assert look(office, app)["previous"] is None


@SQLITE
@pytest.mark.parametrize(
    ("settings", "day", "hours"),
    [
        ("Europe/Berlin", date(2030, 3, 31), 23),
        ("Europe/Berlin", date(2030, 10, 27), 25),
        ("America/New_York", date(2030, 11, 3), 25),
        ("Africa/Cairo", date(2030, 4, 26), 23),  # at midnight: the day begins at one o'clock
        ("Asia/Kathmandu", date(2030, 4, 1), 24),  # three quarters of an hour off
    ],
    indirect=["settings"],
)
def test_a_day_has_all_of_its_hours_when_the_clocks_change(
    app: Flask, settings: Settings, at: Clock, day: date, hours: int
) -> None:
    office, zone = with_key(app, "admin"), ZoneInfo(settings.timezone)
    begin = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    placed = [begin + timedelta(minutes=30 * half) for half in range(-48, 2 * hours + 48)]
    with app.app_context(), log.transaction() as tx:
        for at.now in placed:
            put(tx, NewOrder(customer={"name": "Ada"}, currency="USD"), Actor("x", "x"), "x")
    said = day.isoformat()
    hourly = look(office, app, **{"from": said, "to": said, "interval": "hour"})
    assert [part["orders"] for part in hourly["intervals"]] == [2] * hours
    wide = {"from": str(day - timedelta(days=1)), "to": str(day + timedelta(days=1))}
    found = look(office, app, **wide, interval="day")
    assert [part["orders"] for part in found["intervals"]][1] == 2 * hours
    assert found["totals"]["orders"] == sum(part["orders"] for part in found["intervals"])
    assert (
        found["totals"]["orders"] == look(office, app, **wide, interval="hour")["totals"]["orders"]
    )


@SQLITE
def test_any_division_of_any_period_comes_to_the_same(
    office: FlaskClient, app: Flask, at: Clock
) -> None:
    days = []
    with app.app_context(), log.transaction() as tx:
        for _ in range(300):
            at.pass_(hours=7, minutes=13)
            days.append(f"{at.now:%m-%d}")
            put(tx, NewOrder(customer={"name": "Ada"}, currency="USD"), Actor("x", "x"), "x")
    for first, last in (("03-20", "05-31"), ("03-31", "05-01"), ("04-01", "04-30"), ("04-02",) * 2):
        period = {"from": f"2030-{first}", "to": f"2030-{last}"}
        expected = sum(first <= day <= last for day in days)
        for interval in ("day", "week"):
            found = look(office, app, **period, interval=interval)
            assert found["totals"]["orders"] == expected
            assert sum(part["orders"] for part in found["intervals"]) == expected
        begins = [datetime.fromisoformat(part["from"]) for part in found["intervals"]]
        assert {begin.weekday() for begin in begins[1:]} <= {0}, "weeks begin on Monday"


@SQLITE
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("from=2030-03-05&to=2030-03-04", ["to"]),
        ("from=2030-03-04T10:00:00Z&to=2030-03-04T10:00:00Z", ["to"]),
        ("from=2031-01-01", ["to"]),
        ("from=2029-01-01&to=2030-03-01&interval=day", ["interval"]),
        ("from=2030-01-01&to=2030-03-01&interval=hour", ["interval"]),
        ("from=1970-01-01&to=9000-01-01", ["interval"]),
        ("interval=month", ["interval"]),
        ("compare=next", ["compare"]),
        ("from=yesterday", ["from"]),
        ("from=2030-02-30", ["from"]),
        ("from=2030-03-04T10:00:00", ["from"]),
        ("from=0001-01-01&to=9999-12-31", ["from", "to"]),
        ("currency=XXY", ["currency"]),
        ("from=2030-03-04&from=2030-03-05", ["from"]),
        ("form=2030-03-04", ["form"]),
    ],
)
def test_a_period_that_cannot_be_told_is_refused_by_name(
    office: FlaskClient, query: str, names: list[str]
) -> None:
    problem(office.get(f"/api/analytics?{query}"), 422, *names)


@SQLITE
def test_an_empty_shop_has_an_answer(office: FlaskClient, app: Flask) -> None:
    found = look(office, app, compare="previous")
    assert (found["totals"]["orders"], found["totals"]["average"]) == (0, "0.00")
    assert len(found["intervals"]) == len(found["previous"]["intervals"]) == 30
    assert found["times"]["accept"] == {"count": 0, "median": None, "p90": None}
    assert (found["products"], found["cancellations"], found["by_channel"]) == ([], [], {})
