"""What comes back: never more than was bought; with it come stock and status."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from orderboard.database import db
from tests.servers import wait_until
from tests.web.support import json_of, moved, place, position, problem, timeline, token_of
from tests.web.test_stock import counts, stocked, together

Json = dict[str, Any]
TEA = {"sku": "T-1", "name": "Green tea", "quantity": 3, "unit_price": "4.90"}
CAKE = {"name": "Cake", "quantity": 1, "unit_price": "9.00"}
WAY = ("processing", "shipped", "delivered")


def arrived(admin: FlaskClient, *items: Json, **more: Any) -> Json:
    """An order that has reached its customer."""
    customer = {"name": "Ada", "email": "ada@x.example"}
    return moved(admin, place(admin, customer=customer, items=[*items], **more), *WAY)


def wanted(order: Json, *quantities: Any) -> list[Json]:
    """So much of each of the first lines."""
    lines = zip(order["items"], quantities, strict=False)
    return [{"line": item["id"], "quantity": q} for item, q in lines if q]


def send_back(admin: FlaskClient, order: Json, *quantities: Any, **more: Any) -> Any:
    """The answer to a return of so much of each of the first lines."""
    body = {"lines": wanted(order, *quantities), "reason": "too small", **more}
    return admin.post(f"/api/orders/{order['id']}/returns", json=body)


def now(admin: FlaskClient, order: Json) -> Json:
    return json_of(admin.get(f"/api/orders/{order['id']}"))


def test_a_return_is_an_inbound_order_linked_to_its_own(admin: FlaskClient) -> None:
    order = arrived(admin, TEA, CAKE, address="1 Main St")
    answer = send_back(admin, order, 2)
    assert answer.status_code == 201
    back = json_of(answer)
    assert answer.headers["Location"] == f"/api/orders/{back['id']}"
    assert now(admin, back) == back
    assert (back["type"], back["status"], back["related_order"]) == (
        "return",
        "pending",
        order["id"],
    )
    assert (back["customer"], back["address"]) == (order["customer"], order["address"])
    (line,) = back["items"]
    assert (line["sku"], line["name"], line["quantity"]) == ("T-1", "Green tea", 2)
    assert (back["note"], back["total"]) == ("too small", "0.00")
    (entry,) = now(admin, order)["returns"]
    assert (entry["order"], entry["number"], entry["state"]) == (back["id"], back["number"], "open")
    assert entry["lines"] == [{"line": "line_1", "name": "Green tea", "quantity": 2}]
    event = timeline(admin, order)[-1]
    assert (event["type"], event["was"]["returns"]) == ("return.opened", [])


def test_when_all_is_back_so_is_the_stock_and_the_order_is_returned(admin: FlaskClient) -> None:
    stocked(admin)
    order = arrived(admin, TEA, CAKE)
    assert counts(admin) == (7, 0, 7)
    first, second = json_of(send_back(admin, order, 2)), json_of(send_back(admin, order, 1, 1))
    assert counts(admin) == (7, 0, 7)
    moved(admin, first, *WAY)
    assert counts(admin) == (9, 0, 9)
    partly = now(admin, order)
    assert (partly["status"], partly["returns"][0]["state"]) == ("delivered", "received")
    assert timeline(admin, order)[-1]["type"] == "return.received"
    moved(admin, second, *WAY, "completed")
    assert counts(admin) == (10, 0, 10)
    whole = now(admin, order)
    assert (whole["status"], [one["state"] for one in whole["returns"]]) == (
        "returned",
        ["received", "received"],
    )
    assert "returned" in whole["times"]
    event = timeline(admin, order)[-1]
    assert (event["type"], event["was"]["status"]) == ("return.received", "delivered")


def test_no_more_comes_back_than_was_bought_over_several_returns(
    admin: FlaskClient, app: Flask
) -> None:
    order = arrived(admin, TEA, CAKE)
    first = json_of(send_back(admin, order, 2))
    before = position(app)
    problem(send_back(admin, order, 2), 422, "lines.0.quantity")
    problem(send_back(admin, order, 4), 422, "lines.0.quantity")
    assert position(app) == before
    moved(admin, first, "declined")
    assert now(admin, order)["returns"][0]["state"] == "called_off"
    assert timeline(admin, order)[-1]["type"] == "return.called_off"
    assert send_back(admin, order, 3).status_code == 201
    problem(send_back(admin, order, 1), 422, "lines.0.quantity")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "lines"),
        ({"lines": []}, "lines"),
        ({"lines": [{"line": "line_9", "quantity": 1}]}, "lines.0.line"),
        ({"lines": [{"line": "line_1"}]}, "lines.0.quantity"),
        ({"lines": [{"line": "line_1", "quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [{"line": "line_1", "quantity": -1}]}, "lines.0.quantity"),
        ({"lines": [{"line": "line_1", "quantity": 2}] * 2}, "lines.1.quantity"),
        ({"lines": [{"line": "line_1", "quantity": 1}], "kind": "donation"}, "kind"),
        ({"lines": [{"line": "line_1", "quantity": 1}], "reason": " "}, "reason"),
    ],
)
def test_a_return_that_makes_no_sense_names_what_is_wrong(
    admin: FlaskClient, app: Flask, body: Json, path: str
) -> None:
    order = arrived(admin, TEA)
    before = position(app)
    answer = admin.post(f"/api/orders/{order['id']}/returns", json={"reason": "x", **body})
    problem(answer, 422, path)
    assert position(app) == before


@pytest.mark.parametrize("way", [(), ("processing", "shipped"), ("cancelled",)])
def test_what_has_not_arrived_does_not_come_back(admin: FlaskClient, way: tuple[str, ...]) -> None:
    order = moved(admin, place(admin, items=[TEA]), *way)
    problem(send_back(admin, order, 1), 409)


def test_an_exchange_sends_the_same_once_more(admin: FlaskClient) -> None:
    stocked(admin)
    order = arrived(admin, TEA)
    back = json_of(send_back(admin, order, 2, kind="exchange"))
    assert back["type"] == "exchange"
    (entry,) = now(admin, order)["returns"]
    instead = now(admin, {"id": entry["replacement"]["order"]})
    assert (instead["type"], instead["related_order"]) == ("purchase", order["id"])
    assert (instead["items"][0]["quantity"], instead["total"]) == (2, "0.00")
    assert counts(admin) == (7, 2, 5)
    admin.patch("/api/products/T-1", json={"stock": 2})
    found = problem(send_back(admin, order, 1, kind="exchange"), 409)
    assert (found["sku"], found["available"]) == ("T-1", 0)
    assert len(now(admin, order)["returns"]) == 1


def test_many_returns_at_once_take_back_what_was_bought_and_no_more(
    app: Flask, admin: FlaskClient
) -> None:
    order = arrived(admin, {**TEA, "quantity": 5})
    became: list[int] = []

    def one() -> None:
        mine = app.test_client()
        mine.environ_base |= admin.environ_base
        status = 503
        while status == 503:  # the database was busy
            status = send_back(mine, order, 1).status_code
        became.append(status)

    together(12, one)
    assert sorted(became) == [201] * 5 + [422] * 7
    assert len(now(admin, order)["returns"]) == 5


def test_orders_and_their_returns_are_moved_together(admin: FlaskClient) -> None:
    stocked(admin)
    order = arrived(admin, TEA)
    back = moved(admin, json_of(send_back(admin, order, 3)), "processing", "shipped")
    change = {"ids": [back["id"], order["id"]], "status": "delivered"}
    results = json_of(admin.post("/api/orders/bulk/status", json=change))["results"]
    assert [result["status"] for result in results] == [200, 409]
    assert (now(admin, order)["status"], counts(admin)) == ("returned", (10, 0, 10))


def test_returns_that_arrive_at_once_and_their_orders_do_not_wait_for_each_other(
    app: Flask, admin: FlaskClient
) -> None:
    stocked(admin)
    order = arrived(admin, {**TEA, "quantity": 6})
    backs = [json_of(send_back(admin, order, 1)) for _ in range(6)]
    for back in backs:
        moved(admin, back, "processing", "shipped")
    refused: list[Any] = []

    def one(n: int) -> None:
        mine = app.test_client()
        mine.environ_base |= admin.environ_base
        if n % 2:
            path = f"/api/orders/{backs[n]['id']}/status"
            answer = mine.put(path, json={"status": "delivered"})
        else:
            change = {"ids": [backs[n]["id"], order["id"]], "status": "delivered"}
            answer = mine.post("/api/orders/bulk/status", json=change)
        if answer.status_code not in (200, 207):
            refused.append(answer.text)

    together(6, one, numbered=True)
    assert refused == []
    assert (now(admin, order)["status"], counts(admin)) == ("returned", (10, 0, 10))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_moves_a_return_waits_for_its_order_before_the_return_is_held(
    app: Flask, admin: FlaskClient
) -> None:
    order = arrived(admin, TEA)
    back = json_of(send_back(admin, order, 1))
    lock = "SELECT number FROM orders WHERE id = :id FOR UPDATE"
    waits = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    mover = threading.Thread(target=moved, args=(admin, back, "processing"))
    with app.app_context(), db.engine.connect() as office, db.engine.connect() as watch:
        office.execute(sa.text(lock), {"id": order["id"]})
        mover.start()
        with watch.execution_options(isolation_level="AUTOCOMMIT"):
            wait_until(lambda: watch.execute(waits).scalar_one() > 0, 10, "the mover waits")
        office.execute(sa.text(f"{lock} NOWAIT"), {"id": back["id"]})
        office.rollback()
    mover.join(10)
    assert now(admin, back)["status"] == "processing"


def test_a_repeated_return_is_opened_once(admin: FlaskClient) -> None:
    order = arrived(admin, TEA)
    body = {"lines": wanted(order, 1), "reason": "x"}
    path, key = f"/api/orders/{order['id']}/returns", {"Idempotency-Key": "one"}
    first, second = (admin.post(path, json=body, headers=key) for _ in range(2))
    assert first.text == second.text
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Location"] == first.headers["Location"]
    assert len(now(admin, order)["returns"]) == 1


def test_a_return_brings_no_revenue_and_a_refund_takes_its_own_off(admin: FlaskClient) -> None:
    order = arrived(admin, TEA)

    def revenue() -> str:
        return str(json_of(admin.get("/api/overview"))["revenue"])

    assert revenue() == "14.70"
    back = json_of(send_back(admin, order, 1))
    pay = {"method": "card", "amount": "14.70"}
    admin.post(f"/api/orders/{order['id']}/payments", json=pay)
    refund = {"lines": wanted(order, 1), "reason": "x"}
    assert admin.post(f"/api/orders/{order['id']}/refunds", json=refund).status_code == 201
    assert revenue() == "9.80"
    moved(admin, back, *WAY)
    assert revenue() == "9.80"


def test_a_customer_sees_what_came_back_and_not_why(admin: FlaskClient) -> None:
    order = arrived(admin, TEA)
    back = json_of(send_back(admin, order, 1, reason="SECRET"))
    seen = admin.get(f"/api/track/{token_of(order)}")
    assert "SECRET" not in seen.text
    assert json_of(seen)["returns"] == [
        {
            "number": back["number"],
            "kind": "return",
            "state": "open",
            "lines": [{"name": "Green tea", "quantity": 1}],
        }
    ]
