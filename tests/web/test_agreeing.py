"""What strangers ask of a shop that is no sale: what it needs, and what it costs."""

import threading
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.support import json_of, place, position, problem, token_of

Json = dict[str, Any]
ADA = {"name": "Ada", "email": "ada@example.com", "phone": "+49 30 1234"}
BREAD = {"sku": "BREAD", "quantity": 2, "unit_price": "0.01", "name": "Gold"}


@pytest.fixture(autouse=True)
def bakery(admin: FlaskClient) -> None:
    """A shop that sells bread, whole or sliced."""
    sliced = [{"value": "Sliced", "price": "0.30"}]
    bread = {"sku": "BREAD", "name": "Rye bread", "price": "4.90", "tax_rate": "7"}
    bread |= {"options": [{"name": "Cut", "values": sliced}]}
    assert admin.post("/api/products", json=bread).status_code == 201
    other = {"sku": "MAP", "name": "Map", "price": "700", "currency": "JPY"}
    assert admin.post("/api/products", json=other).status_code == 201


@pytest.fixture
def bought(admin: FlaskClient) -> Json:
    """An order of Ada's."""
    return place(admin, customer=ADA, items=[{"name": "Bread", "quantity": 1, "unit_price": "5"}])


def asked(client: FlaskClient, kind: str, **order: Any) -> TestResponse:
    return client.post("/api/orders", json={"customer": ADA, "type": kind, **order})


class TestComingBack:
    """A return or an exchange names its order."""

    @pytest.mark.parametrize("kind", ["return", "exchange"])
    def test_it_names_its_order_by_number_and_contact_or_by_the_link(
        self, client: FlaskClient, bought: Json, kind: str
    ) -> None:
        number, url = str(bought["number"]), bought["track_url"]
        mail = {"name": "A.", "email": "ADA@example.com"}
        phone = {"name": "A.", "phone": "+49 (30) 12-34"}
        for who, named in (
            (mail, number),
            (phone, f"#{number}"),
            (mail, bought["id"]),
            ("Somebody", url),
            ("Somebody", token_of(bought)),
        ):
            order = json_of(asked(client, kind, customer=who, related_order=named))
            assert (order["related_order"], order["status"]) == (bought["id"], "pending")

    def test_another_customers_order_is_refused_like_one_that_there_is_not(
        self, app: Flask, client: FlaskClient, bought: Json
    ) -> None:
        before, told = position(app), []
        other = {"name": "Ada", "email": "eve@example.com", "phone": "1"}
        for named in (
            str(bought["number"]),
            "999999",
            bought["id"],
            "ord_x",
            "x" * 30,
            "\U0001f600",
        ):
            answer = asked(client, "return", customer=other, related_order=named)
            told.append(problem(answer, 422, "related_order")["errors"])
        nobody = {"name": bought["customer"]["name"]}
        answer = asked(client, "return", customer=nobody, related_order=str(bought["number"]))
        told.append(problem(answer, 422, "related_order")["errors"])
        assert all(errors == told[0] for errors in told)
        assert position(app) == before

    def test_without_an_order_it_is_told_what_it_needs(
        self, client: FlaskClient, admin: FlaskClient
    ) -> None:
        for missing in ({}, {"related_order": " "}, {"related_order": None}):
            found = problem(asked(client, "return", **missing), 422, "related_order")
            assert "the number of the order" in found["errors"][0]["message"]
        assert asked(admin, "return").status_code == 201
        admin.patch("/api/products/BREAD", json={"active": False})
        admin.patch("/api/products/MAP", json={"active": False})
        assert asked(client, "return").status_code == 201

    def test_the_form_asks_for_it(self, client: FlaskClient, bought: Json) -> None:
        assert 'name="related_order"' in client.get("/order/other").text
        form = {"type": "return", "customer-name": "Ada", "customer-email": ADA["email"]}
        refused = client.post("/", data=form)
        assert refused.status_code == 422
        assert "Which order is needed" in refused.text
        done = client.post("/", data=form | {"related_order": str(bought["number"])})
        assert json_of(client.get(f"/api{done.location}"))["type"] == "return"
        other = form | {"type": "donation", "related_order": "left over"}
        assert client.post("/", data=other).status_code == 303


class TestSamples:
    """One for each customer."""

    def test_a_second_one_is_refused_until_the_first_comes_to_nothing(
        self, app: Flask, client: FlaskClient, admin: FlaskClient
    ) -> None:
        first = json_of(asked(client, "sample", items=[BREAD]))
        assert (first["total"], first["items"][0]["unit_price"]) == ("0.00", "0.00")
        before = position(app)
        again = {"name": "Other", "email": "ADA@example.com"}
        assert "each customer" in problem(asked(client, "sample", customer=again), 409)["detail"]
        problem(asked(client, "sample", customer="Ada"), 422, "customer.email")
        assert position(app) == before
        somebody = {"name": "Eve", "phone": "7"}
        assert asked(client, "sample", customer=somebody).status_code == 201
        admin.put(f"/api/orders/{first['id']}/cancel", json={"reason": "x"})
        assert asked(client, "sample").status_code == 201
        assert asked(admin, "sample").status_code == 201

    def test_of_ten_at_once_one_is_placed(self, app: Flask) -> None:
        gate, found = threading.Barrier(10), list[int]()

        def ask() -> None:
            client = app.test_client()
            gate.wait()
            found.append(asked(client, "sample").status_code)

        threads = [threading.Thread(target=ask) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert Counter(found) == {201: 1, 409: 9}


class TestPrices:
    """What the catalogue has costs what it says."""

    @pytest.mark.parametrize("kind", ["donation", "bulk"])
    def test_a_sku_of_the_catalogue_has_its_name_and_price(
        self, client: FlaskClient, kind: str
    ) -> None:
        wish = {"name": "Old bread", "quantity": 1, "unit_price": "1"}
        cut = {"sku": "BREAD", "quantity": 1, "options": [{"name": "cut", "value": "sliced"}]}
        order = json_of(asked(client, kind, items=[BREAD, wish, cut]))
        lines = [(line["name"], line["unit_price"]) for line in order["items"]]
        assert lines == [("Rye bread", "4.90"), ("Old bread", "1.00"), ("Rye bread", "5.20")]
        assert order["status"] == ("on_hold" if kind == "bulk" else "pending")

    @pytest.mark.parametrize(
        ("lines", "path"),
        [
            ([{**BREAD, "discount": "9"}], "items.0.discount"),
            ([{**BREAD, "options": [{"name": "Cut", "value": "No"}]}], "items.0.options.0.value"),
            ([BREAD, {"sku": "MAP", "quantity": 1}], "items"),
            ([{"sku": "ELSE", "quantity": 1}], "items.0.name"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, app: Flask, client: FlaskClient, lines: Any, path: str
    ) -> None:
        before = position(app)
        problem(asked(client, "bulk", items=lines), 422, path)
        assert position(app) == before


@pytest.mark.parametrize("kind", ["sample", "bulk", "donation"])
def test_nothing_is_wanted_at_a_time_that_is_over(
    app: Flask, client: FlaskClient, kind: str
) -> None:
    before = position(app)
    over = {"method": "pickup", "from": "2020-01-31T17:00:00Z"}
    problem(asked(client, kind, items=[BREAD], fulfilment=over), 422, "fulfilment.from")
    assert position(app) == before


def test_no_more_comes_back_than_was_bought(
    app: Flask, client: FlaskClient, admin: FlaskClient
) -> None:
    two = [{"sku": "BREAD", "name": "Rye bread", "quantity": 2, "unit_price": "4.90"}]
    number = str(place(admin, customer=ADA, items=two)["number"])
    before = position(app)
    three = [{"sku": "BREAD", "quantity": 1}, {"sku": "BREAD", "quantity": 2}]
    problem(asked(client, "return", related_order=number, items=three), 422, "items.1.quantity")
    other = [{"sku": "TEA-1", "name": "Tea", "quantity": 1}]
    problem(asked(client, "return", related_order=number, items=other), 422, "items.0.sku")
    assert position(app) == before
    assert asked(client, "return", related_order=number, items=[BREAD]).status_code == 201
