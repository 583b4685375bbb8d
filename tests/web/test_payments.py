"""Money in and back: recorded, refunded by line, never more than was paid."""

import threading
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.support import json_of, moved, place, position, problem, timeline
from tests.web.test_stock import counts, stocked, together

Json = dict[str, Any]
TEA = {"sku": "T-1", "name": "Green tea", "quantity": 3, "unit_price": "4.90"}
CAKE = {"name": "Cake", "quantity": 1, "unit_price": "10.00", "discount": "1.00"}


def ordered(client: FlaskClient, **more: Any) -> Json:
    """An order of three at 4.90, one at 9.00, and 2.00 for shipping: 25.70."""
    wanted = {"items": [TEA, CAKE], "shipping": "2.00", "currency": "EUR"}
    return place(client, **wanted, payment_method="online", **more)


def paid(admin: FlaskClient, order: Json, amount: str | None = None, **more: Any) -> Json:
    """The order after a payment."""
    payment = {"method": "card", "amount": amount or order["total"], **more}
    answer = admin.post(f"/api/orders/{order['id']}/payments", json=payment)
    assert answer.status_code == 201, answer.text
    return json_of(answer)


def refund(client: FlaskClient, order: Json, **given: Any) -> Any:
    """The answer to a refund."""
    return client.post(f"/api/orders/{order['id']}/refunds", json={"reason": "broken", **given})


def line_of(order: Json, place: int) -> str:
    return str(order["items"][place]["id"])


def standing(order: Json) -> tuple[str, str, str, str]:
    payment = order["payment"]
    return payment["status"], payment["paid"], payment["refunded"], payment["due"]


def test_an_order_is_paid_in_parts(admin: FlaskClient, client: FlaskClient) -> None:
    order = ordered(client)
    assert standing(order) == ("due", "0.00", "0.00", "25.70")
    assert (order["payments"], order["refunds"]) == ([], [])
    order = paid(admin, order, "5.70", title="Gift card", reference="GC-1", method="gift_card")
    assert standing(order) == ("partly_paid", "5.70", "0.00", "20.00")
    order = paid(admin, order, "20", status="authorized")
    assert standing(order) == ("partly_paid", "5.70", "0.00", "20.00")
    order = paid(admin, order, "20.00")
    assert standing(order) == ("paid", "25.70", "0.00", "0.00")
    first, second, _ = order["payments"]
    assert first["at"] <= second["at"]
    assert {**first, "at": None} == {
        "id": "payment_1",
        "method": "gift_card",
        "title": "Gift card",
        "amount": "5.70",
        "reference": "GC-1",
        "status": "paid",
        "at": None,
        "allowed": [],
    }
    event = timeline(admin, order)[-1]
    assert (event["type"], event["was"]["payment"]["due"]) == ("payment.recorded", "20.00")
    assert event["order"] == order == json_of(admin.get(f"/api/orders/{order['id']}"))


def test_a_refund_is_by_quantity_by_amount_of_shipping_and_in_goodwill(
    admin: FlaskClient, client: FlaskClient
) -> None:
    order = paid(admin, ordered(client))
    tea, cake = line_of(order, 0), line_of(order, 1)
    order = json_of(refund(admin, order, lines=[{"line": tea, "quantity": 1}]))
    assert standing(order) == ("partly_refunded", "25.70", "4.90", "0.00")
    assert order["refunded"] == "4.90"
    made = order["refunds"][0]
    assert {**made, "at": None} == {
        "id": "refund_1",
        "amount": "4.90",
        "lines": [{"line": tea, "name": "Green tea", "quantity": 1, "amount": "4.90"}],
        "shipping": "0.00",
        "goodwill": "0.00",
        "reason": "broken",
        "restock": False,
        "by": {"kind": "script", "name": "office"},
        "at": None,
    }
    event = timeline(admin, order)[-1]
    assert event["type"] == "refund.made"
    assert event["was"]["payment"]["refunded"] == "0.00"
    order = json_of(refund(admin, order, lines=[{"line": cake, "amount": "0.50"}], shipping="2.00"))
    assert order["refunded"] == "7.40"
    order = json_of(refund(admin, order, amount="1.00"))
    assert order["refunds"][2]["goodwill"] == "1.00"
    rest = [{"line": tea}, {"line": cake}]
    assert problem(refund(admin, order, lines=rest), 409)["refundable"] == "17.30"
    order = json_of(refund(admin, order, lines=[{"line": tea, "quantity": 1}, {"line": cake}]))
    assert [line["amount"] for line in order["refunds"][3]["lines"]] == ["4.90", "8.50"]
    assert order["refunded"] == "21.80"


def test_what_is_left_of_a_line_goes_back_and_then_nothing(
    admin: FlaskClient, client: FlaskClient
) -> None:
    order = paid(admin, ordered(client))
    tea = line_of(order, 0)
    refund(admin, order, lines=[{"line": tea, "quantity": 1}])
    order = json_of(refund(admin, order, lines=[{"line": tea}]))
    (line,) = order["refunds"][1]["lines"]
    assert (line["line"], line["quantity"], line["amount"]) == (tea, 2, "9.80")
    before = json_of(admin.get(f"/api/orders/{order['id']}"))
    problem(refund(admin, order, lines=[{"line": tea}]), 422, "amount")
    problem(refund(admin, order, lines=[{"line": tea, "quantity": 1}]), 422, "lines.0.quantity")
    assert json_of(admin.get(f"/api/orders/{order['id']}")) == before


LINE = "line"
BAD: list[tuple[Json, tuple[str, ...]]] = [
    ({}, ("amount",)),
    ({"amount": "0"}, ("amount",)),
    ({"amount": "-1.00"}, ("amount",)),
    ({"amount": "0.001"}, ("amount",)),
    ({"amount": "much"}, ("amount",)),
    ({"amount": 1e40}, ("amount",)),
    ({"amount": None}, ("amount",)),
    ({"shipping": "2.01"}, ("shipping",)),
    ({"lines": []}, ("amount",)),
    ({"lines": {}}, ("lines",)),
    ({"lines": [{}]}, ("lines.0.line",)),
    ({"lines": [{"line": "refund_1"}]}, ("lines.0.line",)),
    ({"lines": [{"line": "line_99", "quantity": 1}]}, ("lines.0.line",)),
    ({"lines": [{"line": LINE, "quantity": 4}]}, ("lines.0.quantity",)),
    ({"lines": [{"line": LINE, "quantity": 0}]}, ("lines.0.quantity",)),
    ({"lines": [{"line": LINE, "quantity": -1}]}, ("lines.0.quantity",)),
    ({"lines": [{"line": LINE, "quantity": "0.0001"}]}, ("lines.0.quantity",)),
    ({"lines": [{"line": LINE, "amount": "14.71"}]}, ("lines.0.amount",)),
    ({"lines": [{"line": LINE, "amount": "0"}]}, ("amount",)),
    ({"lines": [{"line": LINE, "quantity": 2}] * 2}, ("lines.1.quantity",)),
    ({"amount": "1", "reason": ""}, ("reason",)),
    ({"amount": "1", "reason": None}, ("reason",)),
    ({"amount": "1", "restock": "yes"}, ("restock",)),
    ({"amount": "1", "currency": "EUR"}, ("currency",)),
]


def test_a_refund_that_makes_no_sense_names_what_is_wrong_and_changes_nothing(
    admin: FlaskClient, client: FlaskClient, app: Flask
) -> None:
    order = paid(admin, ordered(client))
    before = position(app)
    for given, paths in BAD:
        lines = given.get("lines")
        if isinstance(lines, list):
            mine = [
                {**one, "line": line_of(order, 0)} if one.get("line") == LINE else one
                for one in lines
            ]
            given = {**given, "lines": mine}
        problem(refund(admin, order, **given), 422, *paths)
    assert position(app) == before


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1.001"}, "amount"),
        ({"amount": "1", "method": ""}, "method"),
        ({"amount": "1", "method": None}, "method"),
        ({"amount": "1", "status": "refunded"}, "status"),
        ({"amount": "1", "at": "2999-01-01T00:00:00Z"}, "at"),
        ({"amount": "1", "reference": "x" * 201}, "reference"),
        ({"amount": "1", "id": "payment_9"}, "id"),
    ],
)
def test_a_payment_that_makes_no_sense_names_what_is_wrong(
    admin: FlaskClient, client: FlaskClient, app: Flask, given: Json, path: str
) -> None:
    order = ordered(client)
    before = position(app)
    wanted = {"method": "card", **given}
    problem(admin.post(f"/api/orders/{order['id']}/payments", json=wanted), 422, path)
    assert position(app) == before


def test_more_than_was_paid_does_not_go_back(
    admin: FlaskClient, client: FlaskClient, app: Flask
) -> None:
    order = ordered(client)
    before = position(app)
    assert problem(refund(admin, order, amount="0.01"), 409)["refundable"] == "0.00"
    assert position(app) == before
    for status in ("pending", "authorized", "failed"):
        paid(admin, order, "9.00", status=status)
    problem(refund(admin, order, amount="0.01"), 409)
    paid(admin, order, "6.00")
    refund(admin, order, amount="1.50")
    found = problem(refund(admin, order, amount="4.51"), 409)
    assert (found["refundable"], "4.50 EUR" in found["detail"]) == ("4.50", True)
    order = json_of(refund(admin, order, amount="4.50"))
    assert standing(order) == ("refunded", "6.00", "6.00", "0.00")
    assert problem(refund(admin, order, amount="0.01"), 409)["refundable"] == "0.00"


def test_fifty_refunds_at_once_give_back_what_was_paid_and_no_more(
    app: Flask, admin: FlaskClient, client: FlaskClient
) -> None:
    order = paid(admin, ordered(client), "10.00")
    became, lock = Counter[int](), threading.Lock()
    key = admin.environ_base["HTTP_AUTHORIZATION"]

    def one() -> None:
        mine = app.test_client()
        mine.environ_base["HTTP_AUTHORIZATION"] = key
        status = refund(mine, order, amount="0.90").status_code
        while status == 503:  # the database was busy
            status = refund(mine, order, amount="0.90").status_code
        with lock:
            became[status] += 1

    together(50, one)
    assert became == {201: 11, 409: 39}
    after = json_of(admin.get(f"/api/orders/{order['id']}"))
    assert standing(after) == ("partly_refunded", "10.00", "9.90", "15.70")
    assert len({made["id"] for made in after["refunds"]}) == 11


def test_a_repeated_refund_is_made_once(admin: FlaskClient, client: FlaskClient) -> None:
    order = paid(admin, ordered(client))
    path, key = f"/api/orders/{order['id']}", {"Idempotency-Key": "again"}
    body = {"amount": "5.00", "reason": "late"}
    first = admin.post(f"{path}/refunds", json=body, headers=key)
    second = admin.post(f"{path}/refunds", json=body, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.text == first.text
    problem(
        admin.post(f"{path}/refunds", json={**body, "amount": "6.00"}, headers=key),
        422,
        "Idempotency-Key",
    )
    assert json_of(admin.get(path))["payment"]["refunded"] == "5.00"
    pay = {"method": "card", "amount": "1.00"}
    for _ in range(2):
        admin.post(f"{path}/payments", json=pay, headers=key)
    assert json_of(admin.get(path))["payment"]["paid"] == "26.70"


def test_who_has_seen_an_older_version_refunds_nothing(
    admin: FlaskClient, client: FlaskClient
) -> None:
    order = paid(admin, ordered(client))
    path, body = f"/api/orders/{order['id']}/refunds", {"amount": "1.00", "reason": "x"}
    found = admin.post(path, json=body, headers={"If-Match": '"1"'})
    assert problem(found, 412)["order"]["version"] == order["version"]
    good = admin.post(path, json=body, headers={"If-Match": f'"{order["version"]}"'})
    assert good.status_code == 201


@pytest.mark.parametrize(
    ("way", "restock", "then"),
    [
        ((), True, (10, 2, 8)),
        ((), False, (10, 3, 7)),
        (("processing", "shipped", "delivered"), True, (8, 0, 8)),
        (("processing", "shipped", "delivered"), False, (7, 0, 7)),
        (("processing", "shipped", "delivered", "returned"), True, (10, 0, 10)),
    ],
)
def test_restocked_pieces_can_be_sold_again_and_only_once(
    admin: FlaskClient, client: FlaskClient, way: tuple[str, ...], restock: bool, then: Any
) -> None:
    stocked(admin)
    order = paid(admin, ordered(admin))
    moved(admin, order, *way)
    refund(admin, order, lines=[{"line": line_of(order, 0), "quantity": 1}], restock=restock)
    assert counts(admin) == then
    if not way:
        moved(admin, order, "processing", "shipped", "delivered")
        assert counts(admin) == ((8, 0, 8) if restock else (7, 0, 7))
        moved(admin, order, "returned")
        assert counts(admin) == (10, 0, 10)


def test_what_staff_said_by_hand_stays_until_money_is_recorded(
    admin: FlaskClient, client: FlaskClient
) -> None:
    order = ordered(client)
    path = f"/api/orders/{order['id']}"
    order = json_of(admin.patch(path, json={"payment_status": "paid"}))
    assert standing(order) == ("paid", "25.70", "0.00", "0.00")
    problem(admin.post(f"{path}/payments", json={"method": "card", "amount": "1"}), 409)
    order = json_of(refund(admin, order, shipping="2.00"))
    assert standing(order) == ("partly_refunded", "25.70", "2.00", "0.00")
    (said,) = order["payments"]
    assert (said["method"], said["amount"], said["at"]) == ("online", "25.70", None)
    problem(admin.patch(path, json={"payment_status": "due"}), 409)
    assert admin.patch(path, json={"note": "still to be edited"}).status_code == 200


def test_a_changed_order_is_paid_as_far_as_its_payments_go(
    admin: FlaskClient, client: FlaskClient
) -> None:
    order = paid(admin, ordered(client))
    path = f"/api/orders/{order['id']}"
    order = json_of(admin.patch(path, json={"shipping": "7.00"}))
    assert standing(order) == ("partly_paid", "25.70", "0.00", "5.00")
    order = json_of(admin.patch(path, json={"shipping": "0.00"}))
    assert standing(order) == ("paid", "25.70", "0.00", "0.00")


def test_each_reader_sees_of_the_money_what_is_theirs(
    admin: FlaskClient, client: FlaskClient
) -> None:
    order = paid(admin, ordered(client), reference="SECRET-REF")
    refund(admin, order, amount="1.00", reason="SECRET-REASON")
    public = client.get(f"/api/track/{order['track_url'].rpartition('/')[2]}")
    assert "SECRET" not in public.text
    seen = json_of(public)
    assert seen["payment"]["refunded"] == "1.00"
    assert list(seen["refunds"][0]) == ["id", "amount", "at", "failed"]
    assert seen["payments"][0]["amount"] == "25.70"
    assert "reference" not in seen["payments"][0]


def test_an_order_may_come_with_what_was_paid_for_it(
    intake: FlaskClient, client: FlaskClient, app: Flask
) -> None:
    payments = [
        {"method": "gift_card", "amount": "5.70", "at": "2026-01-01T10:00:00Z"},
        {"method": "card", "amount": "20.00", "status": "authorized", "title": "Visa"},
    ]
    order = ordered(intake, payments=payments)
    assert standing(order) == ("partly_paid", "5.70", "0.00", "20.00")
    assert [one["id"] for one in order["payments"]] == ["payment_1", "payment_2"]
    assert order["payments"][0]["at"] == "2026-01-01T10:00:00.000000Z"
    before = position(app)
    wanted = {"customer": "Ada", "items": [TEA]}
    for bad, path in (
        ({"amount": "0"}, "payments.1.amount"),
        ({"amount": "1", "at": "2999-01-01T00:00:00Z"}, "payments.1.at"),
        ({"amount": "x"}, "payments.1.amount"),
    ):
        body = {**wanted, "payments": [payments[0], {"method": "card", **bad}]}
        problem(intake.post("/api/orders", json=body), 422, path)
    problem(client.post("/api/orders", json={**wanted, "payments": payments}), 403, "payments")
    assert position(app) == before


def became(client: FlaskClient, order: Json, payment: str, status: str) -> Any:
    """The answer to saying what became of a payment."""
    path = f"/api/orders/{order['id']}/payments/{payment}"
    return client.patch(path, json={"status": status})


def test_an_authorized_payment_becomes_paid_or_void_and_then_nothing_else(
    admin: FlaskClient, client: FlaskClient, app: Flask
) -> None:
    order = paid(admin, ordered(client), "20.00", status="authorized")
    order = paid(admin, order, "5.70", status="pending")
    allowed = [one["allowed"] for one in order["payments"]]
    assert allowed == [["paid", "voided"], ["authorized", "paid", "failed", "voided"]]
    order = json_of(became(admin, order, "payment_1", "paid"))
    assert standing(order) == ("partly_paid", "20.00", "0.00", "5.70")
    event = timeline(admin, order)[-1]
    assert (event["type"], event["order"]) == ("payment.updated", order)
    assert [one["status"] for one in event["was"]["payments"]] == ["authorized", "pending"]
    order = json_of(became(admin, order, "payment_2", "voided"))
    assert standing(order) == ("partly_paid", "20.00", "0.00", "5.70")
    before = position(app)
    for payment, status in (("payment_1", "voided"), ("payment_2", "paid"), ("payment_1", "paid")):
        assert problem(became(admin, order, payment, status), 409)["allowed"] == []
    problem(became(admin, order, "payment_1", "refunded"), 422, "status")
    assert became(admin, order, "payment_9", "paid").status_code == 404
    new = {"method": "card", "amount": "1", "status": "voided"}
    problem(admin.post(f"/api/orders/{order['id']}/payments", json=new), 422, "status")
    assert position(app) == before


def test_what_can_go_back_is_told_before_it_does(admin: FlaskClient, client: FlaskClient) -> None:
    order = paid(admin, ordered(client))
    tea, cake = line_of(order, 0), line_of(order, 1)
    path = f"/api/orders/{order['id']}"
    json_of(refund(admin, order, lines=[{"line": tea, "quantity": 1}], shipping="0.50"))
    left = json_of(admin.get(f"{path}/refundable"))
    assert left == {
        "amount": "20.30",
        "shipping": "1.50",
        "lines": [
            {"line": tea, "name": "Green tea", "quantity": 2, "amount": "9.80", "returnable": 0},
            {"line": cake, "name": "Cake", "quantity": 1, "amount": "9.00", "returnable": 0},
        ],
    }
    order = moved(admin, order, "processing", "shipped", "delivered")
    assert (order["returnable"], order["items_open"], order["refundable"]) == (True, False, "20.30")
    back = {"lines": [{"line": tea, "quantity": 2}], "reason": "too green"}
    admin.post(f"{path}/returns", json=back)
    left = json_of(admin.get(f"{path}/refundable"))
    assert [line["returnable"] for line in left["lines"]] == [1, 1]


def test_a_preview_of_a_refund_says_what_it_comes_to_and_does_nothing(
    admin: FlaskClient, client: FlaskClient, app: Flask
) -> None:
    order = paid(admin, ordered(client))
    before, path = position(app), f"/api/orders/{order['id']}/refunds?preview=yes"
    body = {"lines": [{"line": line_of(order, 0), "quantity": 2}], "reason": "x", "restock": True}
    key = {"Idempotency-Key": "preview"}
    seen = admin.post(path, json=body, headers=key)
    assert (seen.status_code, json_of(seen)["refunds"][0]["amount"]) == (200, "9.80")
    problem(admin.post(path, json={**body, "amount": "99"}), 409)
    problem(admin.post(path, json={**body, "lines": [{"line": "line_9"}]}), 422, "lines.0.line")
    problem(admin.post(path.replace("yes", "maybe"), json=body), 422, "preview")
    assert (position(app), json_of(admin.get(f"/api/orders/{order['id']}"))) == (before, order)
    made = admin.post(path.replace("yes", "no"), json=body, headers=key)
    assert (made.status_code, json_of(made)["refunded"]) == (201, "9.80")
