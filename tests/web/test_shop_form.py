"""The shop's form as a browser without JavaScript sends it."""

import html
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.support import json_of, position

Json = dict[str, Any]
WHO = {
    "form": "shop",
    "customer-name": "Ada",
    "customer-phone": "0700",
    "address-line1": "1 Main St",
    "fulfilment-method": "delivery",
    "payment_method": "cod",
}


@pytest.fixture(autouse=True)
def bakery(admin: FlaskClient) -> None:
    """A shop that sells bread and rolls, of which three are left."""
    for product in (
        {"sku": "BREAD", "name": "Rye bread", "price": "4.90", "currency": "EUR"},
        {"sku": "ROLL", "name": "Roll", "price": "0.60", "currency": "EUR", "stock": 3},
        {"sku": "TEA", "name": "Green tea", "price": "3", "currency": "EUR", "category": "Drinks"},
    ):
        assert admin.post("/api/products", json=product).status_code == 201


def sent(client: FlaskClient, page: TestResponse, quantities: Json, **changes: str) -> TestResponse:
    """The answer to the form of a page with these quantities filled in."""
    fields = dict(re.findall(r'name="(pick-\d+-(?:sku|price))" value="([^"]*)"', page.text))
    for name, sku in list(fields.items()):
        if name.endswith("-sku") and sku in quantities:
            fields[name.replace("-sku", "-quantity")] = quantities[sku]
    return client.post("/", data={**WHO, **fields, **changes})


def test_what_is_picked_is_placed_at_its_price(client: FlaskClient) -> None:
    answer = sent(client, client.get("/"), {"BREAD": "2", "ROLL": " 3 ", "TEA": "0"})
    assert answer.status_code == 303
    order = json_of(client.get(f"/api{answer.location}"))
    lines = [(line["name"], line["quantity"], line["total"]) for line in order["items"]]
    assert sorted(lines) == [("Roll", 3, "1.80"), ("Rye bread", 2, "9.80")]
    assert (order["total"], order["currency"], order["payment"]["method"]) == (
        "11.60",
        "EUR",
        "cod",
    )


def test_staff_who_order_on_the_page_pay_what_the_catalogue_says(staff: FlaskClient) -> None:
    answer = sent(staff, staff.get("/"), {"BREAD": "1"})
    assert json_of(staff.get(f"/api{answer.location}"))["total"] == "4.90"


def test_a_price_that_changed_is_said_beside_its_product(
    app: Flask, admin: FlaskClient, client: FlaskClient
) -> None:
    page = client.get("/")
    admin.patch("/api/products/BREAD", json={"price": "5.50"})
    before = position(app)
    again = sent(client, page, {"BREAD": "2", "TEA": "1"})
    assert again.status_code == 409
    assert "Rye bread is 5.50 EUR now." in again.text
    assert "A price has changed" in again.text
    assert position(app) == before
    answer = sent(client, again, {"BREAD": "2", "TEA": "1"})
    assert json_of(client.get(f"/api{answer.location}"))["total"] == "14.00"


def test_more_than_is_left_is_said_beside_its_product(client: FlaskClient) -> None:
    again = sent(client, client.get("/"), {"BREAD": "1", "ROLL": "4"})
    assert again.status_code == 409
    assert "Roll can be had 3 times only." in again.text
    assert re.search(r'quantity" value="4"[^>]*aria-invalid', again.text)


def test_what_is_not_sold_any_more_is_said(admin: FlaskClient, client: FlaskClient) -> None:
    page = client.get("/")
    admin.patch("/api/products/BREAD", json={"active": False})
    again = sent(client, page, {"BREAD": "1"})
    assert again.status_code == 422
    assert "not sold any more" in again.text


def test_an_empty_basket_is_no_order(app: Flask, client: FlaskClient) -> None:
    before = position(app)
    page = sent(client, client.get("/"), {})
    assert page.status_code == 422
    assert "nothing in your basket" in page.text
    assert position(app) == before


def test_what_is_looked_for_keeps_what_was_filled_in(app: Flask, client: FlaskClient) -> None:
    before = position(app)
    for button in ({"find": "1", "q": "tea"}, {"to-category": "Drinks"}, {"more": "nonsense"}):
        page = sent(client, client.get("/"), {"BREAD": "7", "ROLL": "many"}, note="kept", **button)
        assert page.status_code == 200
        assert ">kept</textarea>" in page.text
        for sku, quantity in (("BREAD", "7"), ("ROLL", "many")):
            number = re.search(rf'name="pick-(\d+)-sku" value="{sku}"', page.text)
            assert number, button
            assert f'name="pick-{number[1]}-quantity" value="{quantity}"' in page.text
    assert position(app) == before


def test_products_are_found_by_word_and_category(client: FlaskClient) -> None:
    def shown(query: str) -> list[str]:
        return sorted(re.findall(r'data-sku="(\w+)"', client.get(f"/?{query}").text))

    assert shown("") == ["BREAD", "ROLL", "TEA"]
    assert shown("q=bread") == ["BREAD"]
    assert shown("category=Drinks") == ["TEA"]
    assert shown("q=bread&category=Drinks") == []
    for nonsense in ("q=%00", "q=%ff", "category=%00", "after=x", "q=" + "x" * 5000):
        assert client.get(f"/?{nonsense}").status_code == 200


def test_an_address_gives_the_form_no_key(client: FlaskClient) -> None:
    page = client.get("/?idempotency_key=mine&idempotency_secret=known-to-somebody-else")
    assert "known-to-somebody-else" not in page.text
    assert 'value="mine"' not in page.text


def test_a_double_click_places_one_order(app: Flask, client: FlaskClient) -> None:
    page = client.get("/")
    keys = {
        name: html.unescape(value)
        for name, value in re.findall(r'name="(idempotency_\w+)" value="([^"]+)"', page.text)
    }
    answers = [sent(client, page, {"BREAD": "1"}, **keys) for _ in range(2)]
    assert answers[0].location == answers[1].location
    other = sent(client, page, {"BREAD": "2"}, **keys)
    assert other.status_code == 422
    assert "placed with this form before" in other.text


def test_nonsense_is_refused_and_changes_nothing(app: Flask, client: FlaskClient) -> None:
    page, before = client.get("/"), position(app)
    for quantity in ("-1", "1.5e3", "many", "9" * 12, "\x00", "１"):
        assert sent(client, page, {"BREAD": quantity}).status_code == 422, quantity
    for strange in (
        {"pick-0-sku": "\x00", "pick-0-quantity": "1"},
        {"pick-0-sku": "NONE", "pick-0-quantity": "1"},
        {"pick-0-sku": "BREAD", "pick-0-quantity": "1", "pick-0-price": "1e999999"},
        {"pick-0-sku": "BREAD", "pick-0-quantity": "1", "pick-0-price": "-1"},
        {"pick-0-sku": "BREAD", "pick-0-quantity": "1", "pick-0-price": "Infinity"},
        {"pick-0-sku": "BREAD", "pick-0-quantity": "1", "pick-0-option-0": "x"},
        {"pick-0-sku": "BREAD", "pick-0-quantity": "1", "pick-0-option-0": "[" * 5000},
        {"pick-0-sku": "BREAD", "pick-0-quantity": "1", "pick-0-option-0": '{"name":{"a":1}}'},
        {"pick-0-sku": "BREAD", "pick-0-quantity": "1", "customer-name": ""},
        {"pick-0-sku": "BREAD", "pick-0-quantity": "1", "customer-nonsense": "x"},
    ):
        assert client.post("/", data={**WHO, **strange}).status_code == 422, strange
    assert position(app) == before


def test_what_is_no_sale_has_its_own_form(client: FlaskClient) -> None:
    for path in ("/order/other", "/?type=donation"):
        page = client.get(path).text
        assert 'name="items-0-name"' in page
        assert 'name="type" value="purchase"' not in page
    assert 'value="donation" checked' in client.get("/?type=donation").text
    answer = client.post(
        "/", data={"customer-name": "Ada", "type": "donation", "items-0-name": "Old bread"}
    )
    assert json_of(client.get(f"/api{answer.location}"))["type"] == "donation"


def test_without_anything_to_sell_there_is_the_free_form(
    admin: FlaskClient, client: FlaskClient
) -> None:
    skus = ["BREAD", "ROLL", "TEA"]
    admin.post("/api/products/bulk", json={"skus": skus, "active": False})
    assert 'name="type" value="purchase"' in client.get("/").text


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"address-line1": " "}, "Street and number is needed for a delivery."),
        ({"customer-phone": ""}, "Phone or e-mail is needed for a delivery."),
        ({"customer-name": ""}, "Name must not be empty."),
    ],
)
def test_a_delivery_needs_an_address_and_a_way_to_reach_its_customer(
    app: Flask, client: FlaskClient, changes: Json, complaint: str
) -> None:
    page, before = client.get("/"), position(app)
    answer = sent(client, page, {"BREAD": "1"}, **changes)
    assert answer.status_code == 422
    assert complaint in answer.text
    assert position(app) == before


def test_what_it_comes_to_is_told_before_it_is_ordered(
    app: Flask, admin: FlaskClient, client: FlaskClient
) -> None:
    assert 'name="discount-code"' not in client.get("/").text
    admin.patch("/api/products/TEA", json={"currency": "USD", "price": "10"})
    charges = {"delivery": {"fee": "3.50", "minimum": "10"}}
    admin.patch("/api/settings", json={"charges": charges})
    admin.post("/api/discounts", json={"code": "SPRING", "percent": "10"})
    page, before = client.get("/"), position(app)
    assert 'value="3.50"' in page.text
    asked = {"apply": "1", "discount-code": "spring", "tip": "1,50"}
    told = sent(client, page, {"TEA": "1"}, **asked)
    assert told.status_code == 200
    for amount in ("10.00", "3.50", "1.00", "1.50", "14.00"):
        assert f'value="{amount}"' in told.text
    assert 'name="discount-code" ' in told.text
    wrong = sent(client, page, {"TEA": "1"}, **asked | {"discount-code": "x"})
    assert wrong.status_code == 422
    assert "Discount code is no code of this shop." in wrong.text
    little = sent(client, page, {"TEA": "0", "BREAD": "1"}, apply="1")
    assert little.status_code == 422
    assert position(app) == before
    order = sent(client, page, {"TEA": "1"}, **{"discount-code": "SPRING"})
    assert json_of(client.get(f"/api{order.location}"))["total"] == "12.50"


def test_what_is_picked_up_needs_no_address_and_keeps_none(client: FlaskClient) -> None:
    changes = {"fulfilment-method": "pickup", "customer-phone": ""}
    answer = sent(client, client.get("/"), {"BREAD": "1"}, **changes)
    assert json_of(client.get(f"/api{answer.location}"))["address"] is None
