"""What a stranger's order costs beside its goods, and the codes that take something off."""

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orderboard import clock
from orderboard.discounts import commands
from orderboard.events import log
from tests.web.support import json_of, position, problem, timeline

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def bakery(admin: FlaskClient) -> None:
    """A shop that sells bread in its own currency, and a map in another one."""
    for product in (
        {"sku": "BREAD", "name": "Rye bread", "price": "4.90", "tax_rate": "7"},
        {"sku": "MAP", "name": "Map", "price": "700", "currency": "JPY"},
    ):
        assert admin.post("/api/products", json=product).status_code == 201


def charge(admin: FlaskClient, **charges: Json) -> None:
    answer = admin.patch("/api/settings", json={"charges": charges})
    assert answer.status_code == 200, answer.text


def code(admin: FlaskClient, name: str = "SPRING", **said: Any) -> Json:
    answer = admin.post("/api/discounts", json={"code": name, **said})
    assert answer.status_code == 201, answer.text
    return json_of(answer)


def wanted(*codes: str, quantity: int = 2, method: str = "pickup", **more: Any) -> Json:
    reached = {"customer": {"name": "Ada", "phone": "0700"}, "address": "1 Main St"}
    return {
        **reached,
        "items": [{"sku": "BREAD", "quantity": quantity}],
        "fulfilment": {"method": method},
        "discounts": [{"code": name} for name in codes],
        **more,
    }


def bought(client: FlaskClient, *codes: str, **more: Any) -> TestResponse:
    return client.post("/api/orders", json=wanted(*codes, **more))


def used(admin: FlaskClient, name: str = "SPRING") -> int:
    found = json_of(admin.get("/api/discounts"))["discounts"]
    return next(int(one["used"]) for one in found if one["code"] == name)


class TestFees:
    """What a way of getting an order costs."""

    def test_a_delivery_costs_what_the_shop_has_set(
        self, admin: FlaskClient, client: FlaskClient
    ) -> None:
        charge(admin, delivery={"fee": "3.50", "free_from": "24.50"}, pickup={"fee": "0.50"})
        order = json_of(bought(client, method="delivery"))
        assert (order["subtotal"], order["shipping"], order["total"]) == ("9.80", "3.50", "13.30")
        free = json_of(bought(client, method="delivery", quantity=5))
        assert (free["shipping"], free["total"]) == ("0.00", "24.50")
        collected = json_of(bought(client))
        assert collected["fees"] == [{"name": "Pickup", "amount": "0.50"}]
        assert (collected["shipping"], collected["total"]) == ("0.00", "10.30")

    def test_what_a_stranger_says_of_fees_counts_for_nothing(
        self, app: Flask, admin: FlaskClient, client: FlaskClient
    ) -> None:
        charge(admin, delivery={"fee": "3.50"})
        before = position(app)
        problem(bought(client, method="delivery", shipping="0.01"), 422, "shipping")
        problem(bought(client, fulfilment=None), 422, "fulfilment.method")
        assert position(app) == before

    def test_too_small_an_order_is_not_brought(
        self, app: Flask, admin: FlaskClient, client: FlaskClient
    ) -> None:
        charge(admin, delivery={"minimum": "9.81"})
        before = position(app)
        told = problem(bought(client, method="delivery"), 422, "items")
        assert "9.81 USD" in told["errors"][0]["message"]
        assert position(app) == before
        assert bought(client).status_code == 201
        assert bought(client, method="delivery", quantity=3).status_code == 201

    def test_what_is_sold_in_another_currency_is_not_brought_for_nothing(
        self, admin: FlaskClient, client: FlaskClient
    ) -> None:
        charge(admin, delivery={"fee": "3.50"})
        lines = [{"sku": "MAP", "quantity": 1}]
        problem(bought(client, items=lines, method="delivery"), 422, "fulfilment.method")
        assert bought(client, items=lines).status_code == 201

    @pytest.mark.parametrize("amount", ["-1", "1.234", "x", 10**13, True, {}])
    def test_a_fee_that_is_none_is_refused(
        self, app: Flask, admin: FlaskClient, amount: Any
    ) -> None:
        before = position(app)
        given = {"charges": {"delivery": {"fee": amount}}}
        problem(admin.patch("/api/settings", json=given), 422, "charges.delivery.fee")
        assert position(app) == before

    def test_what_is_left_out_of_a_fee_stays(self, admin: FlaskClient, client: FlaskClient) -> None:
        charge(admin, delivery={"fee": "3.5", "minimum": "10"})
        charge(admin, delivery={"minimum": None})
        told = json_of(client.get("/api/shop"))["charges"]
        nothing = {"fee": None, "free_from": None, "minimum": None}
        assert told == {"delivery": {**nothing, "fee": "3.50"}, "pickup": nothing}


class TestCodes:
    """What a code takes off, and from whom."""

    def test_a_code_takes_off_what_it_says(self, admin: FlaskClient, client: FlaskClient) -> None:
        code(admin, percent="12.5", name="SPRING")
        code(admin, "FIVE", amount="5.00")
        charge(admin, delivery={"fee": "3.50"})
        order = json_of(bought(client, " spring ", method="delivery"))
        assert order["discounts"] == [{"code": "SPRING", "amount": "1.22"}]
        assert (order["discount"], order["total"]) == ("1.22", "12.08")
        assert order["taxes"] == [{"name": "Tax 7 %", "rate": "7", "amount": "0.56"}]
        assert json_of(bought(client, "FIVE"))["total"] == "4.80"
        less = json_of(bought(client, "FIVE", quantity=1))
        assert (less["discount"], less["total"], less["tax"]) == ("4.90", "0.00", "0.00")

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ({"active": False}, "not valid any more"),
            ({"valid_from": "+1"}, "not valid yet"),
            ({"valid_until": "-1"}, "expired"),
            ({"minimum": "9.81"}, "9.81 USD"),
        ],
    )
    def test_a_code_that_does_not_hold_is_refused_with_the_reason(
        self, app: Flask, admin: FlaskClient, client: FlaskClient, said: Json, why: str
    ) -> None:
        for name in said.keys() & {"valid_from", "valid_until"}:
            said = {name: clock.rfc3339(clock.now() + timedelta(seconds=int(said[name])))}
        code(admin, percent="10", **said)
        before = position(app)
        found = problem(bought(client, "SPRING"), 422, "discounts.0.code")
        assert why in found["errors"][0]["message"]
        problem(bought(client, "OTHER"), 422, "discounts.0.code")
        assert position(app) == before

    @pytest.mark.parametrize(
        ("discounts", "path"),
        [
            ([{"code": "SPRING"}, {"code": "spring"}], "discounts.1.code"),
            ([{"code": "SPRING"}, {"code": "OTHER"}], "discounts.1.code"),
            ([{"code": "SPRING", "amount": "9"}], "discounts.0.amount"),
            ([{"code": "SPRING", "name": "Mine"}], "discounts.0.name"),
            ([{"name": "Mine", "amount": "1"}], "discounts.0"),
            ([{"code": "\x00"}], "discounts.0.code"),
            ([{"code": "%' OR 1=1"}], "discounts.0.code"),
        ],
    )
    def test_an_order_has_one_code_and_says_nothing_else_of_it(
        self, app: Flask, admin: FlaskClient, client: FlaskClient, discounts: Any, path: str
    ) -> None:
        code(admin, percent="10")
        before = position(app)
        answer = bought(client, discounts=discounts)
        assert answer.status_code == 422
        assert all(e["path"].startswith(path) for e in json_of(answer)["errors"])
        assert (position(app), used(admin)) == (before, 0)

    def test_amounts_are_for_orders_in_their_currency(
        self, admin: FlaskClient, client: FlaskClient
    ) -> None:
        code(admin, "FIVE", amount="5")
        code(admin, "TENTH", percent="10")
        lines = [{"sku": "MAP", "quantity": 1}]
        problem(bought(client, "FIVE", items=lines), 422, "discounts.0.code")
        assert json_of(bought(client, "TENTH", items=lines))["total"] == "630"

    def test_a_use_is_given_back_when_the_order_comes_to_nothing(
        self, admin: FlaskClient, client: FlaskClient
    ) -> None:
        code(admin, percent="10", most_uses=1)
        order = json_of(bought(client, "SPRING"))
        problem(bought(client, "SPRING"), 422, "discounts.0.code")
        path = f"/api/orders/{order['id']}"
        assert admin.put(f"{path}/cancel", json={"reason": "x"}).status_code == 200
        assert used(admin) == 0
        again = json_of(bought(client, "SPRING"))
        assert used(admin) == 1
        declined = {"status": "declined", "reason": "x"}
        assert admin.put(f"/api/orders/{again['id']}/status", json=declined).status_code == 200
        assert used(admin) == 0
        assert timeline(admin, again)[-1]["order"]["discounts"][0]["code"] == "SPRING"

    def test_a_code_of_two_uses_is_used_twice_by_twenty_at_once(
        self, app: Flask, admin: FlaskClient
    ) -> None:
        code(admin, percent="10", most_uses=2)
        gate, found = threading.Barrier(20), list[int]()

        def ask() -> None:
            client = app.test_client()
            gate.wait()
            found.append(bought(client, "SPRING").status_code)

        threads = [threading.Thread(target=ask) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert Counter(found) == {201: 2, 422: 18}
        assert used(admin) == 2

    def test_who_comes_while_the_last_use_is_being_made_waits_and_is_told(
        self, app: Flask, admin: FlaskClient, client: FlaskClient
    ) -> None:
        code(admin, percent="10", most_uses=1)
        found = list[int]()
        other = threading.Thread(target=lambda: found.append(bought(client, "SPRING").status_code))
        with app.app_context(), log.transaction() as tx:
            tx.alone()
            commands.use(tx, "ord_of_somebody", "SPRING")
            other.start()
            other.join(0.5)
            assert other.is_alive()
        other.join(30)
        assert (found, used(admin)) == ([422], 1)

    def test_an_order_that_is_refused_uses_no_code(
        self, admin: FlaskClient, client: FlaskClient
    ) -> None:
        admin.patch("/api/products/BREAD", json={"stock": 1})
        code(admin, percent="10", most_uses=1)
        problem(bought(client, "SPRING"), 409)
        assert used(admin) == 0
        assert bought(client, "SPRING", quantity=1).status_code == 201

    def test_keys_give_discounts_of_their_own_and_use_no_code(
        self, admin: FlaskClient, intake: FlaskClient
    ) -> None:
        code(admin, percent="10", most_uses=1)
        lines = [{"name": "Bread", "quantity": 1, "unit_price": "4"}]
        said = {"items": lines, "discounts": [{"code": "SPRING", "amount": "3"}]}
        assert json_of(bought(intake, **said))["total"] == "1.00"
        problem(bought(intake, "SPRING", items=lines), 422, "discounts.0.amount")
        assert used(admin) == 0

    def test_a_code_that_staff_take_off_an_order_may_be_used_again(
        self, app: Flask, admin: FlaskClient, client: FlaskClient
    ) -> None:
        code(admin, percent="10", most_uses=1)
        order = json_of(bought(client, "SPRING"))
        path = f"/api/orders/{order['id']}"
        keeps = [{"code": "spring", "amount": "2.00"}, {"code": "MINE", "amount": "1.00"}]
        edits: list[Json] = [{"shipping": "1.00"}, {"discounts": keeps}]
        for edited in edits:
            assert admin.patch(path, json=edited).status_code == 200
            assert used(admin) == 1
        problem(bought(client, "SPRING"), 422, "discounts.0.code")
        before = position(app)
        too_much = {"discounts": [{"code": "X", "amount": "99"}]}
        problem(admin.patch(path, json=too_much), 422, "discount")
        assert (position(app), used(admin)) == (before, 1)
        edits = [{"discounts": []}, {"discounts": keeps}, {"discount": "0"}]
        for edited in edits:
            assert admin.patch(path, json=edited).status_code == 200
            assert used(admin) == 0
        assert bought(client, "SPRING").status_code == 201
        assert admin.put(f"{path}/cancel", json={"reason": "Twice"}).status_code == 200
        assert used(admin) == 1

    def test_what_is_no_sale_uses_no_code(self, admin: FlaskClient, client: FlaskClient) -> None:
        code(admin, percent="10")
        lines = [{"name": "Old bread", "quantity": 1, "unit_price": "4"}]
        free = {"type": "donation", "items": lines}
        problem(bought(client, "SPRING", **free), 422, "discounts.0.amount")
        off = [{"code": "SPRING", "amount": "1"}]
        assert bought(client, **free, discounts=off).status_code == 201
        assert used(admin) == 0


class TestKeepingCodes:
    """What staff say of codes."""

    def test_a_change_is_an_event_that_staff_alone_hear(
        self, app: Flask, admin: FlaskClient, reader: FlaskClient
    ) -> None:
        made = code(admin, "spring_1", percent="10")
        assert (made["code"], made["used"], made["version"]) == ("SPRING_1", 0, 1)
        edited = admin.patch("/api/discounts/spring_1", json={"percent": None, "amount": "2"})
        assert json_of(edited)["amount"] == "2.00"
        events = json_of(admin.get("/api/events"))["events"][-2:]
        assert [event["type"] for event in events] == ["discount.created", "discount.updated"]
        assert events[1]["was"] == {"percent": "10", "amount": None}
        heard = json_of(reader.get("/api/events"))["events"]  # who may read no codes hears of none
        assert not [event for event in heard if "discount" in event]
        before = position(app)
        admin.patch("/api/discounts/spring_1", json={"amount": "2.0"})
        assert position(app) == before

    @pytest.mark.parametrize(
        ("said", "path"),
        [
            ({}, "percent"),
            ({"percent": "10", "amount": "1"}, "percent"),
            ({"percent": "0"}, "percent"),
            ({"percent": "101"}, "percent"),
            ({"amount": "0"}, "amount"),
            ({"amount": "1.234"}, "amount"),
            ({"amount": "-1"}, "amount"),
            ({"percent": "1", "minimum": "-1"}, "minimum"),
            ({"percent": "1", "most_uses": 0}, "most_uses"),
            ({"percent": "1", "most_uses": "2"}, "most_uses"),
            ({"percent": "1", "code": "two words"}, "code"),
            ({"percent": "1", "code": "X"}, "code"),
            ({"percent": "1", "code": "ÄÖÜ"}, "code"),
            ({"percent": "1", "used": 0}, "used"),
            (
                {
                    "percent": "1",
                    "valid_from": "2030-01-02T00:00:00Z",
                    "valid_until": "2030-01-02T00:00:00Z",
                },
                "valid_until",
            ),
        ],
    )
    def test_a_code_that_can_be_none_is_refused(
        self, app: Flask, admin: FlaskClient, said: Json, path: str
    ) -> None:
        before = position(app)
        problem(admin.post("/api/discounts", json={"code": "NEW", **said}), 422, path)
        assert position(app) == before

    def test_two_who_change_one_code_are_told_of_each_other(self, admin: FlaskClient) -> None:
        code(admin, percent="10")
        problem(admin.post("/api/discounts", json={"code": "spring", "percent": "1"}), 409)
        seen = {"If-Match": '"1"'}
        path = "/api/discounts/SPRING"
        assert admin.patch(path, json={"percent": "20"}, headers=seen).status_code == 200
        late = admin.patch(path, json={"percent": "30"}, headers=seen)
        assert problem(late, 412)["discount"]["percent"] == "20"
        problem(admin.patch("/api/discounts/NONE", json={"percent": "1"}), 404)


def test_a_quote_is_what_the_order_comes_to(
    app: Flask, admin: FlaskClient, client: FlaskClient
) -> None:
    code(admin, percent="10", most_uses=1)
    charge(admin, delivery={"fee": "3.50"})
    order = wanted("SPRING", method="delivery", tip="1.00")
    asked = {name: order[name] for name in ("items", "fulfilment", "discounts", "tip")}
    before = position(app)
    quote = json_of(client.post("/api/catalogue/quote", json=asked))
    assert (position(app), used(admin)) == (before, 0)
    placed = json_of(client.post("/api/orders", json=order))
    assert {name: placed[name] for name in quote} == quote
    assert (quote["total"], quote["discount"], quote["shipping"]) == ("13.32", "0.98", "3.50")
    found = problem(client.post("/api/catalogue/quote", json=asked), 422, "discounts.0.code")
    assert "used up" in found["errors"][0]["message"]
