"""Bodies that are no good: a problem that names the field, the same on both databases."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from orderboard.orders.schemas import QuoteOrder
from orderboard.settings.values import WEEKDAYS
from tests.web.support import json_of, moved, place, position
from tests.web.test_order_details import ADDRESS, DETAILS, LINE
from tests.web.test_placing import FULL
from tests.web.wrong import bad_values

DISCOUNT = {
    "name": "x",
    "percent": "10",
    "amount": "1.00",
    "minimum": "1.00",
    "valid_from": "2030-01-31T17:00:00Z",
    "valid_until": "2030-02-28T17:00:00Z",
    "most_uses": 1,
    "active": True,
}
TRACKING = {
    "carrier": "DHL",
    "number": "1",
    "url": "https://x.example",
    "eta": "2030-01-31T17:00:00Z",
    "partner": {"name": "P", "phone": "1"},
    "location": {"lat": 1, "lng": 2},
}
PRODUCT = {
    "name": "Tea",
    "description": "x",
    "category": "x",
    "price": "1.00",
    "currency": "USD",
    "tax_rate": "7",
    "options": [{"name": "Size", "required": True, "values": [{"value": "L", "price": "1.00"}]}],
    "image": "https://shop.example/tea.png",
    "stock": 5,
    "reorder_level": 1,
    "active": True,
}
PAYMENT = {
    "method": "card",
    "title": "x",
    "amount": "1.00",
    "reference": "x",
    "status": "pending",
    "at": "2020-01-31T17:00:00Z",
}
GOOD: dict[str, Any] = {
    "NewView": {"name": "Late", "query": "status=pending&sort=due", "shared": True},
    "PlaceOrder": {
        **FULL,
        **DETAILS,
        "items": [LINE],
        "payments": [PAYMENT],
        "address": ADDRESS,
        "tax": "1.51",
        "discount": "1.50",
        "fulfilment": {**DETAILS["fulfilment"], "table": None},
        "related_order": "ord_1",
        "placed_at": "2020-01-31T17:00:00Z",
        "status": "pending",
        "times": {"pending": "2020-01-31T17:00:00Z"},
    },
    "PlaceOrders": {"orders": [{}]},
    "EditOrder": {
        **{name: FULL[name] for name in ("customer", "shipping", "payment_method", "note")},
        **DETAILS,
        "address": ADDRESS,
        "items": [{**LINE, "id": None, "total": "12.00"}],
        "tax": "1.51",
        "discount": "1.50",
        "fulfilment": {**DETAILS["fulfilment"], "table": None},
        "payment_status": "paid",
        "eta": "2030-01-31T17:00:00Z",
    },
    "Merge": {"customer": "cus_1"},
    "Move": {"status": "processing", "reason": "x", "until": None},
    "BulkMove": {"ids": ["ord_1"], "status": "processing", "reason": "x", "until": None},
    "Bulk": {"ids": ["ord_1"]},
    "BulkAssign": {"ids": ["ord_1"], "driver": "drv_1"},
    "Undo": {"position": 1},
    "BulkExport": {"ids": ["ord_1"], "format": "csv"},
    "BulkUndo": {"undo": [{"id": "ord_1", "position": 1}]},
    "BulkTags": {"ids": ["ord_1"], "add": ["late"], "remove": ["new"], "tags": ["x"]},
    "Cancel": {"reason": "x"},
    "AnswerCancellation": {"accept": True, "reason": "x"},
    "AssignTo": {"staff": 1},
    "Assign": {"driver": "drv_1"},
    "Track": TRACKING,
    "AddPayment": PAYMENT,
    "MovePayment": {"status": "paid"},
    "Refund": {
        "lines": [{"line": "line_1", "quantity": 1, "amount": "1.00"}],
        "shipping": "1.00",
        "amount": "1.00",
        "reason": "x",
        "restock": True,
    },
    "OpenReturn": {
        "lines": [{"line": "line_1", "quantity": 1}],
        "kind": "exchange",
        "reason": "x",
    },
    "Print": {"printer": "printer_1"},
    "Here": {"page": "p1", "order": "ord_1", "new": True, "gone": True},
    "NewDriver": {"name": "Bo", "phone": "1"},
    "EditDriver": {"name": "Bo", "phone": "1"},
    "Note": {"text": "x", "mentions": [1]},
    "NewProduct": {"sku": "cup", **PRODUCT},
    "EditProduct": PRODUCT,
    "Invite": {"email": "a@b.example", "name": "Bo", "role": "viewer", "valid_days": 1},
    "Link": {"valid_days": 1},
    "EditMember": {"name": "Bo", "role": "viewer"},
    "NewKey": {"name": "till", "scopes": ["intake"]},
    "EditSettings": {
        "shop_name": "Bread",
        "accent": "#1d6f42",
        "contact": {"phone": "1", "email": "a@b.example", "address": "x"},
        "imprint": "x",
        "opening_hours": {day: [{"from": "09:00", "until": "24:00"}] for day in WEEKDAYS},
        "lead_minutes": 30,
        "methods": ["pickup"],
        "charges": {
            way: {"fee": "1.00", "free_from": "2.00", "minimum": "1.00"}
            for way in ("delivery", "pickup")
        },
        "accept_within": 10,
        "undo_within": 10,
        "duplicate_within": 10,
        "decline_reasons": ["Sold out"],
        "unknown_skus": "refuse",
        "public_intake": True,
        "printers": [
            {
                "id": None,
                "name": "Kitchen",
                "address": "192.168.1.50:9100",
                "when": "placed",
                "types": ["purchase"],
                "methods": ["pickup"],
                "width": 48,
                "copies": 1,
                "code_page": "cp858",
            }
        ],
    },
    "SettleDuplicate": {"keep": "both"},
    "Accept": {"ready_in": 20, "ready_at": "2030-01-31T17:00:00Z"},
    "NewDiscount": {**DISCOUNT, "code": "SPRING"},
    "EditDiscount": DISCOUNT,
    "BulkChange": {
        "skus": ["tea"],
        "price": {"to": "1.00", "percent": 5},
        "stock": {"to": 1, "add": 1},
        "category": "x",
        "active": True,
        "tax_rate": "7",
    },
}
"""A good body for each schema, with every field there is."""

NO_JSON: dict[str, tuple[bytes, int]] = {
    "empty": (b"", 400),
    "blank": (b"  \n", 400),
    "words": (b"hello", 400),
    "half": (b'{"customer": "Ada"', 400),
    "two": (b"{} {}", 400),
    "single quotes": (b"{'customer': 'Ada'}", 400),
    "comment": (b"{} // x", 400),
    "comma": (b'{"customer": "Ada",}', 400),
    "a form": (b"customer=Ada", 400),
    "NUL": (b"\x00", 400),
    "control character": (b'{"customer": "a\x01"}', 400),
    "bad UTF-8": (b'{"customer": "\xff"}', 400),
    "Latin-1": ('{"customer": "Zoë"}'.encode("latin-1"), 400),
    "a surrogate's bytes": (b'{"customer": "\xed\xa0\x80"}', 400),
    "overlong": (b'{"customer": "\xc0\x80"}', 400),
    "UTF-16": ('{"customer": "Ada"}'.encode("utf-16"), 400),
    "BOM": (b'\xef\xbb\xbf{"customer": "Ada"}', 400),
    "deep lists": (b"[" * 100_000 + b"]" * 100_000, 400),
    "deep objects": (b'{"customer":' * 100_000, 400),
    "deep in a field": (b'{"note":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    "5 MB": (b'{"note": "' + b"x" * 5_000_000 + b'"}', 413),
    "5 MB of blanks": (b" " * 5_000_000, 413),
    "a list": (b"[]", 422),
    "a list of one": (b'[{"customer": "Ada"}]', 422),
    "text": (b'"Ada"', 422),
    "a number": (b"1", 422),
    "null": (b"null", 422),
    "true": (b"true", 422),
    "NaN": (b"NaN", 422),
    "endless": (b"1e999999999999999999999", 422),
    "strange names": (b'{"\\ud800": 1, "": 2, "a.b": 3, "__proto__": 4, "\\u0000": 5}', 422),
    "a long name": (b'{"' + b"x" * 100_000 + b'": 1}', 422),
}

_answers: dict[str, Any] = {}


def same_everywhere(case: str, answer: Any) -> None:
    """Both databases lead to the same answer."""
    assert _answers.setdefault(case, answer) == answer, case


def routes(app: Flask) -> Iterator[tuple[Rule, str, Any]]:
    """Every route that takes a JSON body, its method and the schema of the body."""
    for rule in app.url_map.iter_rules():
        described = getattr(app.view_functions[rule.endpoint], "described", None)
        if described and described.body:
            (method,) = (rule.methods or set()) - {"OPTIONS"}
            yield rule, method, described.body


@pytest.fixture
def paths(app: Flask, admin: FlaskClient) -> Iterator[dict[str, str]]:
    """Rule → path, of an order and a customer's link. Nothing has changed in the end."""
    line = {"name": "Tea", "quantity": 1, "unit_price": "9.00"}
    order = place(admin, items=[line], shipping="5.00", payment_method="online")
    paid = {"method": "card", "amount": "14.00"}
    order = json_of(admin.post(f"/api/orders/{order['id']}/payments", json=paid))
    admin.post("/api/drivers", json={"name": "Bo"})
    driver = json_of(admin.get("/api/drivers"))["drivers"][0]["id"]
    admin.post("/api/products", json={"sku": "tea", "name": "Tea"})
    values = {"order_id": order["id"], "driver_id": driver, "sku": "tea"}
    admin.post("/api/discounts", json={"code": "AUTUMN", "percent": "10"})
    # A body is looked at before whom or what it is about.
    values |= {"payment_id": "payment_1", "customer_id": "cus_1", "code": "AUTUMN"}
    values["printer_id"] = "printer_1"
    values["staff_id"] = 1
    values["token"] = order["track_url"].rpartition("/")[2]
    order = moved(admin, order, "on_hold")
    before = position(app)
    yield {
        rule.rule: rule.build({name: values[name] for name in rule.arguments})[1]  # type: ignore[index]
        for rule, *_ in routes(app)
    }
    assert position(app) == before
    assert json_of(admin.get(f"/api/orders/{order['id']}")) == order
    assert len(json_of(admin.get("/api/drivers"))["drivers"]) == 1


def with_value(good: Any, path: str, text: str) -> str:
    """The JSON text of a good body in which one value is this text."""
    body = json.loads(json.dumps(good))
    *way, last = path.split(".")
    inner = body
    for step in way:
        inner = inner[int(step) if step.isdigit() else step]
    inner[int(last) if last.isdigit() else last] = "@@here@@"
    return json.dumps(body).replace('"@@here@@"', text)


def test_every_wrong_value_of_every_field_is_refused_by_name(
    app: Flask, admin: FlaskClient, paths: dict[str, str]
) -> None:
    wrong, cases = [], 0
    for rule, method, schema in routes(app):
        if schema is QuoteOrder:  # parts of PlaceOrder, and judged with what is sold
            continue
        good = GOOD[schema.__name__]
        for path, text in bad_values(schema(), good):
            body = with_value(good, path, text)
            answer = admin.open(
                paths[rule.rule], method=method, data=body, content_type="application/json"
            )
            problem = answer.get_json(silent=True) or {}
            named = [error["path"] for error in problem.get("errors", [])]
            inside = any(name == path or name.startswith(f"{path}.") for name in named)
            if answer.status_code != 422 or not inside or len(named) > 2:
                wrong.append((rule.rule, path, text[:40], answer.status_code, named))
            same_everywhere(f"{rule.rule} {path} {text}", (answer.status_code, problem))
            cases += 1
    assert wrong == []
    assert cases > 1000


def test_what_is_no_json_object_is_refused(
    app: Flask, admin: FlaskClient, paths: dict[str, str]
) -> None:
    for rule, method, _ in routes(app):
        for name, (body, status) in NO_JSON.items():
            answer = admin.open(
                paths[rule.rule], method=method, data=body, content_type="application/json"
            )
            case = f"{rule.rule} {name}"
            assert answer.status_code == status, (case, answer.text[:300])
            assert answer.mimetype == "application/problem+json", case
            assert len(answer.data) < 100_000, case
            found = json_of(answer)
            assert bool(found.get("errors")) == (status == 422), case
            same_everywhere(case, found)


def test_a_required_field_that_is_missing_is_named(
    app: Flask, admin: FlaskClient, paths: dict[str, str]
) -> None:
    for rule, method, schema in routes(app):
        required = sorted(name for name, field in schema().fields.items() if field.required)
        if not required:
            continue
        answer = admin.open(paths[rule.rule], method=method, json={})
        assert answer.status_code == 422
        named = sorted(error["path"] for error in json_of(answer)["errors"])
        assert named == required, rule.rule


def test_a_body_that_is_said_to_be_something_else_is_refused(
    app: Flask, admin: FlaskClient, paths: dict[str, str]
) -> None:
    for rule, method, schema in routes(app):
        body = json.dumps(GOOD.get(schema.__name__, {"items": [LINE]}))
        for content_type in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "application/xml",
            "application/octet-stream",
            "nonsense",
            "x" * 8192,
        ):
            answer = admin.open(
                paths[rule.rule], method=method, data=body, content_type=content_type
            )
            assert answer.status_code in (400, 415), (rule.rule, content_type)
            assert answer.mimetype == "application/problem+json"


def test_five_hundred_items_are_taken_and_no_more(app: Flask, admin: FlaskClient) -> None:
    item = {"name": "x", "quantity": 1}
    assert len(place(admin, items=[item] * 500)["items"]) == 500
    for items in ([item] * 501, [item] * 5_000):
        answer = admin.post("/api/orders", json={"customer": "Ada", "items": items})
        assert [error["path"] for error in json_of(answer)["errors"]] == ["items"]
    assert position(app) == 1


def test_the_longest_texts_and_the_largest_amounts_fit(app: Flask, admin: FlaskClient) -> None:
    # Characters that take four bytes, and one that becomes two when its case is folded.
    for letter in ("𝔸", "ẞ", "ﬃ"):
        order = place(
            admin,
            customer={
                "name": letter * 200,
                "company": letter * 200,
                "email": letter * 64 + "@" + letter * 189,
                "phone": letter * 40,
            },
            items=[{"name": letter * 300, "sku": letter * 100, "quantity": 1_000_000}] * 200,
            address={
                **dict.fromkeys(("name", "line2"), letter * 200),
                **dict.fromkeys(("city", "region", "country"), letter * 100),
                "line1": letter * 500,
                "postal_code": letter * 20,
            },
            note=letter * 4000,
            external_id=letter * 200,
            shipping="9999999999.99",
        )
        path = f"/api/orders/{order['id']}"
        read = json_of(admin.get(path))
        assert read == order
        assert read["customer"]["email"] == letter * 64 + "@" + letter * 189
        long = {"carrier": letter * 100, "number": letter * 100}
        long |= {"partner": {"name": letter * 200, "phone": letter * 40}}  # type: ignore[dict-item]
        long["url"] = "https://x.example/" + letter * 482
        assert admin.put(f"{path}/tracking", json=long).status_code == 200
        body = {"status": "on_hold", "reason": letter * 1000}
        assert admin.put(f"{path}/status", json=body).status_code == 200
        driver = admin.post("/api/drivers", json={"name": letter * 200, "phone": letter * 40})
        taken = admin.put(f"{path}/driver", json={"driver": json_of(driver)["id"]})
        assert json_of(taken)["driver"] == json_of(driver)
        assert len(json_of(admin.get(f"{path}/events"))["events"]) == 4
        found = admin.get("/api/orders", query_string={"q": letter * 200})
        assert json_of(found)["orders"][0]["id"] == order["id"]
