"""A payment for which a bank takes days is one payment, whatever is said of it meanwhile."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.online.standin import StandIn
from tests.online.support import became, now, opened, ordered, standing, told
from tests.web.support import position, problem, token_of

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@SQLITE
@pytest.mark.parametrize(("end", "stands"), [("paid", "paid"), ("failed", "due")])
def test_a_payment_that_staff_set_to_authorized_is_settled_and_not_doubled(
    end: str, stands: str, admin: FlaskClient, client: FlaskClient, house: StandIn
) -> None:
    order = ordered(admin)
    opened(client, order)
    told(client, house, payment_status="unpaid")
    path = f"/api/orders/{order['id']}/payments/payment_1"
    assert admin.patch(path, json={"status": "authorized"}).status_code == 200
    problem(client.post(f"/api/track/{token_of(order)}/pay"), 409)
    late = "checkout.session.async_payment_" + ("succeeded" if end == "paid" else "failed")
    assert became(told(client, house, payment_status="unpaid")) == "known"
    assert became(told(client, house, type=late, payment_status="unpaid")) == "recorded"
    assert [one["status"] for one in now(admin, order)["payments"]] == [end]
    assert standing(admin, order)[0] == stands
    assert became(told(client, house, type=late, payment_status="unpaid")) == "known"


@SQLITE
def test_a_payment_that_takes_days_is_pending_and_is_not_asked_for_again(
    admin: FlaskClient, client: FlaskClient, house: StandIn, app: Flask
) -> None:
    late = "checkout.session.async_payment_"
    for end, stands in (("succeeded", "paid"), ("failed", "due")):
        order = ordered(admin)
        opened(client, order)
        reference = list(house.checkouts)[-1]
        assert became(told(client, house, reference, payment_status="unpaid")) == "recorded"
        assert became(told(client, house, reference, payment_status="unpaid")) == "known"
        assert standing(admin, order) == ("due", "0.00", "12.00")
        assert now(admin, order)["payments"][0]["status"] == "pending"
        assert "/pay" not in client.get(f"/track/{token_of(order)}").text
        problem(client.post(f"/api/track/{token_of(order)}/pay"), 409)
        unpaid = {"payment_status": "paid" if end == "succeeded" else "unpaid"}
        assert became(told(client, house, reference, type=late + end, **unpaid)) == "recorded"
        assert standing(admin, order)[0] == stands
        before = position(app)
        assert became(told(client, house, reference, type=late + end, **unpaid)) == "known"
        assert position(app) == before
        has_button = "/pay" in client.get(f"/track/{token_of(order)}").text
        assert has_button == (stands == "due")
