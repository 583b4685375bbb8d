"""Listing orders by what they have: payment, channel, tags, method, due time and total."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock
from orderboard.database import db
from orderboard.events import log
from orderboard.orders import indexing
from orderboard.orders.due import NEVER, due_at
from orderboard.orders.marks import marks_of
from orderboard.orders.model import Order, OrderMark
from orderboard.orders.queries import numbered
from tests.web.support import json_of, moved, place, problem

Json = dict[str, Any]
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)


def at(hours: int) -> str:
    return f"{(TOMORROW + timedelta(hours=hours)).replace(tzinfo=None).isoformat()}.000000Z"


def listed(client: FlaskClient, **query: Any) -> str:
    """The customers of the orders that a query lists, of one letter each."""
    answer = client.get("/api/orders", query_string=query)
    assert answer.status_code == 200, answer.text
    return "".join(order["customer"]["name"] for order in json_of(answer)["orders"])


def table(*words: str) -> Json:
    return {"fulfilment": {"method": "table", "table": "4"}, "tags": list(words)}


@pytest.fixture
def shop(admin: FlaskClient) -> FlaskClient:
    """A shop with five orders, of which some are alike."""
    place(admin, customer="A", channel="web", tags=["gift", "vip"], shipping="10.00")
    place(admin, customer="B", channel="till", **table("vip"), shipping="10.01")
    paid = place(admin, customer="C", payment_method="online", **table(), shipping="20.00")
    pay = {"method": "card", "amount": "20.00"}
    assert admin.post(f"/api/orders/{paid['id']}/payments", json=pay).status_code < 300
    place(admin, customer="D", payment_method="cod", channel="Web", tags=["Gift"])
    place(admin, customer="E", fulfilment={"method": "pickup", "until": at(2), "from": at(1)})
    return admin


def test_an_order_is_found_by_what_it_has(shop: FlaskClient) -> None:
    for query, found in (
        ({"payment": "paid"}, "C"),
        ({"payment": ["due", "paid"]}, "DC"),
        ({"payment": "none"}, "EBA"),
        ({"channel": "web"}, "A"),
        ({"channel": ["web", "Web"]}, "DA"),
        ({"tag": "vip"}, "BA"),
        ({"tag": ["gift", "vip"]}, "BA"),
        ({"tag": "vip", "channel": "till"}, "B"),
        ({"tag": "gi"}, ""),
        ({"method": ["table", "pickup"]}, "ECB"),
        ({"method": "ship"}, ""),
        ({"total_from": "10.01"}, "CB"),
        ({"total_to": "10.01"}, "EDBA"),
        ({"total_from": "10", "total_to": "10.0"}, "A"),
        ({"total_from": "20.01"}, ""),
        ({"due_before": at(2)}, ""),
        ({"due_before": at(3)}, "E"),
        ({"method": "table", "payment": "none", "total_from": "1", "q": "b"}, "B"),
        ({"sort": "due"}, "EABCD"),
        ({"sort": "-due"}, "EDCBA"),
        ({"sort": "-due", "tag": "vip"}, "BA"),
    ):
        assert listed(shop, **query) == found, query


def test_the_same_filters_narrow_an_export(shop: FlaskClient) -> None:
    rows = shop.get("/api/orders/export?tag=vip&total_from=10.01").text.splitlines()
    assert len(rows) == 2
    assert ",B," in rows[1]


def test_nonsense_in_a_filter_is_named(admin: FlaskClient) -> None:
    for query, path in (
        ({"due_before": "soon"}, "due_before"),
        ({"total_from": "abc"}, "total_from"),
        ({"total_from": "1.001"}, "total_from"),
        ({"total_to": "-1"}, "total_to"),
        ({"total_to": "99999999999999"}, "total_to"),
        ({"payment": "perhaps"}, "payment.0"),
        ({"method": "drone"}, "method.0"),
        ({"tag": ""}, "tag.0"),
        ({"tag": "x" * 51}, "tag.0"),
        ({"tag": [f"t{n}" for n in range(1000)]}, "tag"),
        ({"total_from": ["1", "2"]}, "total_from"),
    ):
        problem(admin.get("/api/orders", query_string=query), 422, path)


def test_an_order_is_due_as_promised_or_else_as_wanted_or_else_as_expected(
    admin: FlaskClient,
) -> None:
    order = place(admin, customer="A")
    path = f"/api/orders/{order['id']}"
    assert order["due_at"] is None
    admin.put(f"{path}/tracking", json={"eta": at(9)})
    assert json_of(admin.get(path))["due_at"] == at(9)
    admin.patch(path, json={"fulfilment": {"method": "ship", "from": at(7)}})
    assert json_of(admin.get(path))["due_at"] == at(7)
    admin.patch(path, json={"fulfilment": {"method": "ship", "from": at(7), "until": at(8)}})
    assert json_of(admin.get(path))["due_at"] == at(8)
    admin.put(f"{path}/acceptance", json={"ready_at": at(3)})
    assert json_of(admin.get(path))["due_at"] == at(3)
    assert listed(admin, due_before=at(4)) == "A"
    moved(admin, order, "on_hold")  # nobody promises anything of what waits
    assert json_of(admin.get(path))["due_at"] == at(8)
    assert listed(admin, due_before=at(4)) == ""


def test_pages_by_due_time_go_on_through_orders_that_are_never_due(admin: FlaskClient) -> None:
    for n in range(9):
        wanted = {"method": "ship", "until": at(n % 3)} if n % 2 else None
        place(admin, customer="A", fulfilment=wanted)
    for sort in ("due", "-due"):
        numbers, cursor = [], ""
        while cursor is not None:
            query = {"sort": sort, "limit": 2, "cursor": cursor}
            page = json_of(admin.get("/api/orders", query_string=query))
            numbers += [(o["due_at"], o["number"]) for o in page["orders"]]
            cursor = page["next"]
        due = [one for one in numbers if one[0]]
        assert len(set(numbers)) == 9
        assert due == sorted(due, reverse=sort == "-due") == numbers[:4]


def test_marks_and_due_times_kept_are_those_of_the_orders(app: Flask, shop: FlaskClient) -> None:
    orders = json_of(shop.get("/api/orders"))["orders"]
    by_name = {order["customer"]["name"]: order["id"] for order in orders}
    shop.patch(f"/api/orders/{by_name['A']}", json={"tags": ["new"], "channel": None})
    shop.patch(f"/api/orders/{by_name['B']}", json={"payment_status": "paid"})
    shop.patch(f"/api/orders/{by_name['E']}", json={"fulfilment": None})
    shop.post("/api/orders/bulk/tags", json={"ids": [*by_name.values()], "add": ["all"]})
    shop.patch(f"/api/orders/{by_name['D']}", json={"tags": []})
    wrong = [{"mark": f"tag:{tag}", "day": clock.now().date(), "number": 1} for tag in ("a", "z")]
    with app.app_context():
        with log.transaction() as tx:
            tx.execute(sa.insert(OrderMark), wrong)
        indexing.rebuild()
    with app.app_context(), db.engine.connect() as connection:
        kept = {
            (row.mark, row.number) for row in connection.execute(sa.select(OrderMark.__table__))
        }
        now = numbered(connection, 0, 10)
        due = dict(connection.execute(sa.select(Order.number, Order.due_at)).all())
    assert kept == {(mark, order["number"]) for order in now for mark in marks_of(order)}
    assert len(kept) > 9
    assert [*due.values()] == [NEVER] * 5
    assert [due_at(order) for order in now] == [None] * 5
