"""What a provider tells is believed if it is signed, and recorded once."""

import json
import threading
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.online.standin import StandIn, razorpay_event, signed, stripe_event
from tests.online.support import WEBHOOK, became, now, opened, ordered, standing, told
from tests.web.support import json_of, moved, place, position, problem, timeline, token_of

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("by", ["stripe", "razorpay"])
@SQLITE
def test_a_payment_that_the_provider_tells_is_the_orders(
    by: str, admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order = ordered(admin)
    opened(client, order)
    assert became(told(client, house)) == "recorded"
    order = now(admin, order)
    assert standing(admin, order) == ("paid", "12.00", "0.00")
    (payment,) = order["payments"]
    reference = house.only_checkout()["id"].replace("cs_", "pi_").replace("plink_", "pay_")
    assert (
        payment.items()
        >= {
            "id": "payment_1",
            "method": "online",
            "title": by.title(),
            "amount": "12.00",
            "reference": reference,
            "status": "paid",
            "provider": by,
        }.items()
    )
    event = timeline(admin, order)[-1]
    assert (event["type"], event["actor"]["kind"]) == ("payment.recorded", "system")
    assert event["actor"]["name"] == by.title()


def test_the_same_told_twice_or_by_eight_at_once_is_recorded_once(
    app: Flask, admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order = ordered(admin)
    opened(client, order)
    body, headers = house.paid(house.only_checkout()["id"])
    answers: list[str] = []

    def tell() -> None:
        answers.append(became(app.test_client().post(WEBHOOK, data=body, headers=headers)))

    threads = [threading.Thread(target=tell) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [*["known"] * 7, "recorded"]
    assert len(now(admin, order)["payments"]) == 1
    assert became(told(client, house)) == "known"
    assert [event["type"] for event in timeline(admin, order)].count("payment.recorded") == 1


@SQLITE
def test_a_payment_that_is_told_before_the_page_is_known_is_recorded(
    admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order = ordered(admin)
    house.hangs_up_after = True
    problem(client.post(f"/api/track/{token_of(order)}/pay"), 503)
    assert became(told(client, house)) == "recorded"
    assert standing(admin, order) == ("paid", "12.00", "0.00")


def refused(client: FlaskClient, body: bytes, headers: dict[str, str]) -> TestResponse:
    return client.post(WEBHOOK, data=body, headers=headers, content_type="application/json")


@pytest.mark.parametrize("by", ["stripe", "razorpay"])
@SQLITE
def test_what_is_not_signed_or_is_about_something_else_changes_nothing(
    by: str, app: Flask, admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    first, second = ordered(admin), ordered(admin, "20.00")
    opened(client, first)
    opened(client, second)
    mine, other = (checkout["id"] for checkout in house.checkouts.values())
    key = "client_reference_id" if by == "stripe" else "reference_id"
    before = position(app)
    good, headers = house.paid(mine)
    wrong = good.replace(b"EUR", b"USD").replace(b"eur", b"usd")
    problem(refused(client, good, {}), 400)
    problem(refused(client, good, signed(by, good, "another secret")), 400)
    problem(refused(client, good.replace(b"1200", b"1201"), headers), 400)
    problem(refused(client, b"nonsense", signed(by, b"nonsense")), 400)
    problem(refused(client, b"[]", signed(by, b"[]")), 400)
    problem(refused(client, wrong, signed(by, wrong)), 422, "currency")
    problem(told(client, house, mine, **{key: house.checkouts[other][key]}), 409)
    nothing = {"amount_total": 0} if by == "stripe" else {"amount": 0}
    problem(told(client, house, mine, **nothing), 422, "amount")
    house.checkouts["cs_x"] = house.checkouts[mine] | {"id": "cs_x", key: "chk_of_nobody"}
    assert became(told(client, house, "cs_x")) == "not ours"
    if by == "stripe":
        old = signed(by, good, at=time.time() - 301)
        problem(refused(client, good, old), 400)
    problem(refused(client, b"x" * (256 * 1024 + 1), headers), 413)
    assert position(app) == before
    assert became(told(client, house, mine)) == "recorded"
    differs = {"payment_intent": "pi_2"} if by == "stripe" else {"id": "pay_2"}
    problem(told(client, house, mine, **differs), 409)
    assert standing(admin, first) == ("paid", "12.00", "0.00")
    assert standing(admin, second) == ("due", "0.00", "20.00")


FOREIGN = {
    "stripe": [
        {"mode": "subscription", "payment_intent": None, "client_reference_id": None},
        {"mode": "subscription", "payment_intent": None, "amount_total": None},
        {"mode": "setup", "currency": None, "payment_intent": None, "payment_status": None},
        {"mode": "payment", "client_reference_id": "cart 7", "currency": "xyz"},
        {"client_reference_id": None, "currency": "xyz"},
        {"mode": "payment", "client_reference_id": "x" * 256, "payment_status": "new"},
    ],
    "razorpay": [
        {"reference_id": None, "currency": "XYZ"},
        {"reference_id": "", "amount": None},
        {"reference_id": "cart 7", "id": None},
    ],
}


@pytest.mark.parametrize("by", FOREIGN)
@SQLITE
def test_what_others_sell_by_the_same_account_is_taken_and_changes_nothing(
    by: str, app: Flask, admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    opened(client, ordered(admin))
    page = house.only_checkout()
    house.checkouts["cs_foreign"] = page | {"id": "cs_foreign"}
    before = position(app)
    for differs in FOREIGN[by]:
        assert became(told(client, house, "cs_foreign", **differs)) == "not ours", differs
    refund = {"id": "re_foreign", "status": None, "metadata": None, "notes": []}
    kinds = {
        **razorpay_event("refund.processed", {"refund": refund}),
        **stripe_event("refund.updated", refund),
    }
    body = json.dumps(kinds).encode()
    assert became(refused(client, body, signed(by, body))) == "not ours"
    assert position(app) == before
    problem(told(client, house, page["id"], currency="xyz"), 400)  # of ours it is said
    assert became(told(client, house, page["id"])) == "recorded"


@SQLITE
def test_a_replayed_webhook_records_nothing_more(
    admin: FlaskClient, client: FlaskClient, house: StandIn, app: Flask
) -> None:
    order = ordered(admin)
    opened(client, order)
    body, headers = house.paid(house.only_checkout()["id"])
    assert became(refused(client, body, headers)) == "recorded"
    before = position(app)
    assert became(refused(client, body, headers)) == "known"
    assert position(app) == before


@SQLITE
@pytest.mark.parametrize(
    ("cents", "stands"),
    [(1000, ("partly_paid", "10.00", "2.00")), (1500, ("paid", "15.00", "0.00"))],
)
def test_a_payment_of_another_amount_is_recorded_as_it_is(
    cents: int,
    stands: tuple[str, str, str],
    admin: FlaskClient,
    client: FlaskClient,
    house: StandIn,
) -> None:
    order = ordered(admin)
    opened(client, order)
    assert became(told(client, house, amount_total=cents)) == "recorded"
    assert standing(admin, order) == stands


@SQLITE
def test_money_for_an_order_that_was_cancelled_or_paid_by_hand_is_recorded(
    admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    cancelled, by_hand = ordered(admin), ordered(admin)
    for order in (cancelled, by_hand):
        opened(client, order)
    moved(admin, cancelled, "cancelled")
    admin.patch(f"/api/orders/{by_hand['id']}", json={"payment_status": "paid"})
    for reference in list(house.checkouts):
        assert became(told(client, house, reference)) == "recorded"
    assert standing(admin, cancelled) == ("paid", "12.00", "0.00")
    assert standing(admin, by_hand) == ("paid", "24.00", "0.00")
    assert [now(admin, order)["owed"] for order in (cancelled, by_hand)] == ["12.00", "12.00"]
    back = {"amount": "12.00", "reason": "cancelled"}
    admin.post(f"/api/orders/{cancelled['id']}/refunds", json=back)
    assert now(admin, cancelled)["owed"] == "0.00"


@SQLITE
def test_who_follows_another_order_hears_nothing_of_a_payment(
    app: Flask, admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order, other = ordered(admin), place(admin)
    opened(client, order)
    told(client, house)
    assert [event["type"] for event in timeline(admin, other)] == ["order.created"]
    page = json_of(client.get(f"/api/track/{token_of(order)}"))
    assert "pi_" not in json.dumps(page)
    assert page["payments"][0]["title"] == "Stripe"
