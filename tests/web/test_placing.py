"""Placing one order by JSON."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orderboard.database import db
from tests.web.support import (
    as_driver,
    as_staff,
    json_of,
    new_driver,
    place,
    position,
    problem,
    timeline,
    with_key,
)

FULL: dict[str, Any] = {
    "customer": {
        "name": "Ada Lovelace",
        "company": "Engines Ltd",
        "email": "ada@example.com",
        "phone": "+44 20 7946 0958",
    },
    "type": "bulk",
    "items": [
        {
            "sku": "NW-1",
            "name": "Chai",
            "quantity": 3,
            "unit_price": "18.00",
            "discount": "4.00",
        },
        {"sku": None, "name": "Ikura", "quantity": 1, "unit_price": "0.05"},
    ],
    "currency": "EUR",
    "shipping": "4.90",
    "tax": "9.51",
    "discount": "10.00",
    "address": {
        "name": "Reception",
        "line1": "12 St James's Square",
        "line2": None,
        "city": "London",
        "region": "Westminster",
        "postal_code": "SW1Y 4JH",
        "country": "GB",
        "phone": "+44 20 7946 0999",
        "instructions": "At the side door",
        "lat": 51.5072,
        "lng": -0.1357,
    },
    "payment_method": "cod",
    "note": "Ring <twice> & wait\n“please”",
    "external_id": "shop-77",
}


def test_the_least_order_is_a_name(client: FlaskClient) -> None:
    order = place(client, customer="Ada")
    assert order["customer"] == {"name": "Ada", "company": None, "email": None, "phone": None}
    assert (order["type"], order["status"], order["version"]) == ("purchase", "pending", 1)
    assert (order["items"], order["total"], order["currency"]) == ([], "0.00", "USD")
    assert order["address"] is order["driver"] is order["note"] is order["external_id"] is None
    nothing = dict.fromkeys(("paid", "refunded", "due"), "0.00")
    assert order["payment"] == {"method": "none", "status": "none", **nothing}
    assert order["times"] == {"pending": order["created_at"]}


def test_a_full_order_comes_back_as_it_was_given(intake: FlaskClient) -> None:
    order = place(intake, **FULL)
    echoed = {name: order[name] for name in FULL if name != "items"}
    assert echoed == {name: value for name, value in FULL.items() if name != "items"}
    first = {**FULL["items"][0], "id": "line_1", "total": "50.00"}
    second = {**FULL["items"][1], "id": "line_2", "discount": "0.00", "total": "0.05"}
    assert order["items"] == [first, second]
    assert (order["subtotal"], order["total"]) == ("50.05", "54.46")
    money = {"paid": "0.00", "refunded": "0.00", "due": "54.46"}
    assert order["payment"] == {"method": "cod", "status": "due", **money}
    assert order["source"] == "key:shop"


def test_the_answer_says_where_the_order_is(admin: FlaskClient) -> None:
    placed = admin.post("/api/orders", json={"customer": "Ada"})
    order = json_of(placed)
    assert placed.headers["Location"] == f"/api/orders/{order['id']}"
    assert json_of(admin.get(placed.headers["Location"])) == order
    assert order["id"].startswith("ord_")
    assert len(order["id"]) == 30


def test_numbers_count_up(client: FlaskClient) -> None:
    numbers = [place(client)["number"] for _ in range(3)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


def test_an_address_may_be_one_text(client: FlaskClient) -> None:
    address = place(client, address=" 1 Main St, Springfield ")["address"]
    assert address.pop("line1") == "1 Main St, Springfield"
    assert set(address.values()) == {None}


def test_blank_texts_are_none(client: FlaskClient) -> None:
    order = place(client, customer={"name": " Ada ", "email": "", "phone": " "}, note="\n")
    assert order["customer"] == {"name": "Ada", "company": None, "email": None, "phone": None}
    assert order["note"] is None


EXACT = [
    ("USD", "19.9", "19.90"),
    ("USD", "19.90", "19.90"),
    ("USD", "20", "20.00"),
    ("USD", "1e1", "10.00"),
    ("JPY", "1990", "1990"),
    ("JPY", "1990.0", "1990"),
    ("KWD", "1.005", "1.005"),
    ("USD", "9999999999.99", "9999999999.99"),
]
INEXACT = [("USD", "0.001"), ("JPY", "0.5"), ("KWD", "1.0001"), ("USD", "1e11"), ("USD", "-0.01")]


def shipped_for(client: FlaskClient, currency: str, amount: str) -> TestResponse:
    """The answer to an order with this JSON text as its shipping."""
    body = f'{{"customer": "Ada", "currency": "{currency}", "shipping": {amount}}}'
    return client.post("/api/orders", data=body, content_type="application/json")


def test_money_may_be_a_number_that_is_exact(client: FlaskClient) -> None:
    totals = [json_of(shipped_for(client, *given))["total"] for *given, _ in EXACT]
    assert totals == [total for *_, total in EXACT]


def test_money_that_is_not_exact_or_endless_is_refused(client: FlaskClient) -> None:
    for currency, amount in INEXACT:
        problem(shipped_for(client, currency, amount), 422, "shipping")
        problem(shipped_for(client, currency, f'"{amount}"'), 422, "shipping")


def test_each_bad_line_is_named(app: Flask, client: FlaskClient) -> None:
    items = [
        {"name": "good", "quantity": 1, "unit_price": "1.00"},
        {"name": "", "quantity": 0, "unit_price": "x"},
        {"name": "dear", "quantity": 1, "unit_price": "1.00", "discount": "2.00"},
    ]
    bad = client.post("/api/orders", json={"customer": "Ada", "items": items[:2]})
    problem(bad, 422, "items.1.name", "items.1.quantity", "items.1.unit_price")
    dear = client.post("/api/orders", json={"customer": "Ada", "items": items[::2]})
    problem(dear, 422, "items.1.discount")
    assert position(app) == 0


def test_text_is_kept_as_it_is(admin: FlaskClient) -> None:
    odd = "<b>&amp;</b> ' \" \\ % _ ; -- \u2028 \u0085 \t\r\n 😀 ا\u202e"
    order = place(admin, customer=odd, note=odd, items=[{"name": odd, "quantity": 1}])
    read = json_of(admin.get(f"/api/orders/{order['id']}"))
    assert read["customer"]["name"] == read["note"] == read["items"][0]["name"] == odd


def test_an_external_id_is_good_once_for_its_source(app: Flask, intake: FlaskClient) -> None:
    first = place(intake, external_id="77")
    again = intake.post("/api/orders", json={"customer": "Bo", "external_id": "77"})
    assert problem(again, 409)["order_id"] == first["id"]
    other = place(with_key(app, "intake", name="other shop"), external_id="77")
    assert other["id"] != first["id"]
    assert place(as_staff(app), external_id="77")["source"] == "staff"


def test_nobody_takes_an_external_id_away_from_strangers_or_finds_their_order_by_it(
    app: Flask, client: FlaskClient, intake: FlaskClient
) -> None:
    placers = [client, app.test_client(), as_driver(app, new_driver(app)), client, intake]
    orders = [place(placer, external_id="77") for placer in placers]
    assert len({order["id"] for order in orders}) == len(placers)
    assert [order["external_id"] for order in orders] == ["77"] * len(placers)


def test_an_external_id_is_good_once_for_a_driver(app: Flask) -> None:
    one, other = (as_driver(app, new_driver(app, name)) for name in ("Bo", "Cy"))
    first = place(one, external_id="77")
    again = one.post("/api/orders", json={"customer": "Bo", "external_id": "77"})
    assert problem(again, 409)["order_id"] == first["id"]
    place(other, external_id="77")


def test_a_key_cannot_be_named_like_strangers(app: Flask, client: FlaskClient) -> None:
    first = place(with_key(app, "intake", name="web"), external_id="77")
    assert place(client, external_id="77")["source"] == "web" != first["source"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_external_id_is_looked_up_in_its_index(app: Flask, intake: FlaskClient) -> None:
    asked: list[str] = []
    with app.app_context():
        sa.event.listen(
            db.engine, "checkout", lambda driver, *_: driver.set_trace_callback(asked.append)
        )
        place(intake, external_id="77")
        (lookup,) = [text for text in asked if text.startswith("SELECT") and "external" in text]
        with db.engine.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {lookup}").all()
    assert "uq_orders_external_id" in str(plan)


def test_a_related_order_has_to_be_there(client: FlaskClient) -> None:
    first = place(client)
    assert place(client, type="return", related_order=first["id"])["related_order"] == first["id"]
    unknown = client.post("/api/orders", json={"customer": "Ada", "related_order": "ord_0"})
    problem(unknown, 422, "related_order")


def test_every_type_can_be_placed_and_inbound_ones_are_requests(client: FlaskClient) -> None:
    outbound, inbound = ("purchase", "bulk", "sample"), ("return", "exchange", "donation")
    labels = {kind: place(client, type=kind)["status_label"] for kind in (*outbound, *inbound)}
    assert labels == dict.fromkeys(outbound, "Pending") | dict.fromkeys(inbound, "Requested")


def test_who_placed_it_stands_in_the_log(
    app: Flask, client: FlaskClient, intake: FlaskClient, staff: FlaskClient, admin: FlaskClient
) -> None:
    placed = [place(one, customer="Cy") for one in (client, intake, staff)]
    events = [timeline(admin, order) for order in placed]
    assert [len(of_order) for of_order in events] == [1, 1, 1]
    assert {of_order[0]["type"] for of_order in events} == {"order.created"}
    assert [of_order[0]["actor"] for of_order in events] == [
        {"kind": "customer", "name": "Cy"},
        {"kind": "script", "name": "shop"},
        {"kind": "staff", "name": "ada"},
    ]
    assert [order["source"] for order in placed] == ["web", "key:shop", "staff"]
    assert position(app) == 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_json_is_understood_whatever_it_is_called(client: FlaskClient) -> None:
    for content_type in ("application/json; charset=utf-8", "application/vnd.shop+json", ""):
        placed = client.post("/api/orders", data=b'{"customer": "A"}', content_type=content_type)
        assert placed.status_code == 201, content_type
