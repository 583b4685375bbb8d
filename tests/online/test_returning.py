"""Money that came online goes back through the provider, once, and what became of it is said."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard.consumers import positions
from orderboard.events import log
from orderboard.online.returning import CONSUMER, Sender
from tests.online.refunds import asked_and_killed, noted, paid_order, refunded, sent, status
from tests.online.standin import StandIn, razorpay_event, signed, stripe_event
from tests.online.support import WEBHOOK, became, now, opened, ordered, told
from tests.web.support import json_of, position, problem, timeline

Json = dict[str, Any]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def half_in_cash(admin: FlaskClient, client: FlaskClient, house: StandIn) -> Json:
    """An order of which 8.00 came in cash and 12.00 online."""
    order = ordered(admin, "20.00")
    payment = {"method": "cash", "amount": "8.00"}
    admin.post(f"/api/orders/{order['id']}/payments", json=payment)
    opened(client, order)
    told(client, house)
    return order


@pytest.mark.parametrize("by", ["stripe", "razorpay"])
def test_a_refund_goes_back_through_the_provider_and_says_so(
    by: str, app: Flask, admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order = paid_order(admin, client, house)
    refund = refunded(admin, order, "5.00")
    assert refund["status"] == "pending"
    (transfer,) = refund["transfers"]
    assert (transfer["payment"], transfer["amount"]) == ("payment_1", "5.00")
    assert house.refunds == {}
    sent(app, lambda: status(admin, order) == "succeeded")
    (theirs,) = house.refunds.values()
    assert theirs["amount"] == 500
    event = timeline(admin, order)[-1]
    assert (event["type"], event["actor"]["name"]) == ("refund.updated", by.title())
    assert now(admin, order)["payment"]["refunded"] == "5.00"
    noted(app)
    sender = Sender(app.extensions["orderboard"].provider)
    with app.app_context():
        assert sender() == 1.0  # nothing is left to ask for


@SQLITE
def test_a_courier_that_is_killed_before_it_notes_the_answer_asks_again_and_pays_once(
    app: Flask, admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order = paid_order(admin, client, house)
    refunded(admin, order, "5.00")
    asked_and_killed(app, house)
    assert status(admin, order) == "pending"
    house.hangs_up_after = True  # nor does the next one hear the answer
    sent(app, lambda: not house.hangs_up_after)
    with app.app_context():
        positions.rewind(CONSUMER.name, 0, CONSUMER.needs_data)
    sent(app, lambda: status(admin, order) == "succeeded")
    assert [path for _, path in house.asked].count("/v1/refunds") >= 3
    assert len(house.refunds) == 1


@SQLITE
def test_what_the_provider_refuses_is_said_in_the_timeline_and_not_tried_again(
    app: Flask, admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order = half_in_cash(admin, client, house)
    refunded(admin, order, "5.00")
    house.refuses_refunds = "The balance of your account is too low."
    sent(app, lambda: status(admin, order) == "failed")
    (transfer,) = now(admin, order)["refunds"][-1]["transfers"]
    assert transfer["reason"] == "The balance of your account is too low."
    token = order["track_url"].rpartition("/")[2]
    assert json_of(client.get(f"/api/track/{token}"))["refunds"][-1]["failed"] == "5.00"
    assert "could not go back the way it came" in client.get(f"/track/{token}").text
    assert timeline(admin, order)[-1]["type"] == "refund.updated"
    house.refuses_refunds = ""
    before = len(house.asked)
    second = refunded(admin, order, "12.00")  # what did not go back is still there
    assert [part["amount"] for part in second["transfers"]] == ["12.00"]
    sent(app, lambda: status(admin, order) == "succeeded")
    assert len(house.asked) == before + 1
    assert status(admin, order, 0) == "failed"


@pytest.mark.parametrize("by", ["stripe", "razorpay"])
@SQLITE
def test_a_bank_that_takes_its_time_or_refuses_is_told_by_the_webhook(
    by: str, app: Flask, admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order = paid_order(admin, client, house)
    house.refund_status = "pending"
    refunded(admin, order, "5.00")
    refunded(admin, order, "2.00")
    sent(app, lambda: len(house.refunds) == 2)
    sent(app, lambda: True)
    first, second = house.refunds.values()
    done = "succeeded" if by == "stripe" else "processed"

    def tell(refund: Json, theirs: str, **differs: Any) -> str:
        thing = {**refund, "status": theirs, **differs}
        event = {
            **stripe_event("refund.updated", thing),
            **razorpay_event("refund.processed", {"refund": thing}),
        }
        body = json.dumps(event).encode()
        return became(client.post(WEBHOOK, data=body, headers=signed(by, body)))

    assert tell(first, done) == "recorded"
    assert [status(admin, order, place) for place in (0, 1)] == ["succeeded", "pending"]
    assert tell(second, "failed") == "recorded"
    assert [status(admin, order, place) for place in (0, 1)] == ["succeeded", "failed"]
    before = position(app)
    assert tell(first, "pending") == "recorded"
    assert tell(second, done) == "recorded"
    assert tell(first, done, id="re_9", metadata={}, notes=[]) == "not ours"
    assert position(app) == before


@SQLITE
def test_only_what_came_online_and_is_still_there_goes_back_by_itself(
    app: Flask, admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order = half_in_cash(admin, client, house)
    first = refunded(admin, order, "10.00")
    assert [part["amount"] for part in first["transfers"]] == ["10.00"]
    second = refunded(admin, order, "5.00")
    assert [part["amount"] for part in second["transfers"]] == ["2.00"]
    third = refunded(admin, order, "5.00")
    assert "transfers" not in third
    assert "status" not in third
    more = {"amount": "1.00", "reason": "x"}
    problem(admin.post(f"/api/orders/{order['id']}/refunds", json=more), 409)
    sent(app, lambda: status(admin, order, 1) == "succeeded")
    assert sorted(refund["amount"] for refund in house.refunds.values()) == [200, 1000]


@SQLITE
def test_a_preview_of_a_refund_sends_nothing_back(
    app: Flask, admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order = paid_order(admin, client, house)
    path = f"/api/orders/{order['id']}/refunds?preview=yes"
    assert admin.post(path, json={"amount": "5.00", "reason": "x"}).status_code == 200
    noted(app)
    sender = Sender(app.extensions["orderboard"].provider)
    with app.app_context():
        assert sender() == 1.0
        assert log.head().position
    assert house.refunds == {}
