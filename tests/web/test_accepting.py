"""A new order is accepted by one person, whose promise its customer is told."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock
from tests.web.support import as_staff, json_of, moved, place, problem, timeline, token_of

Json = dict[str, Any]
DAY = timedelta(days=1)


def path(order: Json) -> str:
    return f"/api/orders/{order['id']}/acceptance"


def test_an_accepted_order_is_worked_on_and_says_who_and_by_when(staff: FlaskClient) -> None:
    order = place(staff)
    before = clock.now()
    now = json_of(staff.put(path(order), json={"ready_in": 20}))
    acceptance = now["acceptance"]
    assert now["status"] == "processing"
    assert acceptance["by"]["kind"] == "staff"
    assert acceptance["at"] == now["times"]["processing"]
    late = (
        clock.rfc3339(before + timedelta(minutes=20)),
        clock.rfc3339(clock.now() + timedelta(minutes=20)),
    )
    assert late[0] <= acceptance["ready_at"] <= late[1]
    (last,) = timeline(staff, order)[1:]
    assert (last["type"], last["was"]["status"]) == ("order.accepted", "pending")
    assert {"status", "acceptance"} <= set(last["changes"])


def test_the_customer_is_told_by_when_and_not_by_whom(admin: FlaskClient) -> None:
    order = place(admin)
    ready_at = clock.rfc3339(clock.now() + DAY)
    admin.put(path(order), json={"ready_at": ready_at})
    token = token_of(order)
    told = json_of(admin.get(f"/api/track/{token}"))
    assert told["promised_at"] == ready_at
    assert "acceptance" not in told
    assert "Promised by" in admin.get(f"/track/{token}").text
    moved(admin, order, "ready")
    assert json_of(admin.get(f"/api/track/{token}"))["promised_at"] is None


def test_what_waits_on_hold_can_be_accepted_without_a_promise(admin: FlaskClient) -> None:
    order = place(admin)
    moved(admin, order, "on_hold")
    now = json_of(admin.put(path(order), json={}))
    assert (now["status"], now["acceptance"]["ready_at"]) == ("processing", None)


def test_accepting_twice_changes_nothing_and_somebody_else_is_too_late(
    app: Flask, admin: FlaskClient
) -> None:
    ada, bob = as_staff(app), as_staff(app, "bob@example.com")
    order = place(admin)
    first = json_of(ada.put(path(order), json={"ready_in": 20}))
    for again in ({"ready_in": 20}, {}, {"ready_at": first["acceptance"]["ready_at"]}):
        assert json_of(ada.put(path(order), json=again)) == first
    late = problem(bob.put(path(order), json={"ready_in": 10}), 409)
    assert late["allowed"] == ["ready", "shipped", "on_hold", "cancelled"]
    assert len(timeline(admin, order)) == 2


def test_a_promise_is_corrected_while_the_order_is_worked_on(admin: FlaskClient) -> None:
    order = place(admin)
    first = json_of(admin.put(path(order), json={"ready_in": 20}))["acceptance"]
    for said, minutes in (({"ready_in": 45}, 45), ({"ready_in": 44}, 44)):
        before = clock.now()
        now = json_of(admin.put(path(order), json=said))["acceptance"]
        promised = clock.parse_rfc3339(now["ready_at"]) - before
        assert timedelta(0) <= promised - timedelta(minutes=minutes) < timedelta(seconds=30)
        assert now == {**first, "ready_at": now["ready_at"]}
    exact = clock.rfc3339(clock.parse_rfc3339(now["ready_at"]) + timedelta(seconds=10))
    told = json_of(admin.put(path(order), json={"ready_at": exact}))
    assert told["acceptance"]["ready_at"] == exact
    last = timeline(admin, order)[-1]
    assert (last["type"], last["changes"]) == ("order.updated", ["acceptance"])
    assert last["was"]["acceptance"] == now
    assert json_of(admin.get(f"/api/track/{token_of(order)}"))["promised_at"] == exact
    moved(admin, order, "ready")
    problem(admin.put(path(order), json={"ready_in": 10}), 409)


def test_what_was_promised_before_a_hold_is_not_promised_after_it(admin: FlaskClient) -> None:
    order = place(admin)
    first = json_of(admin.put(path(order), json={"ready_in": 20}))["acceptance"]
    moved(admin, order, "on_hold")
    now = moved(admin, order, "processing")
    assert now["acceptance"] == {**first, "ready_at": None}
    assert json_of(admin.get(f"/api/track/{token_of(order)}"))["promised_at"] is None
    assert "Promised by" not in admin.get(f"/track/{token_of(order)}").text
    again = json_of(admin.put(path(order), json={"ready_in": 30}))
    assert again["acceptance"]["ready_at"] > first["ready_at"]


@pytest.mark.parametrize("end", ["cancelled", "declined"])
def test_what_was_called_off_a_moment_before_is_not_accepted(admin: FlaskClient, end: str) -> None:
    order = place(admin)
    before = moved(admin, order, end)
    late = problem(admin.put(path(order), json={"ready_in": 10}), 409)
    assert late["allowed"] == []
    assert json_of(admin.get(f"/api/orders/{order['id']}")) == before


def test_an_order_changed_meanwhile_is_not_accepted_unseen(admin: FlaskClient) -> None:
    order = place(admin)
    admin.patch(f"/api/orders/{order['id']}", json={"note": "Ring twice"})
    seen = {"If-Match": f'"{order["version"]}"'}
    late = problem(admin.put(path(order), json={}, headers=seen), 412)
    assert late["order"]["note"] == "Ring twice"
    assert late["order"]["status"] == "pending"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ready_in": 10, "ready_at": clock.rfc3339(clock.now() + DAY)}, "ready_at"),
        ({"ready_at": "2020-01-01T00:00:00Z"}, "ready_at"),
        ({"ready_at": clock.rfc3339(clock.now() + 61 * DAY)}, "ready_at"),
        ({"ready_at": "18:40"}, "ready_at"),
        ({"ready_in": 0}, "ready_in"),
        ({"ready_in": 60 * 24 * 60 + 1}, "ready_in"),
        ({"ready_in": "soon"}, "ready_in"),
        ({"minutes": 10}, "minutes"),
    ],
)
def test_a_promise_that_makes_no_sense_changes_nothing(
    admin: FlaskClient, given: Json, field: str
) -> None:
    order = place(admin)
    problem(admin.put(path(order), json=given), 422, field)
    assert len(timeline(admin, order)) == 1
