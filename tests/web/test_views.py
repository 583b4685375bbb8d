"""What each reader of an order is shown, field by field."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.stream import spec
from tests.web.support import as_driver, json_of, moved, new_driver, place, token_of, with_key


def names(text: str) -> set[str]:
    """The words of a text."""
    return set(text.split())


CUSTOMER = names("""
    id number type status status_label customer items currency subtotal shipping tax discount
    total address payment_method payment payments refunds note driver tracking cancel_reason
    cancellation_request version created_at updated_at steps can_cancel inbound on_the_way
    called_off owed promised_at
    total address payment_method payment note driver tracking cancel_reason cancellation_request
    version created_at updated_at steps can_cancel inbound on_the_way called_off
    taxes tax_included fees tip discounts rounding billing_address fulfilment shipments
    display_number locale returns
""")
DRIVER = names("""
    id number type status status_label allowed customer items currency total address
    payment_method payment note driver tracking cancel_reason version created_at updated_at inbound
    on_the_way called_off fulfilment display_number
""")
STAFF = names("""
    id number external_id source type status status_label allowed customer items currency
    subtotal shipping tax discount total address payment_method payment payments refunds note
    related_order driver tracking cancel_reason cancellation_request times version created_at
    updated_at updated_by returns refundable owed items_open returnable acceptance held_until
    duplicate_of due_at printed print_failed assigned_to
    track_url
    subtotal shipping tax discount total address payment_method payment note related_order driver
    tracking cancel_reason cancellation_request times version created_at updated_at updated_by
    track_url taxes tax_included fees tip discounts rounding billing_address fulfilment shipments
    display_number locale channel tags metadata
""")
FULL: dict[str, Any] = {
    "customer": {"name": "Ada", "company": "E Ltd", "email": "ada@x.example", "phone": "1"},
    "address": "1 Main St",
    "items": [{"name": "Tea", "quantity": 1}],
    "external_id": "x-1",
}


def told(answer: TestResponse) -> list[dict[str, Any]]:
    """The events in the first piece of a stream, which it is opened before."""
    assert answer.status_code == 200
    messages = spec.read(next(iter(answer.response))).messages  # type: ignore[arg-type]
    answer.close()
    return [json.loads(message.data) for message in messages if message.type.startswith("order.")]


def driven(app: Flask, admin: FlaskClient) -> tuple[dict[str, Any], FlaskClient]:
    """An order on its way and the browser of its driver."""
    driver_id = new_driver(app)
    order = moved(admin, place(admin, **FULL), "processing")
    answer = admin.put(f"/api/orders/{order['id']}/driver", json={"driver": driver_id})
    return json_of(answer), as_driver(app, driver_id)


def test_staff_see_everything_everywhere(admin: FlaskClient, staff: FlaskClient) -> None:
    order = place(admin, **FULL)
    for found in (
        order,
        json_of(staff.get(f"/api/orders/{order['id']}")),
        json_of(staff.get("/api/orders"))["orders"][0],
        json_of(staff.get("/api/events"))["events"][0]["order"],
        json_of(staff.get(f"/api/orders/{order['id']}/events"))["events"][0]["order"],
        told(staff.get("/api/stream", headers={"Last-Event-ID": start(staff)}))[0]["order"],
    ):
        assert found == order
        assert found.keys() == STAFF


def start(client: FlaskClient) -> str:
    """The id before the first event."""
    epoch = json_of(client.get("/api/events"))["next"].partition("-")[0]
    return f"{epoch}-0"


def test_a_key_that_only_reads_sees_no_customers_link_anywhere(
    admin: FlaskClient, reader: FlaskClient
) -> None:
    order = place(admin, **FULL)
    for found in (
        json_of(reader.get(f"/api/orders/{order['id']}")),
        json_of(reader.get("/api/orders"))["orders"][0],
        json_of(reader.get("/api/events"))["events"][0]["order"],
        json_of(reader.get(f"/api/orders/{order['id']}/events"))["events"][0]["order"],
        told(reader.get("/api/stream", headers={"Last-Event-ID": start(reader)}))[0]["order"],
    ):
        assert found.keys() == STAFF - {"track_url"}
        assert token_of(order) not in str(found)


def test_a_key_sees_the_links_of_the_orders_it_placed(app: Flask, admin: FlaskClient) -> None:
    shop = with_key(app, "intake", "read", name="shop")
    mine, other = place(shop), place(admin)
    found = {order["id"]: order for order in json_of(shop.get("/api/orders"))["orders"]}
    assert found[mine["id"]]["track_url"] == mine["track_url"]
    assert "track_url" not in found[other["id"]]
    assert json_of(shop.get(f"/api/orders/{mine['id']}")) == mine


def test_a_customer_sees_public_fields_only_and_no_names_of_staff(
    app: Flask, admin: FlaskClient, client: FlaskClient
) -> None:
    place(admin, customer="Somebody else")
    order, _ = driven(app, admin)
    token = token_of(order)
    page = json_of(client.get(f"/api/track/{token}"))
    assert page.pop("position").endswith("-5")
    events = told(client.get(f"/api/track/{token}/stream?after={start(admin)}"))
    assert [event["position"] for event in events] == [3, 4, 5]
    cancelled = client.put(f"/api/track/{token}/cancel", json={"reason": "x"})
    assert json_of(cancelled).keys() == CUSTOMER
    for event in events:
        assert event.keys() == {"position", "type", "at", "actor", "changes", "was", "order"}
        assert event["actor"] == {"kind": "script"}
    for found in (page, *(event["order"] for event in events)):
        assert found.keys() == CUSTOMER
        assert found["customer"] == {"name": "Ada"}
    assert page["driver"] == {"name": "Bo", "phone": "+49 30 1234"}
    assert events[-1]["order"] == page


@pytest.mark.parametrize("name", ["after", "lastEventId"])
def test_a_query_resumes_like_the_header(
    client: FlaskClient, admin: FlaskClient, name: str
) -> None:
    begin = start(admin)
    order = place(client)
    token = token_of(order)
    place(client)
    for asking, path, expected in (
        (admin, "/api/stream", [1, 2]),
        (client, f"/api/track/{token}/stream", [1]),
    ):
        events = told(asking.get(f"{path}?{name}={begin}"))
        assert [event["position"] for event in events] == expected
    # A page's address has where it began; a library that reconnects adds how far it has come.
    later = begin.replace("-0", "-1")
    events = told(admin.get(f"/api/stream?after={begin}&lastEventId={later}"))
    assert [event["position"] for event in events] == [2]
    assert [
        event["position"] for event in told(admin.get(f"/api/stream?after={later}&lastEventId="))
    ] == [2]


def test_a_driver_sees_where_to_go_and_whom_to_call(app: Flask, admin: FlaskClient) -> None:
    order, driver = driven(app, admin)
    events = json_of(driver.get("/api/events"))["events"]
    streamed = told(driver.get(f"/api/stream?after={start(driver)}"))
    assert [event["actor"] for event in events] == [{"kind": "script"}]
    assert [{**event, "id": None} for event in streamed] == [{**e, "id": None} for e in events]
    for found in (
        json_of(driver.get(f"/api/orders/{order['id']}")),
        events[-1]["order"],
        streamed[-1]["order"],
    ):
        assert found.keys() == DRIVER
        assert found["customer"] == {"name": "Ada", "company": "E Ltd", "phone": "1"}
        assert found["allowed"] == ["shipped"]


def test_a_driver_from_whom_an_order_is_taken_learns_only_that(
    app: Flask, admin: FlaskClient
) -> None:
    order, driver = driven(app, admin)
    admin.put(f"/api/orders/{order['id']}/driver", json={"driver": new_driver(app, "Cy")})
    moved(admin, order, "shipped")
    events = json_of(driver.get("/api/events"))["events"]
    gone = {"id": order["id"], "number": order["number"], "version": 4, "driver": None}
    assert [event["position"] for event in events] == [4, 6]
    assert events[-1]["order"] == gone
    assert driver.get(f"/api/orders/{order['id']}").status_code == 404


def test_whoever_placed_an_order_gets_its_link(client: FlaskClient) -> None:
    order = place(client)
    assert order.keys() == STAFF
    assert client.get("/track/" + token_of(order)).status_code == 200
