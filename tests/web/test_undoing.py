"""Taking changes back: by an event that says so, and only while nothing rests on them."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock
from tests.web.support import (
    as_driver,
    as_staff,
    json_of,
    moved,
    new_driver,
    place,
    position,
    problem,
    timeline,
    with_key,
)

Json = dict[str, Any]
ONE = [{"sku": "T-1", "name": "Tea", "quantity": 2, "unit_price": "5.00"}]
ADDRESS = {"line1": "Way 1", "city": "Ulm", "country": "DE"}
OWN: dict[str, Any] = {
    "customer": {"name": "Bea", "phone": "1"},
    "address": ADDRESS,
    "billing_address": ADDRESS,
    "note": "Ring twice",
    "tags": ["late", "vip"],
    "eta": "2030-01-31T17:00:00.000000Z",
    "metadata": {"till": "2"},
    "channel": "phone",
    "display_number": "W-7",
    "fulfilment": {"method": "pickup", "instructions": "Side door"},
    "payment_method": "cod",
    "payment_status": "paid",
    "locale": "de",
}
"""Another value for each field of an order's own."""
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no statement of its own is run for."""


def undo(client: FlaskClient, order: Json, at: int, **headers: str) -> Any:
    return client.post(f"/api/orders/{order['id']}/undo", json={"position": at}, headers=headers)


def undone(client: FlaskClient, order: Json, at: int | None = None) -> Json:
    """The order after its newest change, or that at a position, was taken back."""
    answer = undo(client, order, at or timeline(client, order)[-1]["position"])
    assert answer.status_code == 200, answer.text
    return json_of(answer)


def alike(order: Json) -> Json:
    """An order without what every change changes."""
    return {k: v for k, v in order.items() if k not in ("version", "updated_at", "updated_by")}


@pytest.fixture
def tea(admin: FlaskClient) -> None:
    """A product of which there are ten."""
    admin.post("/api/products", json={"sku": "T-1", "name": "Tea", "price": "5.00", "stock": 10})


def counts(admin: FlaskClient) -> tuple[int, int]:
    """How much tea there is, and how much of it is promised."""
    product = json_of(admin.get("/api/products/T-1"))
    return product["stock"], product["reserved"]


WAYS = [
    ("processing",),
    ("on_hold", "processing", "on_hold"),
    ("processing", "ready"),
    ("processing", "ready", "shipped"),
    ("processing", "shipped", "failed"),
    ("processing", "shipped", "failed", "shipped"),
    ("processing", "ready", "delivered", "completed"),
    ("declined",),
    ("processing", "cancelled"),
    ("processing", "shipped", "failed", "cancelled"),
    ("processing", "shipped", "delivered", "returned"),
]


@on_sqlite
@pytest.mark.usefixtures("tea")
@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_a_move_is_taken_back_with_all_that_it_did_and_made_again(
    admin: FlaskClient, way: tuple[str, ...]
) -> None:
    before = moved(admin, place(admin, items=ONE), *way[:-1])
    had = counts(admin)
    after = moved(admin, before, way[-1])
    has = counts(admin)
    back = undone(admin, after)
    assert alike(back) == alike(before)
    assert counts(admin) == had
    made, taken = timeline(admin, before)[-2:]
    assert (taken["type"], taken["undoes"]) == ("order.updated", made["position"])
    assert taken["was"]["status"] == way[-1]
    assert "undoes" not in made
    again = undone(admin, back)
    assert alike(again) == alike(after)
    assert counts(admin) == has
    assert timeline(admin, before)[-1]["type"] == made["type"]


@on_sqlite
@pytest.mark.parametrize("field", OWN)
def test_what_was_set_of_an_order_is_as_it_was(admin: FlaskClient, field: str) -> None:
    order = place(
        admin, items=ONE, note="first", tags=["new"], customer={"name": "A", "email": "a@b.c"}
    )
    changed = json_of(admin.patch(f"/api/orders/{order['id']}", json={field: OWN[field]}))
    assert alike(changed) != alike(order)
    assert alike(undone(admin, order)) == alike(order)


def test_drivers_and_tracking_are_as_they_were(app: Flask, admin: FlaskClient) -> None:
    order = place(admin)
    path = f"/api/orders/{order['id']}"
    admin.put(f"{path}/driver", json={"driver": new_driver(app, "Bo")})
    had = json_of(
        admin.put(f"{path}/tracking", json={"number": "1", "location": {"lat": 1, "lng": 2}})
    )
    admin.put(f"{path}/driver", json={"driver": new_driver(app, "Cy")})
    assert undone(admin, order)["driver"]["name"] == "Bo"
    admin.put(f"{path}/tracking", json={"carrier": "DHL", "number": "2"})
    assert undone(admin, order)["tracking"] == had["tracking"]


@on_sqlite
def test_who_looks_after_an_order_is_as_it_was(app: Flask, admin: FlaskClient) -> None:
    order, ada = place(admin), json_of(as_staff(app).get("/api/staff"))["staff"][0]["id"]
    path = f"/api/orders/{order['id']}/assignment"
    mine = json_of(admin.put(path, json={"staff": ada}))["assigned_to"]
    assert undone(admin, order)["assigned_to"] is None
    admin.put(path, json={"staff": ada})
    admin.put(path, json={"staff": None})
    assert undone(admin, order)["assigned_to"] == mine


@on_sqlite
def test_a_change_answers_where_it_stands(app: Flask, admin: FlaskClient) -> None:
    order = place(admin)
    path = f"/api/orders/{order['id']}"
    for send, what, body in (
        (admin.put, "/status", {"status": "processing"}),
        (admin.put, "/driver", {"driver": new_driver(app)}),
        (admin.put, "/tracking", {"number": "1"}),
        (admin.patch, "", {"tags": ["x"]}),
        (admin.post, "/undo", {"position": 5}),
    ):
        answer = send(f"{path}{what}", json=body)
        assert answer.headers["Orderboard-Position"].endswith(f"-{position(app)}"), what
        newest = timeline(admin, order)[-1]
        assert newest["position"] == position(app)
        assert answer.headers["Orderboard-Undo-Until"] == newest["undo_until"]
    unchanged = admin.patch(path, json={"tags": ["x"]})
    assert "Orderboard-Position" not in unchanged.headers


@on_sqlite
def test_only_the_newest_change_of_a_field_is_taken_back(app: Flask, admin: FlaskClient) -> None:
    order = moved(admin, place(admin), "processing")
    admin.patch(f"/api/orders/{order['id']}", json={"note": "x"})
    moved(with_key(app, "admin", name="kitchen"), order, "ready")
    first, noted, newest = timeline(admin, order)[-3:]
    assert ["undo_until" in one for one in timeline(admin, order)] == [False, False, True, True]
    before = position(app)
    found = problem(undo(admin, order, first["position"]), 409)
    assert found["detail"].startswith("kitchen has changed it since (status")
    assert found["built_on"] == {
        **{name: newest[name] for name in ("position", "type", "at", "actor")},
        "changes": ["status"],
    }
    assert position(app) == before
    assert undone(admin, order, noted["position"])["status"] == "ready"  # another field
    assert undone(admin, order, newest["position"])["status"] == "processing"
    again = problem(undo(admin, order, newest["position"]), 409)
    assert again["detail"] == "office took this back already."


@on_sqlite
def test_nothing_is_taken_back_after_the_shops_time(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = moved(admin, place(admin), "cancelled")
    event = timeline(admin, order)[-1]
    late = clock.parse_rfc3339(event["at"]) + timedelta(minutes=10)
    assert event["undo_until"] == clock.rfc3339(late)
    with monkeypatch.context() as at:
        at.setattr(clock, "now", lambda: late + timedelta(seconds=1))
        assert "10 minutes" in problem(undo(admin, order, event["position"]), 409)["detail"]
        assert "undo_until" not in timeline(admin, order)[-1]
    admin.patch("/api/settings", json={"undo_within": 0})
    problem(undo(admin, order, event["position"]), 409)
    admin.patch("/api/settings", json={"undo_within": 10})
    assert undone(admin, order)["status"] == "pending"


@pytest.mark.usefixtures("tea")
def test_what_a_cancelled_order_gave_back_and_is_sold_now_is_named(
    app: Flask, admin: FlaskClient
) -> None:
    order = moved(admin, place(admin, items=ONE), "cancelled")
    other = place(admin, items=[{**ONE[0], "quantity": 9}])
    before = position(app)
    found = problem(undo(admin, order, timeline(admin, order)[-1]["position"]), 409)
    assert found["missing"] == [{"sku": "T-1", "name": "Tea", "wanted": 2, "available": 1}]
    assert "Tea (T-1): 1 of 2" in found["detail"]
    assert (position(app), counts(admin)) == (before, (10, 9))
    moved(admin, other, "cancelled")
    assert undone(admin, order)["status"] == "pending"
    assert counts(admin) == (10, 2)


def test_a_code_that_was_given_back_is_used_again_or_named(
    admin: FlaskClient, client: FlaskClient
) -> None:
    admin.post("/api/products", json={"sku": "T-1", "name": "Tea", "price": "5.00"})
    admin.post("/api/discounts", json={"code": "ONCE", "percent": "10", "most_uses": 1})
    body = {"items": [{"sku": "T-1", "quantity": 2}], "discounts": [{"code": "ONCE"}]}
    orders = [place(client, **body)]
    moved(admin, orders[0], "cancelled")
    assert undone(admin, orders[0])["status"] == "pending"
    problem(client.post("/api/orders", json={"customer": "Bea", **body}), 422, "discounts.0.code")
    moved(admin, orders[0], "declined")
    place(client, **body)
    found = problem(undo(admin, orders[0], timeline(admin, orders[0])[-1]["position"]), 409)
    assert found["code"] == "ONCE"


@on_sqlite
def test_money_and_what_rests_on_it_is_not_taken_back(admin: FlaskClient) -> None:
    order = moved(admin, place(admin, items=ONE), "processing")
    path = f"/api/orders/{order['id']}"
    admin.post(f"{path}/payments", json={"method": "card", "amount": "10.00"})
    paid = timeline(admin, order)[-1]["position"]
    assert "Money" in problem(undo(admin, order, paid), 409)["detail"]
    moved(admin, order, "cancelled")
    cancelled = timeline(admin, order)[-1]["position"]
    admin.post(f"{path}/refunds", json={"amount": "10.00", "reason": "x"})
    assert problem(undo(admin, order, cancelled), 409)["built_on"]["type"] == "refund.made"
    assert not any("undo_until" in one for one in timeline(admin, order))


@on_sqlite
def test_a_payment_in_between_is_no_matter_of_a_move(admin: FlaskClient) -> None:
    order = moved(admin, place(admin, items=ONE), "processing", "ready")
    at = timeline(admin, order)[-1]["position"]
    admin.post(f"/api/orders/{order['id']}/payments", json={"method": "card", "amount": "10.00"})
    back = undone(admin, order, at)
    assert (back["status"], back["payment"]["status"]) == ("processing", "paid")


@on_sqlite
def test_a_promise_that_a_customer_was_given_stands(admin: FlaskClient) -> None:
    orders = [place(admin), place(admin)]
    for order, body in zip(orders, ({"ready_in": 20}, {}), strict=True):
        answer = admin.put(f"/api/orders/{order['id']}/acceptance", json=body)
        assert ("Orderboard-Undo-Until" in answer.headers) == (body == {})
    at = timeline(admin, orders[0])[-1]["position"]
    assert problem(undo(admin, orders[0], at), 409)["told"] == "promise"
    back = undone(admin, orders[1])
    assert (back["status"], back["acceptance"]) == ("pending", None)
    held = moved(admin, orders[0], "on_hold")
    assert held["acceptance"]["ready_at"] is None
    assert undone(admin, orders[0])["acceptance"]["ready_at"]  # it was promised, and is again
    assert undone(admin, orders[0])["acceptance"]["ready_at"] is None


@on_sqlite
def test_an_order_that_waited_for_a_time_waits_for_it_again(admin: FlaskClient) -> None:
    order, body = place(admin), {"status": "on_hold"}
    until = clock.rfc3339(clock.now() + timedelta(days=1))
    path = f"/api/orders/{order['id']}/status"
    held = json_of(admin.put(path, json={**body, "until": until}))
    assert held["held_until"] == until
    moved(admin, order, "processing")
    assert undone(admin, order)["held_until"] == until
    admin.put(path, json={**body, "until": None})
    assert undone(admin, order)["held_until"] == until


@on_sqlite
def test_what_the_customer_did_or_was_answered_stands(
    admin: FlaskClient, client: FlaskClient
) -> None:
    asked, cancelled = moved(admin, place(admin), "processing"), place(admin)
    for order in (asked, cancelled):
        token = order["track_url"].rpartition("/")[2]
        client.put(f"/api/track/{token}/cancel", json={"reason": "x"})
    admin.put(f"/api/orders/{asked['id']}/cancellation-request", json={"accept": True})
    for order in (asked, cancelled):
        at = timeline(admin, order)[-1]["position"]
        assert "customer" in problem(undo(admin, order, at), 409)["detail"].casefold()


@on_sqlite
def test_lines_are_edited_and_not_undone(admin: FlaskClient) -> None:
    order = place(admin, items=ONE)
    admin.patch(f"/api/orders/{order['id']}", json={"items": [{**ONE[0], "quantity": 3}]})
    found = problem(undo(admin, order, timeline(admin, order)[-1]["position"]), 409)
    assert "items" in found["fields"]
    problem(undo(admin, order, timeline(admin, order)[0]["position"]), 409)  # being placed


@on_sqlite
def test_a_return_that_was_booked_stands(admin: FlaskClient) -> None:
    order = moved(admin, place(admin, items=ONE), "processing", "ready", "delivered")
    delivered = timeline(admin, order)[-1]["position"]
    opened = admin.post(
        f"/api/orders/{order['id']}/returns",
        json={"lines": [{"line": "line_1", "quantity": 1}], "reason": "x"},
    )
    problem(undo(admin, order, delivered), 409)
    back = moved(admin, json_of(opened), "processing", "ready", "delivered")
    found = problem(undo(admin, back, timeline(admin, back)[-1]["position"]), 409)
    assert f"#{order['number']}" in found["detail"]


@on_sqlite
def test_a_driver_takes_back_what_they_did_themselves(app: Flask, admin: FlaskClient) -> None:
    bo = new_driver(app, "Bo")
    driver = as_driver(app, bo)
    order = moved(admin, place(admin), "processing")
    admin.put(f"/api/orders/{order['id']}/driver", json={"driver": bo})
    problem(undo(driver, order, timeline(admin, order)[-1]["position"]), 403, "position")
    moved(driver, order, "shipped")
    at = timeline(admin, order)[-1]["position"]
    problem(undo(as_driver(app, new_driver(app, "Cy")), order, at), 404)
    of_the_same_name = new_driver(app, "Bo")
    admin.put(f"/api/orders/{order['id']}/driver", json={"driver": of_the_same_name})
    problem(undo(as_driver(app, of_the_same_name), order, at), 403, "position")
    admin.put(f"/api/orders/{order['id']}/driver", json={"driver": bo})
    assert json_of(undo(driver, order, at))["status"] == "processing"


@on_sqlite
def test_another_version_and_nonsense_change_nothing(app: Flask, admin: FlaskClient) -> None:
    order = moved(admin, place(admin), "processing")
    other = place(admin)
    at = timeline(admin, order)[-1]["position"]
    before = position(app)
    assert undo(admin, order, at, **{"If-Match": '"1"'}).status_code == 412
    problem(undo(admin, order, timeline(admin, other)[-1]["position"]), 404)
    problem(undo(admin, order, 10**9), 404)
    for value in (0, -1, "x", None, 1.5, True, 2**60):
        problem(undo(admin, order, value), 422, "position")  # type: ignore[arg-type]
    assert position(app) == before
    assert undo(admin, order, at, **{"If-Match": '"2"'}).status_code == 200


@pytest.mark.usefixtures("tea")
def test_fifty_are_taken_back_and_each_that_cannot_be_says_why(
    app: Flask, admin: FlaskClient
) -> None:
    orders = [place(admin, items=ONE) for _ in range(5)]
    ids = [order["id"] for order in orders]
    body = {"ids": [*ids, "ord_none"], "status": "cancelled"}
    done = json_of(admin.post("/api/orders/bulk/status", json=body))["results"]
    assert [timeline(admin, order)[-1]["position"] for order in orders] == [
        one["position"] for one in done[:5]
    ]
    assert "position" not in done[5]
    admin.patch(f"/api/orders/{ids[1]}", json={"note": "mine"})
    place(admin, items=[{**ONE[0], "quantity": 6}])  # leaves enough for two of the five
    wanted = [{"id": one["id"], "position": one["position"]} for one in done[:5]]
    wanted.append({"id": "ord_none", "position": 1})
    answer = admin.post("/api/orders/bulk/undo", json={"undo": wanted})
    results = json_of(answer)["results"]
    assert (answer.status_code, [one["id"] for one in results]) == (207, [*ids, "ord_none"])
    assert [one["status"] for one in results] == [200, 200, 409, 409, 409, 404]
    assert results[2]["problem"]["missing"][0]["sku"] == "T-1"
    assert counts(admin) == (10, 10)
    assert results[1]["order"]["note"] == "mine"
    assert timeline(admin, orders[1])[-1]["position"] == results[1]["position"]
    before = position(app)
    problem(admin.post("/api/orders/bulk/undo", json={"undo": wanted[:1] * 2}), 422, "undo")
    problem(admin.post("/api/orders/bulk/undo", json={"undo": wanted * 100}), 422, "undo")
    problem(admin.post("/api/orders/bulk/undo", json={"undo": []}), 422, "undo")
    assert position(app) == before


@on_sqlite
def test_drivers_and_tags_of_many_say_where_they_stand(app: Flask, admin: FlaskClient) -> None:
    ids = sorted(place(admin)["id"] for _ in range(3))
    driver = new_driver(app)
    for what, body in (("driver", {"driver": driver}), ("tags", {"add": ["x"]})):
        first = position(app) + 1
        answer = admin.post(f"/api/orders/bulk/{what}", json={"ids": ids, **body})
        assert [one["position"] for one in json_of(answer)["results"]] == [*range(first, first + 3)]
        again = admin.post(f"/api/orders/bulk/{what}", json={"ids": ids, **body})
        assert not any("position" in one for one in json_of(again)["results"])
