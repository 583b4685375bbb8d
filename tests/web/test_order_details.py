"""What only some orders have: kept as it was given, told to those it is for, and checked."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock
from tests.web.support import (
    as_driver,
    json_of,
    moved,
    new_driver,
    place,
    position,
    problem,
    timeline,
    token_of,
)

SOON = "2040-05-01T10:00:00.000000Z"
LATER = "2040-05-01T11:00:00.000000Z"
LINE: dict[str, Any] = {
    "sku": "NW-1",
    "name": "Tea, loose",
    "quantity": "1.250",
    "unit": "kg",
    "unit_price": "10.000004",
    "discount": "0.50",
    "options": [
        {"name": "Roast", "value": "Dark", "price": "1.50"},
        {"name": "Gift", "value": "“For Bo”"},
        {"name": "Jar brought along", "value": "yes", "price": "-0.25"},
    ],
    "note": "Ground, please",
    "tax_rate": "7.5",
    "image": "https://shop.example/tea.png",
}
ADDRESS = {
    "name": "Bo",
    "line1": "3 Side St",
    "line2": "2nd floor",
    "city": "Bonn",
    "region": "NRW",
    "postal_code": "53111",
    "country": "DE",
    "phone": "+49 1",
    "instructions": "Ring twice",
    "lat": 1.5,
    "lng": 2.5,
}
DETAILS: dict[str, Any] = {
    "taxes": [
        {"name": "State", "rate": "6", "amount": "1.00"},
        {"name": "City", "amount": "0.51"},
    ],
    "tax_included": True,
    "fees": [{"name": "Bag", "amount": "0.20"}],
    "tip": "2.00",
    "discounts": [
        {"code": "SPRING", "name": "Spring sale", "amount": "1.00"},
        {"name": "Regular", "amount": "0.50"},
    ],
    "rounding": "-0.02",
    "billing_address": ADDRESS,
    "fulfilment": {"method": "pickup", "from": SOON, "until": LATER, "instructions": "Side door"},
    "shipments": [
        {"carrier": "DHL", "number": "1", "url": "https://x.example", "lines": ["line_1"]}
    ],
    "channel": "pos",
    "display_number": "A-17",
    "tags": ["VIP", "gift"],
    "metadata": {"till": "3", "cashier": ""},
    "locale": "de-AT",
}
TOO_EXACT = {"name": "x", "value": "x", "price": "0.001"}
FOR_STAFF = {"channel", "tags", "metadata"}
NOTHING: dict[str, Any] = {
    **{name: [] for name in ("taxes", "fees", "discounts", "shipments", "tags")},
    **dict.fromkeys(("tip", "rounding"), "0.00"),
    **dict.fromkeys(("billing_address", "fulfilment", "channel", "display_number", "locale")),
    "tax_included": False,
    "metadata": {},
}


def test_all_of_it_comes_back_as_it_was_given(admin: FlaskClient) -> None:
    order = place(admin, items=[LINE], **DETAILS)
    assert {name: order[name] for name in DETAILS} == DETAILS
    assert order["items"] == [{**LINE, "id": "line_1", "total": "12.00"}]
    assert (order["tax"], order["discount"]) == ("1.51", "1.50")
    assert order["total"] == "12.68"  # 12.00 + 0.20 + 2.00 - 1.50 - 0.02; the taxes are inside
    assert json_of(admin.get(f"/api/orders/{order['id']}")) == order
    assert timeline(admin, order)[0]["order"] == order


def test_an_order_without_it_has_nothing_of_it(admin: FlaskClient) -> None:
    order = place(admin, items=[{"name": "Tea", "quantity": 2}])
    assert {name: order[name] for name in NOTHING} == NOTHING
    assert order["items"][0].keys() == {
        *("id", "sku", "name", "quantity", "unit_price", "discount", "total")
    }
    empty = place(admin, **{**NOTHING, "locale": "", "display_number": ""})
    assert {name: empty[name] for name in NOTHING} == NOTHING


def test_each_sees_what_is_for_them(app: Flask, admin: FlaskClient, client: FlaskClient) -> None:
    order = place(admin, items=[LINE], **DETAILS)
    driver = new_driver(app)
    moved(admin, order, "processing")
    admin.put(f"/api/orders/{order['id']}/driver", json={"driver": driver})
    seen = json_of(client.get(f"/api/track/{token_of(order)}"))
    assert {name: seen[name] for name in DETAILS.keys() - FOR_STAFF} == {
        name: DETAILS[name] for name in DETAILS.keys() - FOR_STAFF
    }
    assert not FOR_STAFF & seen.keys()
    heard = json_of(as_driver(app, driver).get("/api/events"))["events"]
    card = heard[-1]["order"]
    assert card["fulfilment"] == DETAILS["fulfilment"]
    assert card["items"][0]["options"] == LINE["options"]
    assert not card.keys() & {*FOR_STAFF, "billing_address", "tip", "discounts"}


@pytest.mark.parametrize("name", sorted(DETAILS))
def test_each_can_be_changed_taken_away_and_is_named(admin: FlaskClient, name: str) -> None:
    order = place(admin, items=[LINE])
    path = f"/api/orders/{order['id']}"
    given = json_of(admin.patch(path, json={name: DETAILS[name]}))
    assert given[name] == DETAILS[name]
    event = timeline(admin, order)[-1]
    assert name in event["changes"]
    assert event["was"][name] == NOTHING[name]
    assert event["order"] == given == json_of(admin.get(path))
    gone = json_of(admin.patch(path, json={name: NOTHING[name]}))
    assert gone[name] == NOTHING[name]
    assert gone["total"] == order["total"]
    assert json_of(admin.patch(path, json={name: NOTHING[name]}))["version"] == gone["version"]


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("items.0.quantity", {"items": [{**LINE, "quantity": "0.0001"}]}),
        ("items.0.unit_price", {"items": [{**LINE, "unit_price": "0.0000001"}]}),
        ("items.0.discount", {"items": [{**LINE, "discount": "12.51"}]}),
        ("items.0.options", {"items": [{**LINE, "options": LINE["options"] * 17}]}),
        ("items.0.options", {"items": [{**LINE, "options": [LINE["options"][0]] * 7}]}),
        ("items.0.options.0.price", {"items": [{**LINE, "options": [TOO_EXACT]}]}),
        ("tax", {"tax": "1.50", "taxes": DETAILS["taxes"]}),
        ("tax", {"tax": "1.00", "tax_included": True}),
        ("discount", {"items": [LINE], "discount": "1.49", "discounts": DETAILS["discounts"]}),
        ("discount", {"discounts": DETAILS["discounts"]}),
        ("discounts.1.code", {"discounts": [{"code": c, "amount": 0} for c in ("A", "a")]}),
        ("fees.0.amount", {"fees": [{"name": "x", "amount": "0.001"}]}),
        ("tip", {"tip": "1000000000000"}),
        ("tip", {"tip": "-1"}),
        ("rounding", {"rounding": "1.01"}),
        ("fulfilment.until", {"fulfilment": {"method": "ship", "from": LATER, "until": SOON}}),
        ("fulfilment.from", {"fulfilment": {"method": "ship", "from": "2020-01-01T00:00:00Z"}}),
        ("fulfilment.table", {"fulfilment": {"method": "ship", "table": "7"}}),
        ("fulfilment.method", {"fulfilment": {"from": SOON}}),
        ("shipments.0.lines.0", {"shipments": [{"lines": ["line_1"]}]}),
        ("tags", {"tags": [f"t{n}" for n in range(21)]}),
        ("metadata", {"metadata": {f"k{n}": "" for n in range(51)}}),
        ("metadata.a", {"metadata": {"a": 1}}),
        ("locale", {"locale": "german"}),
        ("billing_address.line1", {"billing_address": {"city": "Bonn"}}),
    ],
)
def test_what_contradicts_itself_is_refused_by_name(
    app: Flask, admin: FlaskClient, path: str, given: dict[str, Any]
) -> None:
    order = place(admin)
    before = position(app)
    problem(admin.post("/api/orders", json={"customer": "Ada", **given}), 422, path)
    problem(admin.patch(f"/api/orders/{order['id']}", json=given), 422, path)
    assert position(app) == before


def test_what_machines_call_something_may_be_a_number(admin: FlaskClient) -> None:
    line = {"sku": 4711, "name": "x" * 500, "quantity": 1}
    order = place(admin, items=[line], external_id=12, display_number=1001)
    assert (order["external_id"], order["display_number"]) == ("12", "1001")
    assert (order["items"][0]["sku"], len(order["items"][0]["name"])) == ("4711", 500)
    again = admin.post("/api/orders", json={"customer": "Ada", "external_id": "12"})
    assert problem(again, 409)["order_id"] == order["id"]


def test_a_sum_that_is_given_alone_stands_instead_of_its_parts(admin: FlaskClient) -> None:
    order = place(admin, items=[LINE], **DETAILS)
    after = json_of(admin.patch(f"/api/orders/{order['id']}", json={"tax": "0.70"}))
    assert (after["tax"], after["taxes"], after["discounts"]) == ("0.70", [], DETAILS["discounts"])
    assert after["total"] == order["total"]
    outside = json_of(admin.patch(f"/api/orders/{order['id']}", json={"tax_included": False}))
    assert outside["total"] == "13.38"


def test_an_edited_line_keeps_its_id_and_a_new_one_never_has_anothers(admin: FlaskClient) -> None:
    tea, ink, pen = ({"sku": s, "name": s, "quantity": 1} for s in ("tea", "ink", "pen"))
    order = place(admin, items=[tea, ink])
    path = f"/api/orders/{order['id']}"

    def ids(items: list[dict[str, Any]]) -> list[str]:
        answer = admin.patch(path, json={"items": items})
        assert answer.status_code == 200, answer.text
        return [line["id"] for line in json_of(answer)["items"]]

    assert ids([{**ink, "quantity": 3}, tea]) == ["line_2", "line_1"]
    assert ids([tea]) == ["line_1"]
    assert ids([tea, pen]) == ["line_1", "line_3"]
    assert ids([{**pen, "id": "line_1"}, {"name": "nib", "quantity": 1}]) == ["line_1", "line_4"]
    for name in ("line_3", "line_9", "x"):
        problem(admin.patch(path, json={"items": [{**tea, "id": name}]}), 422, "items.0.id")
    twice = [{**tea, "id": "line_1"}] * 2
    problem(admin.patch(path, json={"items": twice}), 422, "items.1.id")
    problem(
        admin.post("/api/orders", json={"customer": "A", "items": twice[:1]}), 422, "items.0.id"
    )


def test_details_are_found_by_a_search(admin: FlaskClient) -> None:
    place(admin, customer="Somebody else")
    order = place(admin, items=[LINE], **DETAILS)
    for text in ("A-17", "53111", "dark", "tea, loose"):
        found = json_of(admin.get("/api/orders", query_string={"q": text}))["orders"]
        assert [each["id"] for each in found] == [order["id"]], text


def test_an_order_from_elsewhere_has_the_past_it_is_given(admin: FlaskClient) -> None:
    times = {
        "processing": "2020-01-01T10:05:00.000000Z",
        "delivered": "2020-01-02T10:00:00.000000Z",
    }
    order = place(
        admin, placed_at="2020-01-01T10:00:00Z", status="completed", times=times, channel="pos"
    )
    assert order["status"] == "completed"
    assert order["created_at"] == "2020-01-01T10:00:00.000000Z"
    assert order["times"] == {
        "pending": order["created_at"],
        **times,
        "completed": times["delivered"],
    }
    assert order["updated_at"] > "2026"
    assert json_of(admin.get("/api/orders?created_to=2021-01-01T00:00:00Z"))["orders"] == [order]
    assert moved(admin, order, "returned")["status"] == "returned"


YEAR = "2020-0{}-01T00:00:00Z"


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("placed_at", {"placed_at": (clock.now() + timedelta(hours=1)).isoformat()}),
        ("times.ready", {"times": {"ready": (clock.now() + timedelta(hours=1)).isoformat()}}),
        ("times.ready", {"placed_at": YEAR.format(2), "times": {"ready": YEAR.format(1)}}),
        ("times.processing", {"times": {"ready": YEAR.format(1), "processing": YEAR.format(2)}}),
        ("times.shipped", {"times": {"cancelled": YEAR.format(1), "shipped": YEAR.format(2)}}),
        ("status", {"status": "ready", "times": {"delivered": YEAR.format(1)}}),
        ("status", {"status": "pending", "times": {"shipped": YEAR.format(1)}}),
        ("times", {"times": {"paid": YEAR.format(1)}}),
        ("times.ready", {"times": {"ready": "yesterday"}}),
    ],
)
def test_a_past_that_no_order_could_have_had_is_refused(
    app: Flask, admin: FlaskClient, path: str, given: dict[str, Any]
) -> None:
    before = position(app)
    problem(admin.post("/api/orders", json={"customer": "Ada", **given}), 422, path)
    assert position(app) == before


@pytest.mark.parametrize("field", ["placed_at", "status", "times"])
def test_only_admins_say_that_something_happened_elsewhere(
    app: Flask, intake: FlaskClient, client: FlaskClient, field: str
) -> None:
    value = {"placed_at": YEAR.format(1), "status": "ready", "times": {}}[field]
    before = position(app)
    for who in (intake, client):
        answer = who.post("/api/orders", json={"customer": "Ada", field: value})
        problem(answer, 403, field)
    order = {"customer": "Ada", field: value}
    (result,) = json_of(intake.post("/api/orders/batch", json={"orders": [order]}))["results"]
    assert result["status"] == 403
    assert position(app) == before


def test_what_happened_elsewhere_takes_no_stock_that_has_left(admin: FlaskClient) -> None:
    admin.post("/api/products", json={"sku": "tea", "name": "Tea", "stock": 5})

    def left() -> int:
        return int(json_of(admin.get("/api/products/tea"))["available"])

    items = [{"sku": "tea", "name": "Tea", "quantity": 2}]
    place(admin, items=items, status="shipped")
    place(admin, items=items, status="cancelled")
    assert left() == 5
    place(admin, items=items, status="ready")
    assert left() == 3
