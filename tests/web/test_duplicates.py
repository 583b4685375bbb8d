"""An order like the one before is taken for a duplicate, until somebody says whether it is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock
from orderboard.orders import duplicates, placing
from tests.web.support import json_of, moved, place, problem, timeline, token_of

Json = dict[str, Any]
ADA: Json = {"name": "Ada", "email": "ada@x.example", "phone": "+49 30 123456"}
TEA: Json = {"sku": "tea", "name": "Tea", "quantity": 2, "unit_price": "2.00"}
CUP: Json = {"name": "Cup", "quantity": 1, "unit_price": "9.00"}


def of(order: Json) -> Json:
    return {"id": order["id"], "number": order["number"]}


def read(client: FlaskClient, order: Json) -> Json:
    return json_of(client.get(f"/api/orders/{order['id']}"))


def settled(client: FlaskClient, order: Json, keep: str) -> Json:
    return json_of(client.put(f"/api/orders/{order['id']}/duplicate", json={"keep": keep}))


def pair(client: FlaskClient) -> tuple[Json, Json]:
    """An order and another one like it."""
    first, second = (place(client, customer=ADA, items=[TEA, CUP]) for _ in range(2))
    assert second["duplicate_of"] == of(first)
    return first, second


def test_the_same_lines_of_the_same_customer_are_a_duplicate_in_the_event_itself(
    admin: FlaskClient,
) -> None:
    first, second = pair(admin)
    assert first["duplicate_of"] is None
    assert second["version"] == 1
    (created,) = timeline(admin, second)
    assert created["order"]["duplicate_of"] == of(first)


@pytest.mark.parametrize(
    "other",
    [
        {"items": [CUP, TEA]},
        {"customer": {**ADA, "email": None}, "items": [{**TEA, "name": "Green tea"}, CUP]},
        {"customer": {"name": "A. L.", "email": "ADA@x.example"}},
        {"note": "Ring twice", "shipping": "3.00"},
    ],
)
def test_what_makes_no_difference(admin: FlaskClient, other: Json) -> None:
    first = place(admin, customer=ADA, items=[TEA, CUP])
    second = place(admin, **{"customer": ADA, "items": [TEA, CUP], **other})
    assert second["duplicate_of"] == of(first)


@pytest.mark.parametrize(
    "other",
    [
        {"items": [TEA]},
        {"items": [TEA, CUP, CUP]},
        {"items": [{**TEA, "quantity": 3}, CUP]},
        {"items": [{**TEA, "options": [{"name": "Size", "value": "L"}]}, CUP]},
        {"customer": {"name": "Ada", "email": "ada@y.example"}},
        {"customer": "Ada"},
        {"type": "bulk"},
    ],
)
def test_what_makes_a_difference(admin: FlaskClient, other: Json) -> None:
    place(admin, customer=ADA, items=[TEA, CUP])
    second = place(admin, **{"customer": ADA, "items": [TEA, CUP], **other})
    assert second["duplicate_of"] is None


def test_orders_without_lines_say_nothing(admin: FlaskClient) -> None:
    assert [place(admin, customer=ADA)["duplicate_of"] for _ in range(2)] == [None, None]


def test_what_was_called_off_is_ordered_anew(admin: FlaskClient) -> None:
    moved(admin, place(admin, customer=ADA, items=[TEA]), "cancelled")
    assert place(admin, customer=ADA, items=[TEA])["duplicate_of"] is None


def test_what_comes_again_and_again_is_a_habit(admin: FlaskClient) -> None:
    orders = [place(admin, customer="Bar", items=[TEA]) for _ in range(5)]
    marks = [order["duplicate_of"] for order in orders]
    assert marks == [None, of(orders[0]), of(orders[0]), None, None]


def test_what_was_rolled_back_was_never_placed(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ValueError("it is rolled back")

    again = {"customer": ADA, "items": [TEA]}
    with monkeypatch.context() as patched:
        patched.setattr(placing, "_record", fail)
        app.config["PROPAGATE_EXCEPTIONS"] = False
        for _ in range(3):
            assert admin.post("/api/orders", json=again).status_code == 500
    first = place(admin, **again)
    assert first["duplicate_of"] is None
    assert place(admin, **again)["duplicate_of"] == of(first)


def test_a_batch_is_looked_through_and_a_past_that_is_imported_is_not(admin: FlaskClient) -> None:
    again = {"customer": ADA, "items": [TEA]}
    old = {**again, "placed_at": clock.rfc3339(clock.now() - timedelta(seconds=30))}
    place(admin, **old)
    batch = {"orders": [again, old, again]}
    answer = json_of(admin.post("/api/orders/batch", json=batch))
    first, imported, second = (result["order"] for result in answer["results"])
    assert first["duplicate_of"] is imported["duplicate_of"] is None
    assert second["duplicate_of"] == of(first)


def test_minutes_are_the_shops_and_0_is_never(
    admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = clock.now

    def after(minutes: float) -> Json | None:
        monkeypatch.setattr(clock, "now", lambda: real() + timedelta(minutes=minutes))
        mark: Json | None = place(admin, customer=ADA, items=[TEA])["duplicate_of"]
        return mark

    assert [bool(after(minutes)) for minutes in (0, 9, 20)] == [False, True, False]
    admin.patch("/api/settings", json={"duplicate_within": 60})
    assert after(70)
    admin.patch("/api/settings", json={"duplicate_within": 0})
    assert not after(71)


@pytest.fixture
def anew(app: Flask) -> Callable[[], duplicates.Recent]:
    """Has the app know no more than a process that has only just begun."""
    return lambda: duplicates.setup(app)


def test_a_process_that_has_just_begun_knows_what_was_placed_before(
    admin: FlaskClient, anew: Callable[[], duplicates.Recent]
) -> None:
    first = place(admin, customer=ADA, items=[{**TEA, "quantity": "1.250", "unit": "kg"}])
    anew()
    again = place(admin, customer=ADA, items=[{**TEA, "quantity": "1.250", "unit": "kg"}])
    assert again["duplicate_of"] == of(first)


def test_what_another_process_placed_is_heard_of(
    app: Flask, admin: FlaskClient, anew: Callable[[], duplicates.Recent]
) -> None:
    place(admin)
    here = anew()
    place(admin)  # it has read the log by now
    app.extensions["orderboard.duplicates"] = duplicates.Recent()
    first = place(admin, customer=ADA, items=[TEA])
    app.extensions["orderboard.duplicates"] = here
    with app.app_context():
        here.heard(duplicates.log.since(0, 100))
    assert place(admin, customer=ADA, items=[TEA])["duplicate_of"] == of(first)


def test_both_are_wanted(admin: FlaskClient) -> None:
    first, second = pair(admin)
    now = settled(admin, second, "both")
    assert (now["status"], now["duplicate_of"]) == ("pending", None)
    last = timeline(admin, second)[-1]
    assert (last["changes"], last["was"]) == (["duplicate_of"], {"duplicate_of": of(first)})
    assert read(admin, first) == first
    problem(admin.put(f"/api/orders/{second['id']}/duplicate", json={"keep": "other"}), 409)


def test_the_new_one_is_cancelled_as_a_duplicate(admin: FlaskClient) -> None:
    first, second = pair(admin)
    now = settled(admin, second, "other")
    assert (now["status"], now["duplicate_of"]) == ("cancelled", None)
    assert now["cancel_reason"] == f"Duplicate of #{first['number']}"
    assert read(admin, first) == first


def test_the_first_one_is_cancelled_as_a_duplicate(admin: FlaskClient) -> None:
    first, second = pair(admin)
    now = settled(admin, second, "this")
    assert (now["status"], now["duplicate_of"]) == ("pending", None)
    other = read(admin, first)
    assert other["status"] == "cancelled"
    assert other["cancel_reason"] == f"Duplicate of #{second['number']}"


def test_where_the_first_one_has_left_nothing_is_half_settled(admin: FlaskClient) -> None:
    first, second = pair(admin)
    moved(admin, first, "processing", "shipped")
    problem(admin.put(f"/api/orders/{second['id']}/duplicate", json={"keep": "this"}), 409)
    assert read(admin, second) == second


def test_an_order_that_is_no_duplicate_has_nothing_to_settle(admin: FlaskClient) -> None:
    order = place(admin)
    problem(admin.put(f"/api/orders/{order['id']}/duplicate", json={"keep": "both"}), 409)
    assert len(timeline(admin, order)) == 1


def test_cancelling_it_in_any_way_takes_the_mark_off_and_undo_brings_it_back(
    admin: FlaskClient,
) -> None:
    first, second = pair(admin)
    assert moved(admin, second, "declined")["duplicate_of"] is None
    at = timeline(admin, second)[-1]["position"]
    back = json_of(admin.post(f"/api/orders/{second['id']}/undo", json={"position": at}))
    assert (back["status"], back["duplicate_of"]) == ("pending", of(first))


def test_customers_are_told_nothing_of_it(admin: FlaskClient) -> None:
    _, second = pair(admin)
    assert "duplicate_of" not in json_of(admin.get(f"/api/track/{token_of(second)}"))
    assert "duplicate_of" not in json_of(
        admin.application.test_client().get(f"/api/track/{token_of(second)}")
    )


@pytest.mark.parametrize("who", ["stranger", "intake", "batch"])
def test_who_may_not_read_orders_is_not_told_what_somebody_else_has_ordered(
    app: Flask, admin: FlaskClient, intake: FlaskClient, who: str
) -> None:
    first = place(admin, customer=ADA, items=[TEA])
    wanted = {"customer": {"name": "Mallory", "phone": ADA["phone"]}, "items": [TEA]}
    if who == "batch":
        answer = json_of(intake.post("/api/orders/batch", json={"orders": [wanted]}))
        again = answer["results"][0]["order"]
    else:
        again = place(app.test_client() if who == "stranger" else intake, **wanted)
    assert again["duplicate_of"] is None
    assert read(admin, again)["duplicate_of"] == of(first)
