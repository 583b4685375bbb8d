"""The figures over all orders: what is one customer, and what is today."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock
from orderboard.config import Settings
from tests.web.support import json_of, place, with_key


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """The usual settings, with the shop in the zone that a test asks for."""
    return replace(settings, timezone=getattr(request, "param", settings.timezone))


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    """Sets the clock."""
    return Clock(monkeypatch)


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, *moment: int) -> None:
        now = datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]
        self._monkeypatch.setattr(clock, "now", lambda: now)


def today(client: FlaskClient) -> tuple[int, str]:
    figures = json_of(client.get("/api/overview"))
    return figures["today"], figures["revenue_today"]


@pytest.mark.parametrize(
    ("settings", "yesterday", "this_day", "now"),
    [
        # 14 hours before UTC: the new day began at ten in the morning of UTC's day before.
        ("Pacific/Kiritimati", (2030, 3, 10, 9, 59), (2030, 3, 10, 10, 0), (2030, 3, 10, 12, 0)),
        # Behind UTC: what UTC calls tomorrow is still the same day here.
        ("America/New_York", (2030, 6, 10, 3, 59), (2030, 6, 10, 4, 0), (2030, 6, 11, 3, 59)),
        # On the night on which the clocks go on, midnight is still winter time.
        ("Europe/Berlin", (2030, 3, 30, 22, 59), (2030, 3, 30, 23, 0), (2030, 3, 31, 12, 0)),
    ],
    indirect=["settings"],
)
def test_a_day_begins_at_midnight_where_the_shop_is(
    app: Flask,
    at: Clock,
    yesterday: tuple[int, ...],
    this_day: tuple[int, ...],
    now: tuple[int, ...],
) -> None:
    at(*now)
    office = with_key(app, "admin")
    items = [{"name": "Chai", "quantity": 1, "unit_price": "2.50"}]
    at(*yesterday)
    place(office, items=items)
    at(*this_day)
    place(office, items=items)
    at(*now)
    assert today(office) == (1, "2.50")


@pytest.mark.parametrize(
    ("customers", "count"),
    [
        ([{"name": "Ada", "phone": "0700 1"}, {"name": "A. Lovelace", "phone": "0700 1"}], 1),
        ([{"name": "Ada", "phone": "0700 1"}, {"name": "Ada", "phone": "0700 2"}], 2),
        ([{"name": "Ada", "email": "ada@x.example"}, {"name": "A", "email": "ADA@x.example"}], 1),
        (
            [
                {"name": "Ada", "email": "ada@x.example", "phone": "0700 1"},
                {"name": "Bo", "email": "bo@x.example", "phone": "0700 1"},
            ],
            2,
        ),
        ([{"name": "Ada"}, {"name": "ada"}, {"name": "Bo"}], 2),
    ],
    ids=["telephone", "two telephones", "e-mail", "e-mail before telephone", "name"],
)
def test_orders_are_of_one_customer_by_e_mail_or_else_telephone_or_else_name(
    admin: FlaskClient, customers: list[dict[str, str]], count: int
) -> None:
    for customer in customers:
        place(admin, customer=customer)
    assert json_of(admin.get("/api/overview"))["customers"] == count
