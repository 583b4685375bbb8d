"""Bringing an order from one status into another."""

from flask import Flask
from flask.testing import FlaskClient

from orderboard.orders.rules import MOVES, STATUSES
from tests.web.support import (
    as_driver,
    json_of,
    moved,
    new_driver,
    place,
    position,
    problem,
    timeline,
)

ROUTES = {
    "pending": (),
    "on_hold": ("on_hold",),
    "processing": ("processing",),
    "ready": ("processing", "ready"),
    "shipped": ("processing", "shipped"),
    "failed": ("processing", "shipped", "failed"),
    "delivered": ("processing", "shipped", "delivered"),
    "completed": ("processing", "shipped", "delivered", "completed"),
    "declined": ("declined",),
    "cancelled": ("cancelled",),
    "returned": ("processing", "shipped", "delivered", "returned"),
}
"""Status → how an order gets there."""


def test_every_move_is_as_promised_and_a_refusal_says_what_is_allowed(
    app: Flask, admin: FlaskClient
) -> None:
    for old in STATUSES:
        order = moved(admin, place(admin), *ROUTES[old])
        assert order["allowed"] == list(MOVES[old])
        before = position(app)
        for new in set(STATUSES) - set(MOVES[old]):
            refused = admin.put(f"/api/orders/{order['id']}/status", json={"status": new})
            assert problem(refused, 409)["allowed"] == list(MOVES[old]), (old, new)
        assert position(app) == before


def test_a_move_is_one_event_and_one_version(app: Flask, admin: FlaskClient) -> None:
    order = place(admin)
    body = {"status": "on_hold", "reason": "Waiting for stock"}
    after = json_of(admin.put(f"/api/orders/{order['id']}/status", json=body))
    assert (after["status"], after["version"], after["status_label"]) == ("on_hold", 2, "On hold")
    assert after["times"]["on_hold"] > order["times"]["pending"]
    assert after["updated_at"] > order["updated_at"]
    assert after["updated_by"] == {"kind": "script", "name": "office"}
    assert position(app) == 2


def test_a_reason_is_for_the_status_it_was_given_with(admin: FlaskClient) -> None:
    order = place(admin)
    body = {"status": "on_hold", "reason": "Waiting for stock"}
    held = json_of(admin.put(f"/api/orders/{order['id']}/status", json=body))
    assert held["cancel_reason"] == "Waiting for stock"
    assert moved(admin, held, "processing")["cancel_reason"] is None


def test_the_american_spelling_is_understood(admin: FlaskClient) -> None:
    for place_of_status in ("status", "bulk/status"):
        order = place(admin)
        if place_of_status == "status":
            path = f"/api/orders/{order['id']}/status"
            admin.put(path, json={"status": "canceled", "reason": "x"})
        else:
            body = {"ids": [order["id"]], "status": "canceled"}
            admin.post("/api/orders/bulk/status", json=body)
        assert json_of(admin.get(f"/api/orders/{order['id']}"))["status"] == "cancelled"
    listed = json_of(admin.get("/api/orders?status=canceled"))["orders"]
    assert len(listed) == 2


def test_staff_cancel_with_a_reason_that_is_kept(admin: FlaskClient, staff: FlaskClient) -> None:
    order = place(admin)
    path = f"/api/orders/{order['id']}/cancel"
    problem(staff.put(path, json={}), 422, "reason")
    problem(staff.put(path, json={"reason": " "}), 422, "reason")
    after = json_of(staff.put(path, json={"reason": "Out of stock"}))
    assert (after["status"], after["cancel_reason"]) == ("cancelled", "Out of stock")
    assert timeline(admin, order)[-1]["type"] == "order.cancelled"
    assert problem(staff.put(path, json={"reason": "Again"}), 409)["allowed"] == []


def test_a_driver_moves_their_own_orders_along_the_way(app: Flask, admin: FlaskClient) -> None:
    driver_id = new_driver(app)
    driver = as_driver(app, driver_id)
    order = moved(admin, place(admin), "processing")
    path = f"/api/orders/{order['id']}/status"
    problem(driver.put(path, json={"status": "shipped"}), 404)
    admin.put(f"/api/orders/{order['id']}/driver", json={"driver": driver_id})
    assert problem(driver.put(path, json={"status": "cancelled"}), 409)["allowed"] == ["shipped"]
    after = json_of(driver.put(path, json={"status": "shipped"}))
    assert (after["status"], after["allowed"]) == ("shipped", ["delivered", "failed"])
    assert "track_url" not in after
    last = timeline(admin, order)[-1]
    assert last["actor"] == {"kind": "driver", "name": "Bo"}


def test_many_orders_move_at_once_each_judged_for_itself(app: Flask, admin: FlaskClient) -> None:
    first, second, done = place(admin), place(admin), moved(admin, place(admin), "declined")
    ids = [second["id"], "ord_none", done["id"], first["id"], second["id"]]
    before = position(app)
    body = {"ids": ids, "status": "processing", "reason": "Monday's round"}
    answer = admin.post("/api/orders/bulk/status", json=body)
    assert answer.status_code == 207
    results = json_of(answer)["results"]
    assert [one["id"] for one in results] == ids
    assert [one["status"] for one in results] == [200, 404, 409, 200, 200]
    assert results[2]["problem"]["allowed"] == []
    assert results[0]["order"]["status"] == "processing"
    assert position(app) == before + 2


def test_five_hundred_orders_may_move_at_once_and_no_more(app: Flask, admin: FlaskClient) -> None:
    placed = admin.post("/api/orders/batch", json={"orders": [{"customer": "A"}] * 500})
    ids = [one["order"]["id"] for one in json_of(placed)["results"]]
    answer = admin.post("/api/orders/bulk/status", json={"ids": ids, "status": "on_hold"})
    assert {one["status"] for one in json_of(answer)["results"]} == {200}
    body = {"ids": [*ids, "ord_501"], "status": "processing"}
    problem(admin.post("/api/orders/bulk/status", json=body), 422, "ids")
    assert position(app) == 1000
