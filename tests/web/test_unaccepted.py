"""That nobody has accepted an order in time is told once, to those who can do something."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock
from orderboard.audiences import KINDS
from orderboard.events import log
from orderboard.orders import holding, unaccepted
from orderboard.settings.known import known
from tests.web.support import json_of, moved, place, position, timeline

Json = dict[str, Any]
MINUTE = timedelta(minutes=1)
Courier = Callable[[int], None]
TYPE = "order.unaccepted"


@pytest.fixture
def courier(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Courier:
    """Does what the courier does, so many minutes after now."""
    real = clock.now

    def tell(minutes: int) -> None:
        with app.app_context(), monkeypatch.context() as patched:
            patched.setattr(clock, "now", lambda: real() + minutes * MINUTE)
            known().forget()
            while unaccepted.tell_late() < 1:
                pass

    return tell


def told(app: Flask) -> list[str | None]:
    """The orders that were told of, one entry for each time."""
    with app.app_context():
        return [event.order_id for event in log.since(0, 1000) if event.type == TYPE]


def within(client: FlaskClient, minutes: int) -> None:
    assert client.patch("/api/settings", json={"accept_within": minutes}).status_code == 200


def test_an_order_that_waits_too_long_is_told_of_once(
    app: Flask, admin: FlaskClient, courier: Courier
) -> None:
    courier(0)
    order = place(admin)
    courier(9)
    assert told(app) == []
    for minutes in (11, 11, 60):
        courier(minutes)
    assert told(app) == [order["id"]]
    last = timeline(admin, order)[-1]
    assert (last["type"], last["actor"]["kind"], last["changes"]) == (TYPE, "system", [])
    assert last["order"] == json_of(admin.get(f"/api/orders/{order['id']}"))


def test_whoever_looked_at_it_in_time_is_not_reminded(
    app: Flask, admin: FlaskClient, courier: Courier
) -> None:
    courier(0)
    moves = ("processing", "on_hold", "declined", "cancelled")
    for move in moves:
        moved(admin, place(admin), move)
    late = place(admin)
    courier(11)
    moved(admin, late, "processing")
    courier(30)
    assert told(app) == [late["id"]]


def test_after_it_was_away_the_courier_tells_of_all_that_became_late(
    app: Flask, admin: FlaskClient, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unaccepted, "_TOLD", 2)
    monkeypatch.setattr(unaccepted, "_LOOKED_AT", 4)
    courier(0)
    orders = [place(admin) for _ in range(9)]
    for order in orders[1:6]:
        moved(admin, order, "processing")
    courier(500)
    assert told(app) == [orders[place]["id"] for place in (0, 6, 7, 8)]


def test_one_that_waits_again_has_its_minutes_anew(
    app: Flask, admin: FlaskClient, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = clock.now
    courier(0)
    woken, undone, taken = (place(admin) for _ in range(3))
    until = clock.rfc3339(real() + 20 * MINUTE)
    for order in (woken, taken):
        path = f"/api/orders/{order['id']}/status"
        admin.put(path, json={"status": "on_hold", "until": until})
    moved(admin, undone, "processing")
    courier(15)  # it has seen that all of them are looked after
    at = timeline(admin, undone)[-1]["position"]
    with app.app_context(), monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: real() + 20 * MINUTE)
        holding.wake_due()
    undo = admin.post(f"/api/orders/{undone['id']}/undo", json={"position": at})
    assert undo.status_code == 200
    moved(admin, taken, "processing")
    courier(9)
    assert told(app) == []
    courier(29)
    assert told(app) == [undone["id"]]
    for minutes in (31, 32, 90):
        courier(minutes)
    assert told(app) == [undone["id"], woken["id"]]


def test_one_that_waits_again_before_its_time_is_told_of_once(
    app: Flask, admin: FlaskClient, courier: Courier
) -> None:
    courier(0)
    order = place(admin)
    moved(admin, order, "processing")
    at = timeline(admin, order)[-1]["position"]
    admin.post(f"/api/orders/{order['id']}/undo", json={"position": at})
    for minutes in (11, 12, 90):
        courier(minutes)
    assert told(app) == [order["id"]]


def test_one_that_cannot_be_told_of_holds_up_no_other(
    app: Flask, admin: FlaskClient, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    courier(0)
    first, broken, last = (place(admin)["id"] for _ in range(3))
    record = unaccepted._record

    def fail(tx: log.Transaction, order_id: str) -> None:
        if order_id == broken:
            raise ValueError("a fault of this order")
        record(tx, order_id)

    monkeypatch.setattr(unaccepted, "_record", fail)
    courier(11)
    courier(12)
    assert told(app) == [first, last]


def test_what_was_placed_before_it_began_or_while_it_was_off_is_not_told_of(
    app: Flask, admin: FlaskClient, courier: Courier
) -> None:
    place(admin)
    courier(20)
    place(admin)  # late by the courier's clock, but not when it begins anew
    within(admin, 0)
    courier(20)
    within(admin, 10)
    courier(20)
    assert told(app) == []


def test_fewer_minutes_hold_for_orders_that_wait_already(
    app: Flask, admin: FlaskClient, courier: Courier
) -> None:
    within(admin, 60)
    courier(0)
    order = place(admin)
    courier(30)
    assert told(app) == []
    within(admin, 20)
    courier(30)
    assert told(app) == [order["id"]]


def test_staff_and_scripts_hear_it_and_customers_do_not(
    app: Flask, admin: FlaskClient, courier: Courier
) -> None:
    courier(0)
    order = place(admin)
    courier(11)
    with app.app_context():
        (event,) = log.since(position(app) - 1, 1)
    assert event.type == TYPE
    assert set(KINDS.audiences_of(event)) == {"board", "reader"}
    assert KINDS.view(event, f"order:{order['id']}", "") is None
