"""Which open orders are at risk: late ones, and new ones that nobody accepts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock
from orderboard.database import reading
from orderboard.orders import risk
from orderboard.orders.rules import ON_THE_WAY
from tests.web.support import json_of, moved, place, with_key

NOON = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """A script at noon, in a shop that wants orders accepted within ten minutes."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    client = with_key(app, "admin")
    client.patch("/api/settings", json={"accept_within": 10})
    return client


def at_risk(office: FlaskClient) -> int:
    """How many the overview counts, which are those that the list finds."""
    found = json_of(office.get("/api/orders?at_risk=yes&sort=due"))["orders"]
    assert {order["status"] for order in found} <= set(ON_THE_WAY)
    assert int(json_of(office.get("/api/overview"))["at_risk"]) == len(found)
    return len(found)


def test_an_order_past_due_is_at_risk_until_it_has_arrived(
    office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = "2030-03-04T12:30:00Z"
    order = place(office, fulfilment={"method": "pickup", "until": soon})
    moved(office, order, "processing")
    later = place(office, fulfilment={"method": "pickup", "until": "2030-03-05T12:00:00Z"})
    moved(office, later, "processing")
    assert at_risk(office) == 0
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=31))
    assert at_risk(office) == 1
    moved(office, order, "ready", "delivered")
    assert at_risk(office) == 0


def test_an_order_made_ready_in_time_is_not_at_risk_once_its_promise_passes(
    office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place(office, fulfilment={"method": "ship", "until": "2030-03-04T14:00:00Z"})
    soon = {"ready_at": "2030-03-04T12:30:00Z"}
    office.put(f"/api/orders/{order['id']}/acceptance", json=soon)
    moved(office, order, "ready")
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=31))
    assert at_risk(office) == 0, "the promise was kept"
    moved(office, order, "shipped", "failed")
    assert at_risk(office) == 0
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=121))
    assert at_risk(office) == 1, "wanted by two o'clock"


def test_an_order_that_nobody_accepts_is_at_risk_once(
    office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place(office, fulfilment={"method": "pickup", "until": "2030-03-04T12:05:00Z"})
    place(office)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=9))
    assert at_risk(office) == 1, "past due"
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=10))
    assert at_risk(office) == 2, "that one and the other, each once"
    office.patch("/api/settings", json={"accept_within": 0})
    assert at_risk(office) == 1
    moved(office, order, "declined")
    assert at_risk(office) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_counting_them_looks_at_no_others(app: Flask) -> None:
    with app.app_context(), reading() as connection:
        for some in (risk._past_due(NOON), risk._waiting(NOON, NOON)):
            text = str(some.compile(connection, compile_kwargs={"literal_binds": True}))
            plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
            assert all("(status=? AND type=? AND " in step for step in plan), plan
