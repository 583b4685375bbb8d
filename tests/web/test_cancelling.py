"""A customer cancels, or asks for it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orderboard.orders.rules import STATUSES
from tests.web.support import Json, json_of, moved, place, position, problem, timeline, token_of
from tests.web.test_moving import ROUTES


def asked(client: FlaskClient, order: Json, reason: str = "I moved") -> TestResponse:
    """The answer to a customer's wish to cancel."""
    return client.put(f"/api/track/{token_of(order)}/cancel", json={"reason": reason})


def in_status(admin: FlaskClient, status: str) -> Json:
    """A new order in this status, with its link."""
    order = place(admin)
    return {**moved(admin, order, *ROUTES[status]), "track_url": order["track_url"]}


def test_in_each_status_a_customer_may_do_what_was_promised(
    app: Flask, admin: FlaskClient, client: FlaskClient
) -> None:
    may = {"pending": "cancel", "on_hold": "cancel", "processing": "request", "ready": "request"}
    for status in STATUSES:
        order = in_status(admin, status)
        seen = json_of(client.get(f"/api/track/{token_of(order)}"))
        assert seen["can_cancel"] == may.get(status)
        before = position(app)
        answer = asked(client, order)
        if status in may:
            assert answer.status_code == (200 if may[status] == "cancel" else 202)
            assert json_of(answer)["can_cancel"] is None
            assert position(app) == before + 1
        else:
            assert problem(answer, 409)["allowed"] == []
            assert position(app) == before


def test_a_cancelled_order_tells_why_and_who(admin: FlaskClient, client: FlaskClient) -> None:
    order = place(client, customer="Cy")
    after = json_of(asked(client, order))
    assert (after["status"], after["cancel_reason"]) == ("cancelled", "I moved")
    last = timeline(admin, order)[-1]
    assert (last["type"], last["actor"]) == ("order.cancelled", {"kind": "customer", "name": "Cy"})
    assert sorted(last["changes"]) == ["cancel_reason", "status"]


def test_a_wish_waits_for_an_answer(admin: FlaskClient, client: FlaskClient) -> None:
    order = in_status(admin, "processing")
    wish = json_of(asked(client, order))["cancellation_request"]
    assert (wish["reason"], wish["requested_at"][-1]) == ("I moved", "Z")
    assert timeline(admin, order)[-1]["type"] == "order.cancellation_requested"
    assert json_of(admin.get("/api/overview"))["cancellation_requests"] == 1
    problem(asked(client, order), 409)
    assert moved(admin, order, "ready")["cancellation_request"] == wish


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("given", "kept"), [(None, "I moved"), ("As you wish", "As you wish")])
def test_staff_accept_a_wish(
    admin: FlaskClient, client: FlaskClient, given: str | None, kept: str
) -> None:
    order = in_status(admin, "ready")
    asked(client, order)
    body = {"accept": True, "reason": given}
    path = f"/api/orders/{order['id']}/cancellation-request"
    after = json_of(admin.put(path, json=body))
    assert (after["status"], after["cancel_reason"]) == ("cancelled", kept)
    assert after["cancellation_request"] is None
    assert timeline(admin, order)[-1]["type"] == "order.cancelled"
    problem(admin.put(path, json=body), 409)


def test_staff_refuse_a_wish_and_the_customer_may_ask_again(
    admin: FlaskClient, client: FlaskClient
) -> None:
    order = in_status(admin, "processing")
    path = f"/api/orders/{order['id']}/cancellation-request"
    problem(admin.put(path, json={"accept": False}), 409)
    asked(client, order)
    problem(admin.put(path, json={}), 422, "accept")
    problem(admin.put(path, json={"accept": "no"}), 422, "accept")
    after = json_of(admin.put(path, json={"accept": False, "reason": "It is on its way"}))
    assert (after["status"], after["cancellation_request"]) == ("processing", None)
    last = timeline(admin, order)[-1]
    assert (last["type"], last["changes"]) == (
        "order.cancellation_refused",
        ["cancellation_request"],
    )
    assert asked(client, order, "Please!").status_code == 202


def test_a_wish_ends_when_the_order_leaves(admin: FlaskClient, client: FlaskClient) -> None:
    order = in_status(admin, "processing")
    asked(client, order)
    assert moved(admin, order, "shipped")["cancellation_request"] is None
    assert json_of(admin.get("/api/overview"))["cancellation_requests"] == 0


def test_a_page_without_javascript_cancels_too(
    app: Flask, admin: FlaskClient, client: FlaskClient
) -> None:
    order = place(client)
    path = f"/track/{token_of(order)}"
    before = position(app)
    for reason in ("", " ", "\x00", "x" * 1001):
        assert client.post(f"{path}/cancel", data={"reason": reason}).status_code == 422
    assert position(app) == before
    done = client.post(f"{path}/cancel", data={"reason": "<b>No</b>"})
    assert (done.status_code, done.location) == (303, path)
    page = client.get(path)
    assert "&lt;b&gt;No&lt;/b&gt;" in page.text
    assert client.post(f"{path}/cancel", data={"reason": "Again"}).status_code == 409
    assert client.post("/track/nobody/cancel", data={"reason": "x"}).status_code == 404
