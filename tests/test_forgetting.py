"""A customer who is forgotten stands nowhere any more, and every sum is what it was."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard import clock
from orderboard.consumers import positions
from orderboard.consumers.running import Worker
from orderboard.customers.keeping import CUSTOMERS
from orderboard.database import db
from orderboard.errors import Invalid
from orderboard.events import log
from orderboard.figures import rebuilding
from orderboard.forgetting import forget_customer
from orderboard.orders import indexing
from tests.analytics import reference as analytics
from tests.customers.test_keeping import counted as records_counted
from tests.customers.test_keeping import kept as records_kept
from tests.figures import reference
from tests.web.support import as_staff, json_of, place

Json = dict[str, Any]
TRACES = (
    "lovelace",
    "engine works",
    "4930 555",
    "babbage street",
    "ring twice",
    "52.5123",
    "grumpy",
    "too slow",
    "tracking/xyz",
    "partner pete",
    "pete countess",
    "ref-ada-1",
    "she was cross",
    "does not suit her",
    "billing lane",
    "gate code",
    "for my love",
    "loyalty-77",
    "parcel-4711",
    "own-number-1",
)
ADA: Json = {
    "customer": {
        "name": "Ada Lovelace",
        "company": "Engine Works",
        "email": "Ada@Lovelace.example",
        "phone": "+4930 555",
    },
    "address": {"line1": "1 Babbage Street", "city": "Berlin", "lat": 52.5123, "lng": 13.4},
    "note": "Ring twice",
    "items": [
        {"sku": "T", "name": "Tea", "quantity": 2, "unit_price": "4.50", "note": "For my love"}
    ],
    "currency": "EUR",
    "billing_address": "2 Billing Lane",
    "fulfilment": {"method": "delivery", "instructions": "Gate code 1234"},
    "metadata": {"card": "loyalty-77"},
    "shipments": [{"carrier": "DHL", "number": "Parcel-4711"}],
    "display_number": "own-number-1",
    "tip": "1.00",
}


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    """The app's context."""
    with app.app_context():
        positions.register([CUSTOMERS.name])
        yield


def work_on() -> None:
    worker = Worker(CUSTOMERS)
    while worker.step() is not None:
        pass
    analytics.catch_up()


def everything() -> str:
    """All that stands in any table, in lower case."""
    found = []
    with db.engine.connect() as connection:
        for table in sa.inspect(connection).get_table_names():
            rows = connection.execute(sa.text(f'SELECT * FROM "{table}"'))
            found += [f"{table} {json.dumps([*row], default=str)}" for row in rows]
    return "\n".join(found).lower()


def traces() -> list[str]:
    text = everything()
    return [trace for trace in TRACES if trace in text]


def a_shop(app: Flask) -> Json:
    """A shop in which she has ordered, asked for things, and been talked about."""
    client = as_staff(app)
    place(client, customer={"name": "Bo", "email": "bo@x.example"}, currency="EUR")
    key = {"Idempotency-Key": "one"}
    first = json_of(client.post("/api/orders", json=ADA, headers=key))
    batch = {"orders": [ADA, {"customer": "Cy"}]}
    client.post("/api/orders/batch", json=batch, headers={"Idempotency-Key": "two"})
    path = f"/api/orders/{first['id']}"
    client.post(f"{path}/notes", json={"text": "Lovelace is grumpy"})
    client.patch(path, json={"note": "Lovelace says: ring twice"})
    tracking = {"url": "https://x.example/tracking/xyz", "partner": {"name": "Partner Pete"}}
    client.put(f"{path}/tracking", json=tracking | {"carrier": "DHL"})
    money = {"method": "card", "amount": "9.00", "title": "Card of Pete Countess"}
    client.post(f"{path}/payments", json=money | {"reference": "ref-ada-1"})
    refund = {"amount": "1.00", "reason": "she was cross"}
    client.post(f"{path}/refunds", json=refund, headers={"Idempotency-Key": "three"})
    token = first["track_url"].rpartition("/")[2]
    client.put(f"{path}/status", json={"status": "processing"})
    app.test_client().put(f"/api/track/{token}/cancel", json={"reason": "too slow"})
    arrived = place(client, **ADA)
    for status in ("processing", "shipped", "delivered"):
        client.put(f"/api/orders/{arrived['id']}/status", json={"status": status})
    back = {"lines": [{"line": "line_1", "quantity": 1}], "reason": "does not suit her"}
    client.post(f"/api/orders/{arrived['id']}/returns", json=back)
    other = place(client, **{**ADA, "note": "Ring twice"})
    somebody = {
        "customer": {"name": "Dee", "email": "dee@x.example"},
        "items": [{"sku": "T", "name": "Tea", "quantity": 2, "unit_price": "4.50"}],
        **dict.fromkeys(("address", "note", "billing_address", "fulfilment", "display_number")),
        "shipments": [],
        "metadata": {},
    }
    client.patch(f"/api/orders/{other['id']}", json=somebody)
    off = place(client, **ADA)
    client.put(f"/api/orders/{off['id']}/cancel", json={"reason": "Lovelace has moved"})
    work_on()
    return first


def test_no_trace_is_left_in_any_table(app: Flask) -> None:
    a_shop(app)
    assert traces() == [*TRACES]
    done = forget_customer("ada@lovelace.EXAMPLE", "UTC")
    assert (done.orders, done.events, done.answers) == (5, 2, 3)
    assert traces() == []
    assert "bo@x.example" in everything()
    assert "dee@x.example" in everything()


def test_all_sums_are_what_they_were_and_rebuilt_is_kept(app: Flask) -> None:
    a_shop(app)
    client = as_staff(app)
    before = json_of(client.get("/api/overview"))
    forget_customer("ada@lovelace.example", "UTC")
    after = json_of(client.get("/api/overview"))
    same = before.keys() - {"position"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert reference.kept() == reference.counted("UTC")
    assert records_kept() == records_counted()
    assert analytics.kept("UTC") == analytics.counted("UTC")
    work_on()
    assert records_kept() == records_counted()
    rebuilding.rebuild("UTC")
    assert reference.kept() == reference.counted("UTC")


def test_boards_hear_of_it_without_the_person(app: Flask) -> None:
    first = a_shop(app)
    head = log.head()
    done = forget_customer("ada@lovelace.example", "UTC")
    told = json_of(as_staff(app).get(f"/api/events?after={head.epoch}-{head.position}"))["events"]
    assert [event["type"] for event in told] == ["order.updated"] * 5
    (mine,) = [event for event in told if event["order"]["id"] == first["id"]]
    assert mine["order"]["customer"]["name"] == done.name
    assert {"customer", "address", "note"} <= {*mine["changes"]}
    assert mine["actor"] == {"kind": "system", "name": "forget-customer"}


def test_whose_order_it_is_and_when_it_is_due_stay(app: Flask) -> None:
    client = as_staff(app)
    soon = clock.rfc3339(clock.now() + timedelta(hours=2))
    wanted = {"method": "delivery", "from": soon, "until": soon}
    paths = [
        f"/api/orders/{place(client, **(ADA | {'fulfilment': wanted}))['id']}" for _ in range(2)
    ]
    me = json_of(client.get("/api/staff"))["staff"][0]["id"]
    for path in paths:
        assert client.put(f"{path}/assignment", json={"staff": me}).status_code == 200
    promised = client.put(f"{paths[0]}/acceptance", json={"ready_in": 30})
    assert promised.status_code == 200
    before = [json_of(client.get(path)) for path in paths]
    mine = f"/api/orders?assigned_to={me}"
    forget_customer("ada@lovelace.example", "UTC")
    for path, order in zip(paths, before, strict=True):
        now = json_of(client.get(path))
        for name in ("acceptance", "assigned_to", "duplicate_of", "due_at"):
            assert now[name] == order[name], name
    assert len(json_of(client.get(mine))["orders"]) == 2
    indexing.rebuild()
    assert len(json_of(client.get(mine))["orders"]) == 2


def test_a_retry_of_the_order_is_still_the_same_order(app: Flask) -> None:
    first = a_shop(app)
    forget_customer("ada@lovelace.example", "UTC")
    again = as_staff(app).post("/api/orders", json=ADA, headers={"Idempotency-Key": "one"})
    assert again.headers["Idempotent-Replayed"] == "true"
    assert json_of(again)["id"] == first["id"]


def test_the_link_she_had_leads_nowhere(app: Flask) -> None:
    first = a_shop(app)
    forget_customer("ada@lovelace.example", "UTC")
    token = first["track_url"].rpartition("/")[2]
    assert app.test_client().get(f"/api/track/{token}").status_code == 404


def test_a_second_time_finds_nothing(app: Flask) -> None:
    a_shop(app)
    forget_customer("ada@lovelace.example", "UTC")
    head = log.head()
    done = forget_customer("ada@lovelace.example", "UTC")
    assert (done.orders, done.events, done.answers) == (0, 0, 0)
    assert log.head() == head


@pytest.mark.parametrize("email", ["", "ada", "@", "a@"])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Invalid, match="email"):
        forget_customer(email, "UTC")
