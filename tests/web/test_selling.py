"""What strangers buy costs what the catalogue says, whatever they say."""

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orderboard import clock
from orderboard.catalogue import pricing
from orderboard.settings.values import WEEKDAYS
from tests.web.support import json_of, place, position, problem

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def bakery(admin: FlaskClient) -> None:
    """A shop that sells bread and tea, and sells no cake at the moment."""
    for product in (
        {"sku": "BREAD", "name": "Rye bread", "price": "4.90", "currency": "EUR", "tax_rate": "7"},
        {"sku": "CAKE", "name": "Cake", "price": "20", "currency": "EUR", "active": False},
        {"sku": "ROLL", "name": "Roll", "price": "0.60", "currency": "EUR", "stock": 3},
        {"sku": "MAP", "name": "Map", "price": "700", "currency": "JPY"},
    ):
        assert admin.post("/api/products", json=product).status_code == 201


def bought(client: FlaskClient, *lines: Json, **order: Any) -> TestResponse:
    items = [{"quantity": 1, "name": "as I call it", **line} for line in lines]
    return client.post("/api/orders", json={"customer": "Ada", "items": items, **order})


def test_name_price_and_currency_are_the_catalogues(client: FlaskClient) -> None:
    order = json_of(bought(client, {"sku": "BREAD", "quantity": 3}, {"sku": "ROLL"}))
    lines = [(line["name"], line["unit_price"], line["total"]) for line in order["items"]]
    assert lines == [("Rye bread", "4.90", "14.70"), ("Roll", "0.60", "0.60")]
    assert (order["total"], order["currency"]) == ("15.30", "EUR")


def test_a_sku_and_a_quantity_are_all_that_is_needed(
    client: FlaskClient, intake: FlaskClient
) -> None:
    order = {"customer": "Ada", "items": [{"sku": "BREAD", "quantity": 2}]}
    sold = json_of(client.post("/api/orders", json=order))
    assert (sold["items"][0]["name"], sold["total"]) == ("Rye bread", "9.80")
    problem(intake.post("/api/orders", json=order), 422, "items.0.name")
    strange = client.post("/api/orders", json={**order, "items": [{"sku": "B", "name": " "}]})
    assert "items.0.name" in {error["path"] for error in json_of(strange)["errors"]}


def test_a_price_that_is_the_catalogues_may_be_said(client: FlaskClient) -> None:
    order = json_of(bought(client, {"sku": "BREAD", "unit_price": "4.9"}, currency="EUR"))
    assert order["total"] == "4.90"


@pytest.mark.parametrize("price", ["0.01", "0", "4.91", "490", "999999999"])
def test_bread_for_another_price_is_told_what_it_costs(
    app: Flask, client: FlaskClient, price: str
) -> None:
    before = position(app)
    answer = bought(client, {"sku": "ROLL"}, {"sku": "BREAD", "unit_price": price})
    found = problem(answer, 409, "items.1.unit_price")
    assert found["detail"] == "A price has changed: Rye bread is 4.90 now."
    assert found["lines"] == [
        {"line": 1, "sku": "BREAD", "name": "Rye bread", "unit_price": "4.90"}
    ]
    assert "4.90 EUR" in found["errors"][0]["message"]
    assert position(app) == before


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ({"sku": "NONE"}, "sku"),
        ({"sku": "CAKE"}, "sku"),
        ({"sku": "bread"}, "sku"),
        ({}, "sku"),
        ({"sku": None}, "sku"),
        ({"sku": "  "}, "sku"),
        ({"sku": "MAP"}, "sku"),
        ({"sku": "BREAD", "discount": "4.90"}, "discount"),
        ({"sku": "BREAD", "quantity": 0}, "quantity"),
        ({"sku": "BREAD", "quantity": -1}, "quantity"),
        ({"sku": "BREAD", "quantity": 10**9}, "quantity"),
        ({"sku": "BREAD", "unit_price": "-4.90"}, "unit_price"),
        ({"sku": "BREAD", "unit_price": "NaN"}, "unit_price"),
    ],
)
def test_what_is_not_sold_so_is_refused_by_its_line(
    app: Flask, client: FlaskClient, line: Json, path: str
) -> None:
    before = position(app)
    found = problem(bought(client, {"sku": "BREAD"}, line), 422, f"items.1.{path}")
    if path == "sku" and (line.get("sku") or "").strip():
        assert line["sku"] in found["errors"][0]["message"]
    assert position(app) == before


@pytest.mark.parametrize("name", ["shipping", "tax", "discount"])
def test_amounts_of_the_whole_order_are_the_shops(client: FlaskClient, name: str) -> None:
    problem(bought(client, {"sku": "BREAD"}, **{name: "1.00"}), 422, name)
    assert bought(client, {"sku": "BREAD"}, **{name: "0"}).status_code == 201


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rounding", "-0.90"),
        ("fees", [{"name": "Bag", "amount": "0.10"}]),
        ("taxes", [{"name": "Tax", "amount": "0.01"}]),
        ("tax_included", True),
    ],
)
def test_nor_can_a_stranger_make_the_total_another_one(
    app: Flask, client: FlaskClient, name: str, value: Any
) -> None:
    before = position(app)
    problem(bought(client, {"sku": "BREAD"}, **{name: value}), 422, name)
    assert position(app) == before


def test_a_tip_is_the_customers_own(client: FlaskClient) -> None:
    assert json_of(bought(client, {"sku": "BREAD"}, tip="1.10"))["total"] == "6.00"


def test_no_part_of_a_piece_is_sold_for_nothing(client: FlaskClient) -> None:
    for quantity in ("0.001", "1.5", 0.5):
        line = {"sku": "BREAD", "quantity": quantity}
        problem(bought(client, line), 422, "items.0.quantity")


def test_prices_contain_the_tax_of_each_rate(admin: FlaskClient, client: FlaskClient) -> None:
    for sku, rate in (("ROLL", "7"), ("CAKE", "19")):
        admin.patch(f"/api/products/{sku}", json={"active": True, "tax_rate": rate})
    lines = ({"sku": "BREAD", "quantity": 3}, {"sku": "ROLL"}, {"sku": "CAKE"})
    order = json_of(bought(client, *lines))
    assert (order["total"], order["tax"], order["tax_included"]) == ("35.30", "4.19", True)
    assert [(tax["rate"], tax["amount"]) for tax in order["taxes"]] == [
        ("7", "1.00"),
        ("19", "3.19"),
    ]
    assert order["items"][0]["tax_rate"] == "7"


def test_what_of_a_line_is_the_catalogues_cannot_be_said(client: FlaskClient) -> None:
    said = {"tax_rate": "0", "unit": "ton", "image": "http://elsewhere.example/x", "note": "sliced"}
    order = json_of(bought(client, {"sku": "BREAD", **said}))
    line = order["items"][0]
    assert (line["tax_rate"], line["note"]) == ("7", "sliced")
    assert "elsewhere" not in str(order)
    assert "ton" not in line.values()


class TestOptions:
    """Bread comes whole or sliced, and small or large."""

    @pytest.fixture(autouse=True)
    def choices(self, admin: FlaskClient) -> None:
        """Bread of which something has to be chosen."""
        sizes = [{"value": "Small"}, {"value": "Large", "price": "2.50"}]
        options = [
            {"name": "Size", "required": True, "values": sizes},
            {"name": "Cut", "values": [{"value": "Sliced", "price": "0.30"}]},
        ]
        assert admin.patch("/api/products/BREAD", json={"options": options}).status_code == 200

    def test_they_are_in_the_price(self, client: FlaskClient) -> None:
        options = [{"name": "cut", "value": "Sliced"}, {"name": "Size", "value": "LARGE"}]
        line = json_of(bought(client, {"sku": "BREAD", "options": options}))["items"][0]
        assert line["unit_price"] == "7.70"
        chosen = [(o["name"], o["value"], o["price"]) for o in line["options"]]
        assert chosen == [("Size", "Large", "2.50"), ("Cut", "Sliced", "0.30")]

    @pytest.mark.parametrize(
        ("options", "path"),
        [
            ([], "options"),
            ([{"name": "Cut", "value": "Sliced"}], "options"),
            ([{"name": "Size", "value": "Huge"}], "options.0.value"),
            ([{"name": "Free", "value": "yes"}], "options.0.name"),
            ([{"name": "Size", "value": "Small"}] * 2, "options.1.name"),
            ([{"name": "Size", "value": "Small", "price": "-4"}], "unit_price"),
            ([{"name": "Size", "value": "Large", "price": "0"}], "unit_price"),
        ],
    )
    def test_what_cannot_be_chosen_is_refused(
        self, app: Flask, client: FlaskClient, options: list[Json], path: str
    ) -> None:
        before = position(app)
        status = 409 if path == "unit_price" else 422
        problem(bought(client, {"sku": "BREAD", "options": options}), status, f"items.0.{path}")
        assert position(app) == before

    def test_a_price_of_an_option_that_changed_is_told(
        self, admin: FlaskClient, client: FlaskClient
    ) -> None:
        line = {"sku": "BREAD", "options": [{"name": "Size", "value": "Large"}]}
        sizes = [{"value": "Small"}, {"value": "Large", "price": "3"}]
        options = [{"name": "Size", "required": True, "values": sizes}]
        admin.patch("/api/products/BREAD", json={"options": options})
        answer = bought(client, {**line, "unit_price": "7.40"})
        assert problem(answer, 409, "items.0.unit_price")["lines"][0]["unit_price"] == "7.90"


class TestHowAndWhen:
    """Fulfilment: what the shop offers."""

    def wanted(self, client: FlaskClient, fulfilment: Json, **order: Any) -> TestResponse:
        return bought(client, {"sku": "BREAD"}, fulfilment=fulfilment, **order)

    def test_a_delivery_needs_an_address_and_a_way_to_reach_its_customer(
        self, client: FlaskClient
    ) -> None:
        brought = {"method": "delivery"}
        problem(self.wanted(client, brought), 422, "address.line1", "customer.phone")
        for contact in ({"phone": "0700"}, {"email": "ada@example.com"}):
            reached = {"customer": {"name": "Ada", **contact}}
            problem(self.wanted(client, brought, **reached), 422, "address.line1")
            assert self.wanted(client, brought, address="1 Main St", **reached).status_code == 201

    def test_what_is_picked_up_needs_neither(self, client: FlaskClient) -> None:
        order = json_of(self.wanted(client, {"method": "pickup"}))
        assert order["fulfilment"]["method"] == "pickup"

    def test_only_what_the_shop_offers_can_be_wanted(
        self, admin: FlaskClient, client: FlaskClient
    ) -> None:
        problem(self.wanted(client, {"method": "ship"}), 422, "fulfilment.method")
        assert admin.patch("/api/settings", json={"methods": ["delivery"]}).status_code == 200
        problem(self.wanted(client, {"method": "pickup"}), 422, "fulfilment.method")

    def test_a_time_is_one_at_which_the_shop_is_open(
        self, admin: FlaskClient, client: FlaskClient
    ) -> None:
        tomorrow = clock.now() + timedelta(days=1)
        noon = clock.rfc3339(tomorrow.replace(hour=12, minute=0))
        collected = {"method": "pickup", "from": noon}
        assert self.wanted(client, collected).status_code == 201
        soon = clock.rfc3339(clock.now() + timedelta(minutes=5))
        problem(self.wanted(client, {"method": "pickup", "from": soon}), 422, "fulfilment.from")
        for over in (clock.now() - timedelta(minutes=1), clock.now() - timedelta(days=400)):
            past = {"method": "pickup", "from": clock.rfc3339(over)}
            problem(self.wanted(client, past), 422, "fulfilment.from")
        backwards = {**collected, "until": clock.rfc3339(clock.now() + timedelta(hours=1))}
        problem(self.wanted(client, backwards), 422, "fulfilment.until")
        never = {name: [] for name in WEEKDAYS}
        assert admin.patch("/api/settings", json={"opening_hours": never}).status_code == 200
        problem(self.wanted(client, collected), 422, "fulfilment.from")


def test_every_fault_is_said_at_once(client: FlaskClient) -> None:
    lines = ({"sku": "NONE"}, {"sku": "BREAD", "unit_price": "1"}, {"sku": "CAKE"})
    paths = ("items.0.sku", "items.1.unit_price", "items.2.sku", "discount")
    problem(bought(client, *lines, discount="1"), 422, *paths)


def test_more_than_is_left_is_refused_by_name(app: Flask, client: FlaskClient) -> None:
    before = position(app)
    found = problem(bought(client, {"sku": "BREAD"}, {"sku": "ROLL", "quantity": 4}), 409)
    assert (found["sku"], found["available"]) == ("ROLL", 3)
    assert position(app) == before


def test_a_price_changed_after_it_was_seen_is_not_paid(
    admin: FlaskClient, client: FlaskClient
) -> None:
    shown = json_of(client.get("/api/catalogue?q=rye"))["products"][0]["price"]
    admin.patch("/api/products/BREAD", json={"price": "5.50"})
    found = problem(
        bought(client, {"sku": "BREAD", "unit_price": shown}), 409, "items.0.unit_price"
    )
    again = bought(client, {"sku": "BREAD", "unit_price": found["lines"][0]["unit_price"]})
    assert json_of(again)["total"] == "5.50"


def test_a_product_renamed_after_it_was_seen_is_sold_by_its_name_now(
    admin: FlaskClient, client: FlaskClient
) -> None:
    seen = {"sku": "BREAD", "name": "Rye bread", "unit_price": "4.90"}
    first = json_of(bought(client, seen))
    admin.patch("/api/products/BREAD", json={"name": "Sourdough", "tax_rate": "19"})
    line = json_of(bought(client, seen))["items"][0]
    assert (line["name"], line["tax_rate"], line["total"]) == ("Sourdough", "19", "4.90")
    kept = json_of(admin.get(f"/api/orders/{first['id']}"))["items"][0]
    assert (kept["name"], kept["tax_rate"]) == ("Rye bread", "7")


def test_keys_and_staff_give_prices_of_their_own(
    admin: FlaskClient, intake: FlaskClient, staff: FlaskClient
) -> None:
    for who in (admin, intake, staff):
        order = place(
            who, items=[{"sku": "BREAD", "name": "Ends", "quantity": 1, "unit_price": "1"}]
        )
        assert (order["items"][0]["name"], order["total"]) == ("Ends", "1.00")
        assert place(who, items=[{"name": "Anything", "quantity": 1, "unit_price": "3"}])


@pytest.mark.parametrize("kind", ["return", "exchange", "donation", "sample", "bulk"])
def test_what_is_no_sale_stays_free_and_waits_where_goods_leave(
    admin: FlaskClient, client: FlaskClient, kind: str
) -> None:
    items = [{"name": "Old bread", "quantity": 1, "unit_price": "1"}]
    ada = {"name": "Ada", "email": "ada@example.com"}
    first = place(admin, customer=ada)
    named = {"related_order": str(first["number"])} if kind in ("return", "exchange") else {}
    order = place(client, customer=ada, type=kind, items=items, **named)
    assert order["total"] == "1.00"
    assert order["status"] == ("on_hold" if kind in ("sample", "bulk") else "pending")
    assert place(admin, type=kind, items=items)["status"] == "pending"


def test_where_nothing_is_sold_anything_may_be_ordered(
    admin: FlaskClient, client: FlaskClient
) -> None:
    skus = ["BREAD", "ROLL", "MAP"]
    assert admin.post("/api/products/bulk", json={"skus": skus, "active": False}).status_code == 207
    order = place(
        client, items=[{"name": "Bread", "sku": "BREAD", "quantity": 1, "unit_price": "1"}]
    )
    assert order["total"] == "1.00"


class TestAProductAsItIsChosen:
    """Pure: the price of a product with its options."""

    ROW: ClassVar[Json] = {
        "name": "Tea",
        "price": 490,
        "currency": "EUR",
        "tax_rate": "7",
        "image": None,
        "options": [
            {
                "name": "Size",
                "required": True,
                "values": [{"value": "Small", "price": 0}, {"value": "Large", "price": 250}],
            },
            {"name": "Milk", "required": False, "values": [{"value": "Oat", "price": 40}]},
        ],
    }

    def test_it_costs_what_it_and_its_options_cost(self) -> None:
        errors: dict[str, str] = {}
        given = [{"name": "milk", "value": "OAT"}, {"name": "SIZE", "value": "large"}]
        tea = pricing.chosen(self.ROW, given, errors)
        assert not errors
        assert str(tea["unit_price"]) == "7.80"
        chosen = [(o["name"], o["value"], str(o["price"])) for o in tea["options"]]
        assert chosen == [("Size", "Large", "2.50"), ("Milk", "Oat", "0.40")]

    @pytest.mark.parametrize(
        ("given", "path"),
        [
            ([], "options"),
            ([{"name": "Milk", "value": "Oat"}], "options"),
            ([{"name": "Size", "value": "Huge"}], "options.0.value"),
            ([{"name": "Colour", "value": "Red"}], "options.0.name"),
            (
                [{"name": "Size", "value": "Small"}, {"name": "size", "value": "Large"}],
                "options.1.name",
            ),
        ],
    )
    def test_what_cannot_be_chosen_is_named(self, given: list[Json], path: str) -> None:
        errors: dict[str, str] = {}
        pricing.chosen(self.ROW, given, errors)
        assert list(errors) == [path]


def test_the_catalogue_can_be_asked_about_some_skus(client: FlaskClient) -> None:
    found = json_of(client.get("/api/catalogue?sku=ROLL&sku=CAKE&sku=NONE&sku=BREAD"))
    assert [product["sku"] for product in found["products"]] == ["ROLL", "BREAD"]
    many = "&".join(f"sku=S-{number}" for number in range(101))
    problem(client.get(f"/api/catalogue?{many}"), 422, "sku")
    problem(client.get("/api/catalogue?sku=%00"), 422, "sku.0")
