"""From an order to the page on which it is paid: one page, whatever is pressed or fails."""

import re
import threading
from contextlib import ExitStack

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import database
from tests.holder import held
from tests.online.standin import StandIn
from tests.online.support import became, now, opened, ordered, standing, told
from tests.web.support import json_of, moved, problem, token_of

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BREAD = {"sku": "B-1", "name": "Bread", "price": "4.50", "currency": "EUR"}


def shop_form(client: FlaskClient, **more: str) -> dict[str, str]:
    """What a browser without JavaScript sends that buys two breads and pays online."""
    page = client.get("/").text
    keys = dict(re.findall(r'name="(idempotency_\w+)" value="([^"]+)"', page))
    fields = {"form": "shop", "pick-0-sku": "B-1", "pick-0-quantity": "2", "place": "1"}
    who = {"customer-name": "Ada", "fulfilment-method": "pickup", "payment_method": "online"}
    return {**keys, **fields, **who, **more}


@SQLITE
def test_a_customer_is_sent_to_one_page_however_often_the_button_is_pressed(
    admin: FlaskClient, client: FlaskClient, house: StandIn, app: Flask
) -> None:
    order = ordered(admin)
    page = client.get(f"/track/{token_of(order)}")
    assert "€</data>" not in page.text
    assert "Pay" in page.text
    assert f'action="/track/{token_of(order)}/pay"' in page.text
    answer = client.post(f"/track/{token_of(order)}/pay")
    assert answer.status_code == 303
    assert answer.location == house.only_checkout()["url"]
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(opened(app.test_client(), order)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [answer.location] * 4
    assert [path for _, path in house.asked] == ["/v1/checkout/sessions"]
    session = house.only_checkout()
    assert session["success_url"] == f"{order['track_url']}?payment=made"
    assert session["cancel_url"] == order["track_url"]


def test_two_who_press_at_once_for_the_first_time_come_to_one_page(
    admin: FlaskClient, house: StandIn, app: Flask
) -> None:
    order = ordered(admin)
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(opened(app.test_client(), order)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [house.only_checkout()["url"]] * 4


@SQLITE
@pytest.mark.parametrize("by", ["stripe", "razorpay"])
def test_another_amount_is_another_page_and_the_first_one_is_closed(
    by: str, admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order = ordered(admin)
    first = opened(client, order)
    payment = {"method": "cash", "amount": "2.00"}
    admin.post(f"/api/orders/{order['id']}/payments", json=payment)
    assert opened(client, order) != first
    old, new = house.checkouts.values()
    assert old["status"] in ("expired", "cancelled")
    assert new.get("amount_total", new.get("amount")) == 1000
    told(client, house, new["id"])
    assert standing(admin, order) == ("paid", "12.00", "0.00")
    problem(client.post(f"/api/track/{token_of(order)}/pay"), 409)


@pytest.mark.parametrize("by", ["stripe", "razorpay"])
def test_a_page_whose_answer_comes_after_another_amount_is_due_closes_itself_alone(
    by: str, admin: FlaskClient, client: FlaskClient, house: StandIn, app: Flask
) -> None:
    order = ordered(admin)
    found: list[str] = []

    def edited_and_opened() -> None:
        with app.test_client() as another:
            line = {"name": "Bread", "quantity": 1, "unit_price": "15.00"}
            changed = admin.patch(f"/api/orders/{order['id']}", json={"items": [line]})
            assert changed.status_code == 200, changed.text
            found.append(opened(another, order))

    house.before_answer = edited_and_opened
    found.append(opened(client, order))
    old, new = house.checkouts.values()
    assert found == [new.get("url", new.get("short_url"))] * 2
    assert (old["status"] in ("expired", "cancelled"), new["status"]) in (
        (True, "open"),
        (True, "created"),
    )
    assert opened(client, order) == found[0]
    told(client, house, new["id"])
    assert standing(admin, order) == ("paid", "15.00", "0.00")


@SQLITE
def test_a_page_whose_answer_comes_after_the_order_was_paid_is_closed(
    admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order = ordered(admin)
    path = f"/api/orders/{order['id']}/payments"
    cash = {"method": "cash", "amount": "12.00"}
    house.before_answer = lambda: admin.post(path, json=cash)
    problem(client.post(f"/api/track/{token_of(order)}/pay"), 409)
    assert house.only_checkout()["status"] == "expired"
    assert standing(admin, order) == ("paid", "12.00", "0.00")


@SQLITE
def test_while_the_provider_is_away_the_order_stands_and_can_be_paid_later(
    admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order = ordered(admin)
    path = f"/track/{token_of(order)}"
    house.down = True
    answer = client.post(f"{path}/pay")
    assert answer.status_code == 503
    assert "cannot be opened just now" in answer.text
    assert f'action="{path}/pay"' in answer.text
    problem(client.post(f"/api{path}/pay"), 503)
    house.down = False
    assert client.post(f"{path}/pay").location == house.only_checkout()["url"]
    assert now(admin, order)["version"] == order["version"]


@SQLITE
def test_what_is_not_to_be_paid_online_has_no_button(
    admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    on_hold = moved(admin, ordered(admin), "on_hold")
    cancelled = moved(admin, ordered(admin), "cancelled")
    wish = ordered(client)
    others = [
        ordered(admin, payment_method="cod"),
        ordered(admin, "0.00"),
        ordered(admin, "1.001", currency="KWD"),
        ordered(admin, type="return"),
        on_hold,
        cancelled,
        wish,
    ]
    for order in others:
        assert "/pay" not in client.get(f"/track/{token_of(order)}").text
        problem(client.post(f"/api/track/{token_of(order)}/pay"), 409)
    assert house.asked == []
    moved(admin, wish, "processing")  # the shop has taken the price
    assert "/pay" in client.get(f"/track/{token_of(wish)}").text
    assert client.post("/track/nobodys/pay").status_code == 404


@SQLITE
def test_who_comes_back_from_paying_is_not_asked_to_pay_again(
    admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order = ordered(admin)
    path = f"/track/{token_of(order)}"
    opened(client, order)
    page = client.get(f"{path}?payment=made").text
    assert "Thank you." in page
    assert "/pay" not in page
    assert "/pay" in client.get(f"{path}/parts").text
    assert became(told(client, house)) == "recorded"
    assert "/pay" not in client.get(f"{path}/parts").text
    moved(admin, order, "cancelled")
    assert "The shop owes you" in client.get(path).text


@SQLITE
def test_the_shop_without_javascript_leads_to_the_page_on_which_it_is_paid(
    admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    admin.post("/api/products", json=BREAD)
    page = client.get("/")
    assert 'value="online" checked' in page.text
    assert f"form-action 'self' https: {house.url};" in page.headers["Content-Security-Policy"]
    form = shop_form(client)
    answer = client.post("/", data=form)
    assert answer.location == house.only_checkout()["url"], answer.text
    assert client.post("/", data=form).location == answer.location
    assert house.only_checkout()["amount_total"] == 900
    (order,) = json_of(admin.get("/api/orders"))["orders"]
    assert order["payment"]["method"] == "online"
    house.down = True
    answer = client.post("/", data=shop_form(client))
    assert answer.location.endswith("?payment=later")
    assert "could not be opened" in client.get(answer.location).text
    assert len(json_of(admin.get("/api/orders"))["orders"]) == 2
    cash = client.post("/", data=shop_form(client, payment_method="cod"))
    assert re.fullmatch(r"/track/[^?]+", cash.location)


@SQLITE
def test_an_order_is_placed_though_the_database_is_away_when_its_page_has_come(
    admin: FlaskClient,
    client: FlaskClient,
    house: StandIn,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin.post("/api/products", json=BREAD)
    form = shop_form(client)
    monkeypatch.setattr(database, "WRITE_DEADLINE", 1.0)
    with ExitStack() as meanwhile:
        house.before_answer = lambda: meanwhile.enter_context(held(database_url))
        answer = client.post("/", data=form)
    assert answer.status_code == 303, answer.text
    assert re.fullmatch(r"/track/[^?]+\?payment=later", answer.location)
    assert "could not be opened" in client.get(answer.location).text
    paid_there = client.post(f"{answer.location.partition('?')[0]}/pay").location
    assert paid_there == house.only_checkout()["url"]
    assert len(json_of(admin.get("/api/orders"))["orders"]) == 1


@SQLITE
def test_the_free_form_offers_it_and_the_shop_confirms_first(
    admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    page = client.get("/").text
    assert "Pay online" in page
    keys = dict(re.findall(r'name="(idempotency_\w+)" value="([^"]+)"', page))
    form = {**keys, "customer-name": "Ada", "payment_method": "online"}
    line = {"items-0-name": "Bread", "items-0-unit_price": "0.01"}
    answer = client.post("/", data={**form, **line})
    assert re.fullmatch(r"/track/[^?]+", answer.location)
    assert house.asked == []
