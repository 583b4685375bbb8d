"""Placing many orders in one request."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.support import json_of, place, position, problem


def results(client: FlaskClient, *orders: Any) -> list[dict[str, Any]]:
    """The results of a batch."""
    answer = client.post("/api/orders/batch", json={"orders": orders})
    assert answer.status_code == 207, answer.text
    found: list[dict[str, Any]] = json_of(answer)["results"]
    assert len(found) == len(orders)
    return found


def test_each_order_has_its_result_in_its_place(app: Flask, intake: FlaskClient) -> None:
    first, bad, last = results(
        intake, {"customer": "A"}, {"items": [{"name": "x"}]}, {"customer": "C", "shipping": 1}
    )
    assert (first["status"], first["order"]["customer"]["name"]) == (201, "A")
    assert (last["status"], last["order"]["total"]) == (201, "1.00")
    assert bad["status"] == bad["problem"]["status"] == 422
    assert {error["path"] for error in bad["problem"]["errors"]} == {"customer", "items.0.quantity"}
    assert position(app) == 2


def test_whatever_is_no_order_is_refused_for_itself(app: Flask, intake: FlaskClient) -> None:
    found = results(intake, None, 1, "x", [], {}, [[]], True, {"customer": "A"})
    assert [one["status"] for one in found] == [422] * 7 + [201]
    assert position(app) == 1


def test_a_conflict_says_with_which_order(intake: FlaskClient) -> None:
    before = place(intake, external_id="1")
    known, new, twice = results(
        intake,
        {"customer": "A", "external_id": "1"},
        {"customer": "A", "external_id": "2"},
        {"customer": "A", "external_id": "2"},
    )
    assert [one["status"] for one in (known, new, twice)] == [409, 201, 409]
    assert known["problem"]["order_id"] == before["id"]
    assert twice["problem"]["order_id"] == new["order"]["id"]


def test_an_order_may_relate_to_one_before_it_in_the_batch_only(intake: FlaskClient) -> None:
    (first,) = results(intake, {"customer": "A"})
    back, lost = results(
        intake,
        {"customer": "A", "type": "return", "related_order": first["order"]["id"]},
        {"customer": "A", "type": "return", "related_order": "ord_none"},
    )
    assert (back["status"], lost["status"]) == (201, 422)


def test_numbers_and_positions_follow_the_order_given(app: Flask, admin: FlaskClient) -> None:
    found = results(admin, *({"customer": f"c{n}"} for n in range(20)))
    numbers = [one["order"]["number"] for one in found]
    assert numbers == list(range(numbers[0], numbers[0] + 20))
    events = json_of(admin.get("/api/events"))["events"]
    assert [event["order"]["customer"]["name"] for event in events] == [f"c{n}" for n in range(20)]
    assert [event["position"] for event in events] == list(range(1, 21))


def test_a_thousand_orders_are_taken_and_no_more(app: Flask, intake: FlaskClient) -> None:
    found = results(intake, *({"customer": "A"} for _ in range(1000)))
    assert {one["status"] for one in found} == {201}
    more = intake.post("/api/orders/batch", json={"orders": [{"customer": "A"}] * 1001})
    problem(more, 422, "orders")
    assert position(app) == 1000


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_empty_batch_is_refused(intake: FlaskClient) -> None:
    for body in ({"orders": []}, {}, {"orders": None}, {"orders": {"customer": "A"}}):
        problem(intake.post("/api/orders/batch", json=body), 422, "orders")
