"""Orders of other shop systems come out equal, and what has no place here is named."""

import copy
import json
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from orderboard.cli.converting import convert_orders
from orderboard.converting import shopify, woocommerce
from orderboard.converting.reading import Unconvertible
from tests.converting.examples import SHOPIFY, WOO
from tests.web.support import place

Json = dict[str, Any]


def changed(order: Json, **fields: Any) -> Json:
    """The same order with other fields."""
    return {**copy.deepcopy(order), **fields}


def test_a_woocommerce_order_comes_out_to_the_cent(admin: FlaskClient) -> None:
    order, left_out = woocommerce.convert(WOO)
    placed = place(admin, **order)
    assert placed["total"] == WOO["total"]
    assert (placed["tax"], placed["shipping"]) == ("6.25", "5.00")
    assert [(line["name"], line["total"]) for line in placed["items"]] == [
        ("Tea", "10.00"),
        ("Cheese", "20.12"),
    ]
    assert placed["items"][0]["options"] == [{"name": "Roast", "value": "dark"}]
    assert (placed["items"][1]["sku"], placed["items"][1]["quantity"]) == ("4711", "1.500")
    assert placed["discounts"] == [
        {"name": "Pledge", "amount": "1.00"},
        {"code": "spring", "amount": "4.20"},
    ]
    assert placed["fees"] == [{"name": "Bag", "amount": "3.00"}]
    assert placed["taxes"] == [{"name": "VAT", "rate": "19", "amount": "6.25"}]
    assert (placed["status"], placed["payment"]["status"]) == ("completed", "paid")
    assert placed["created_at"] == "2025-03-22T15:28:02.000000Z"
    assert placed["times"]["completed"] == "2025-03-23T09:00:00.000000Z"
    assert placed["payments"][0]["reference"] == "tx-1"
    assert placed["metadata"] == {"gift": "yes"}
    assert (placed["external_id"], placed["display_number"]) == ("727", "W-727")
    assert (placed["billing_address"]["name"], placed["address"]["name"]) == (
        "Ada L., Engines",
        "Bo L.",
    )
    for path in ("refunds.0.total", "customer_ip_address", "line_items.0.product_id", "version"):
        assert path in left_out
    kept = {"total", "status", "line_items.0.subtotal", "billing.email", "fee_lines.1.total"}
    assert not kept & {*left_out}


def test_a_shopify_order_comes_out_to_the_cent(admin: FlaskClient) -> None:
    order, left_out = shopify.convert(SHOPIFY)
    placed = place(admin, **order)
    assert placed["total"] == SHOPIFY["total_price"]
    assert (placed["subtotal"], placed["shipping"], placed["tip"]) == ("399.00", "8.00", "3.00")
    assert placed["discounts"] == [
        {"code": "TENOFF", "amount": "10.00"},
        {"name": "Discount", "amount": "2.00"},
    ]
    assert placed["taxes"] == [{"name": "State tax", "rate": "6", "amount": "11.94"}]
    assert placed["items"][0]["options"] == [
        {"name": "Variant", "value": "Pink"},
        {"name": "Engraving", "value": "Happy day"},
    ]
    assert (placed["status"], placed["tags"], placed["locale"]) == (
        "shipped",
        ["VIP", "gift"],
        "en-CA",
    )
    assert (placed["payment"]["status"], placed["payment"]["due"]) == ("partly_paid", "10.00")
    assert placed["shipments"][0]["number"] == "1Z2345"
    assert placed["created_at"] == "2025-01-10T16:00:00.000000Z"
    assert placed["address"]["lat"] == 45.41
    assert placed["metadata"] == {"colour": "red"}
    assert "line_items.0.grams" in left_out
    assert not {"total_price", "note", "line_items.0.price", "tags"} & {*left_out}


@pytest.mark.parametrize("rest", ["0.01", "-0.30"])
def test_a_total_that_was_rounded_stays_what_it_was(admin: FlaskClient, rest: str) -> None:
    total = str(Decimal(WOO["total"]) + Decimal(rest))
    placed = place(admin, **woocommerce.convert(changed(WOO, total=total)).order)
    assert (placed["total"], placed["rounding"]) == (total, rest)


@pytest.mark.parametrize(
    ("convert", "order", "why"),
    [
        (woocommerce.convert, changed(WOO, total="99.00"), "comes to 39.17"),
        (woocommerce.convert, changed(WOO, status="checkout-draft"), "is no order"),
        (woocommerce.convert, changed(WOO, currency="XXX"), "no currency"),
        (woocommerce.convert, changed(WOO, total="many"), "total must be a number"),
        (woocommerce.convert, changed(WOO, line_items="x"), "line_items must be a list"),
        (woocommerce.convert, changed(WOO, billing=[1]), "billing must be an object"),
        (woocommerce.convert, [], "must be an object"),
        (shopify.convert, changed(SHOPIFY, total_price="1.00"), "comes to 409.94"),
        (shopify.convert, changed(SHOPIFY, line_items=[{"quantity": 0}]), "no quantity"),
    ],
)
def test_what_does_not_add_up_is_refused(convert: Any, order: Any, why: str) -> None:
    with pytest.raises(Unconvertible, match=why):
        convert(order)


def test_the_command_writes_lines_for_the_import(admin: FlaskClient) -> None:
    given = json.dumps({"orders": [WOO, changed(WOO, total="99.00")]})
    result = CliRunner().invoke(convert_orders, ["woocommerce", "-"], input=given)
    assert result.exit_code == 1
    assert place(admin, **json.loads(result.stdout))["total"] == WOO["total"]
    assert "order 1 leaves out" in result.stderr
    assert "order 2: it says 99.00 and comes to 39.17" in result.stderr
