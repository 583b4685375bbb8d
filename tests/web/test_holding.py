"""An order on hold comes back by itself at its time: once, and to where it was."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock
from orderboard.orders import holding
from tests.web.support import (
    as_driver,
    json_of,
    moved,
    new_driver,
    place,
    problem,
    timeline,
    token_of,
    with_key,
)

Json = dict[str, Any]
HOUR = timedelta(hours=1)
Courier = Callable[[timedelta], float]


@pytest.fixture
def courier(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Courier:
    """Does what the courier does, so long after now; answers when it looks again."""
    real = clock.now

    def wake(later: timedelta) -> float:
        with app.app_context(), monkeypatch.context() as patched:
            patched.setattr(clock, "now", lambda: real() + later)
            return holding.wake_due()

    return wake


def path(order: Json) -> str:
    return f"/api/orders/{order['id']}/status"


def held(client: FlaskClient, order: Json, **more: Any) -> Json:
    """The order on hold for an hour."""
    until = clock.rfc3339(clock.now() + HOUR)
    given = {"status": "on_hold", "until": until, **more}
    now = json_of(client.put(path(order), json=given))
    assert (now["status"], now["held_until"]) == ("on_hold", given["until"])
    return now


def read(client: FlaskClient, order: Json) -> Json:
    return json_of(client.get(f"/api/orders/{order['id']}"))


def test_an_accepted_order_is_worked_on_again_at_its_time(
    admin: FlaskClient, courier: Courier
) -> None:
    order = held(admin, moved(admin, place(admin), "processing"), reason="Oven is off")
    courier(HOUR / 2)
    assert read(admin, order) == order
    for _ in range(3):
        courier(HOUR)
    now = read(admin, order)
    assert (now["status"], now["held_until"], now["cancel_reason"]) == ("processing", None, None)
    *_, last = events = timeline(admin, order)
    assert [event["type"] for event in events].count("order.woken") == 1
    assert last["actor"]["kind"] == "system"
    assert last["was"] == {
        "status": "on_hold",
        "held_until": order["held_until"],
        "cancel_reason": "Oven is off",
    }


def test_an_order_that_nobody_had_accepted_waits_for_that_again(
    admin: FlaskClient, courier: Courier
) -> None:
    order = held(admin, place(admin))
    courier(HOUR)
    assert read(admin, order)["status"] == "pending"
    by_status = json_of(admin.get("/api/overview"))["by_status"]
    assert (by_status["pending"], by_status.get("on_hold", 0)) == (1, 0)
    assert json_of(admin.put(f"/api/orders/{order['id']}/acceptance", json={}))["acceptance"]


def test_what_comes_due_together_comes_back_together(
    admin: FlaskClient, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "_AT_ONCE", 3)
    monkeypatch.setattr(holding, "_next", holding._next.limit(3))
    orders = [held(admin, place(admin)) for _ in range(7)]
    assert [courier(2 * HOUR) < 1 for _ in range(3)] == [True, True, False]
    assert {read(admin, order)["status"] for order in orders} == {"pending"}


def test_one_that_cannot_come_back_holds_up_no_other(
    admin: FlaskClient, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "_next", holding._next.limit(1))
    broken, good = held(admin, place(admin)), held(admin, place(admin))
    wake = holding._wake

    def fail(order_id: str, now: datetime) -> None:
        if order_id == broken["id"]:
            raise ValueError("a fault of this order")
        wake(order_id, now)

    with monkeypatch.context() as patched:
        patched.setattr(holding, "_wake", fail)
        courier(2 * HOUR)
        courier(2 * HOUR)
    assert [read(admin, one)["status"] for one in (broken, good)] == ["on_hold", "pending"]
    monkeypatch.setattr(holding, "_failed", holding.Aside())  # its time is over
    courier(2 * HOUR)
    assert read(admin, broken)["status"] == "pending"


def test_the_courier_looks_again_when_the_first_is_due(
    admin: FlaskClient, courier: Courier
) -> None:
    order = held(admin, place(admin))
    until = clock.parse_rfc3339(order["held_until"])
    assert 0 < courier(until - clock.now() - timedelta(milliseconds=300)) < 0.4


@pytest.mark.parametrize("move", ["processing", "cancelled", "declined"])
def test_a_hold_that_somebody_ends_wakes_nobody(
    admin: FlaskClient, courier: Courier, move: str
) -> None:
    order = moved(admin, held(admin, place(admin)), move)
    assert order["held_until"] is None
    courier(2 * HOUR)
    assert read(admin, order) == order


def test_accepting_ends_a_hold_with_its_time(admin: FlaskClient, courier: Courier) -> None:
    order = held(admin, place(admin))
    now = json_of(admin.put(f"/api/orders/{order['id']}/acceptance", json={"ready_in": 20}))
    courier(2 * HOUR)
    assert read(admin, order) == now
    assert now["held_until"] is None


def test_the_time_of_a_hold_is_changed_and_taken_away(admin: FlaskClient, courier: Courier) -> None:
    order = held(admin, place(admin), reason="Ring first")
    later = held(admin, order, until=clock.rfc3339(clock.now() + 3 * HOUR))
    assert later["cancel_reason"] == "Ring first"
    courier(2 * HOUR)
    assert read(admin, order) == later
    now = json_of(admin.put(path(order), json={"status": "on_hold", "until": None}))
    assert (now["status"], now["held_until"]) == ("on_hold", None)
    courier(4 * HOUR)
    assert read(admin, order) == now
    last = timeline(admin, order)[-1]
    assert (last["type"], last["changes"]) == ("order.updated", ["held_until"])
    problem(admin.put(path(order), json={"status": "on_hold"}), 409)


def test_neither_customer_nor_driver_is_told_until_when(app: Flask, admin: FlaskClient) -> None:
    order = held(admin, place(admin))
    driver = new_driver(app)
    admin.put(f"/api/orders/{order['id']}/driver", json={"driver": driver})
    theirs = as_driver(app, driver)
    assert "held_until" not in json_of(theirs.get(f"/api/orders/{order['id']}"))
    assert "held_until" not in json_of(admin.get(f"/api/track/{token_of(order)}"))
    problem(theirs.put(path(order), json={"status": "on_hold", "until": None}), 409)
    assert read(with_key(app, "read"), order)["held_until"] == order["held_until"]


def test_many_are_put_on_hold_until_the_same_time(admin: FlaskClient, courier: Courier) -> None:
    orders = [place(admin), moved(admin, place(admin), "processing", "ready")]
    until = clock.rfc3339(clock.now() + HOUR)
    given = {"ids": [order["id"] for order in orders], "status": "on_hold", "until": until}
    results = json_of(admin.post("/api/orders/bulk/status", json=given))["results"]
    assert [result["status"] for result in results] == [200, 409]
    courier(HOUR)
    assert [read(admin, order)["status"] for order in orders] == ["pending", "ready"]


@pytest.mark.parametrize(
    "given",
    [
        {"status": "processing", "until": clock.rfc3339(clock.now() + HOUR)},
        {"status": "processing", "until": None},
        {"status": "on_hold", "until": clock.rfc3339(clock.now() - HOUR)},
        {"status": "on_hold", "until": clock.rfc3339(clock.now() + timedelta(days=367))},
        {"status": "on_hold", "until": "16:30"},
        {"status": "on_hold", "until": 30},
    ],
)
def test_a_time_that_makes_no_sense_changes_nothing(admin: FlaskClient, given: Json) -> None:
    order = place(admin)
    problem(admin.put(path(order), json=given), 422, "until")
    many = {**given, "ids": [order["id"]]}
    problem(admin.post("/api/orders/bulk/status", json=many), 422, "until")
    assert len(timeline(admin, order)) == 1


def test_what_somebody_changes_just_before_it_is_woken_stands(
    app: Flask, admin: FlaskClient
) -> None:
    later, over = held(admin, place(admin)), moved(admin, held(admin, place(admin)), "declined")
    with app.app_context():
        for order in (later, over):
            holding._wake(order["id"], clock.now())  # read as due a moment ago
    assert [read(admin, order) for order in (later, over)] == [later, over]
