"""Changing an order's own fields."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.web.support import json_of, moved, place, position, problem, timeline
from tests.web.test_placing import FULL


def edited(client: FlaskClient, order: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The order after its fields were changed like this."""
    answer = client.patch(f"/api/orders/{order['id']}", json=changes)
    assert answer.status_code == 200, answer.text
    return json_of(answer)


def test_what_is_given_changes_and_the_rest_stays(admin: FlaskClient) -> None:
    order = place(admin, **FULL)
    after = edited(admin, order, note="Back door", address="2 Side St")
    changed = {name for name in after if after[name] != order[name]}
    assert changed == {"note", "address", "version", "updated_at"}
    assert after["address"]["line1"] == "2 Side St"
    last = timeline(admin, order)[-1]
    assert sorted(last["changes"]) == ["address", "note"]


def test_every_field_can_be_changed_and_the_event_names_it(admin: FlaskClient) -> None:
    for name, value, changes in (
        ("customer", {"name": "Bo", "email": "bo@example.com"}, ["customer"]),
        ("items", [{"name": "Tea", "quantity": 2, "unit_price": "3"}], None),
        ("shipping", "1.00", ["payment", "shipping", "total"]),
        ("tax", 2, ["payment", "tax", "total"]),
        ("discount", "3.00", ["discount", "payment", "total"]),
        ("address", None, ["address"]),
        ("payment_method", "online", ["payment"]),
        ("payment_status", "paid", ["payment"]),
        ("note", None, ["note"]),
        ("eta", "2030-01-31T17:00:00+01:00", ["tracking"]),
    ):
        order = place(admin, **{**FULL, "external_id": None})
        after = edited(admin, order, **{name: value})
        assert after["version"] == 2, name
        last = timeline(admin, order)[-1]
        assert last["order"] == after
        assert sorted(last["changes"]) == (changes or ["items", "payment", "subtotal", "total"])


def test_new_items_bring_exact_new_totals(admin: FlaskClient) -> None:
    order = place(admin, **FULL)
    items = [{"name": "Ink", "quantity": 7, "unit_price": "0.33", "discount": "0.01"}]
    after = edited(admin, order, items=items, shipping=0)
    assert [line["total"] for line in after["items"]] == ["2.30"]
    assert (after["subtotal"], after["total"]) == ("2.30", "1.81")
    assert json_of(admin.get(f"/api/orders/{order['id']}")) == after
    problem(admin.patch(f"/api/orders/{order['id']}", json={"items": []}), 422, "discount")
    assert edited(admin, order, items=[], discount=0, tax=0)["total"] == "0.00"


def test_items_may_be_sent_back_as_they_were_read(admin: FlaskClient) -> None:
    order = place(admin, **FULL)
    lines = order["items"]
    lines[0] |= {"note": "In a bag"}
    after = edited(admin, order, items=lines)
    assert after["items"] == lines
    wrong = [{**lines[0], "quantity": lines[0]["quantity"] + 1}, *lines[1:]]
    problem(admin.patch(f"/api/orders/{order['id']}", json={"items": wrong}), 422, "items.0.total")


def test_amounts_have_the_digits_of_the_orders_own_currency(admin: FlaskClient) -> None:
    order = place(admin, currency="JPY", shipping=500)
    problem(admin.patch(f"/api/orders/{order['id']}", json={"tax": "0.5"}), 422, "tax")
    assert edited(admin, order, tax=50)["total"] == "550"


def test_items_are_settled_once_work_has_begun(app: Flask, admin: FlaskClient) -> None:
    items = [{"name": "Ink", "quantity": 1}]
    held = moved(admin, place(admin), "on_hold")
    assert len(edited(admin, held, items=items)["items"]) == 1
    begun = moved(admin, held, "processing")
    before = position(app)
    for change in ({"items": []}, {"shipping": "1.00"}, {"discount": 0}, {"tax": 1, "note": "x"}):
        problem(admin.patch(f"/api/orders/{begun['id']}", json=change), 409)
    assert position(app) == before
    assert edited(admin, begun, note="Careful")["note"] == "Careful"


def test_what_changes_nothing_is_no_event(app: Flask, admin: FlaskClient) -> None:
    order = edited(admin, place(admin, **FULL), eta="2030-01-31T17:00:00Z")
    before = position(app)
    same = {name: FULL[name] for name in ("customer", "items", "address", "note", "shipping")}
    after = edited(admin, order, **same, payment_method="cod", eta="2030-01-31T18:00:00+01:00")
    assert after == order
    assert edited(admin, order) == order
    assert position(app) == before


def test_a_changed_order_is_found_by_what_it_says_now(admin: FlaskClient) -> None:
    order = place(admin, **FULL)
    edited(
        admin, order, customer="Grace Hopper", items=[{"name": "Nut", "sku": "zx-9", "quantity": 1}]
    )
    for text, found in (("hopper", 1), ("ZX-9", 1), ("lovelace", 0), ("nw-1", 0)):
        assert len(json_of(admin.get("/api/orders", query_string={"q": text}))["orders"]) == found


def test_fields_that_are_not_the_orders_own_are_refused(app: Flask, admin: FlaskClient) -> None:
    order = place(admin)
    for name in (
        "id",
        "number",
        "status",
        "total",
        "version",
        "driver",
        "currency",
        "type",
        "external_id",
        "source",
        "track_url",
        "created_at",
    ):
        problem(admin.patch(f"/api/orders/{order['id']}", json={name: order.get(name)}), 422, name)
    assert position(app) == 1


def test_a_preview_of_a_change_says_the_new_total_and_changes_nothing(
    app: Flask, admin: FlaskClient
) -> None:
    order = place(admin, **FULL)
    path, before = f"/api/orders/{order['id']}", position(app)
    items = [{"name": "Ink", "quantity": 7, "unit_price": "0.33"}]
    seen = admin.patch(f"{path}?preview=yes", json={"items": items, "discount": 0})
    assert seen.status_code == 200
    assert json_of(seen)["subtotal"] == "2.31"
    problem(admin.patch(f"{path}?preview=yes", json={"tip": "-1"}), 422, "tip")
    assert position(app) == before
    assert json_of(admin.get(path)) == order
    after = edited(admin, order, items=items, discount=0)
    assert after["total"] == json_of(seen)["total"]


def test_a_preview_of_an_order_places_none_and_uses_up_no_number(
    app: Flask, admin: FlaskClient
) -> None:
    first, before = place(admin), position(app)
    body = {**FULL, "external_id": "till-1"}
    for _ in range(2):
        seen = admin.post("/api/orders?preview=yes", json=body)
        assert (seen.status_code, json_of(seen)["number"]) == (200, 0)
        assert "Location" not in seen.headers
    problem(admin.post("/api/orders?preview=yes", json={**FULL, "tip": "x"}), 422, "tip")
    bad = {"Idempotency-Key": "x" * 256}
    problem(admin.post("/api/orders?preview=yes", json=body, headers=bad), 422, "Idempotency-Key")
    assert admin.get(f"/api/orders/{json_of(seen)['id']}").status_code == 404
    assert position(app) == before
    placed = place(admin, **body)
    assert (placed["number"], placed["total"]) == (first["number"] + 1, json_of(seen)["total"])


def test_whoever_asks_to_see_first_what_can_only_be_done_is_refused(
    app: Flask, admin: FlaskClient
) -> None:
    path = f"/api/orders/{place(admin)['id']}"
    before = position(app)
    for method, where, body in (
        ("POST", "/api/orders/batch", {"orders": [{"customer": "Ada"}]}),
        ("PUT", f"{path}/status", {"status": "processing"}),
        ("POST", f"{path}/payments", {"method": "card", "amount": "1.00"}),
        ("POST", "/api/products", {"sku": "T", "name": "Tea"}),
        ("POST", "/api/orders/bulk/tags", {"ids": ["x"], "add": ["late"]}),
    ):
        for word in ("yes", "no"):
            asked = admin.open(f"{where}?preview={word}", method=method, json=body)
            problem(asked, 422, "preview")
    assert position(app) == before
