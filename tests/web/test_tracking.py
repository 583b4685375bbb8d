"""Drivers, and how an order travels."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.support import (
    as_driver,
    json_of,
    new_driver,
    place,
    position,
    problem,
    timeline,
    token_of,
)

EMPTY = dict.fromkeys(("carrier", "number", "url", "eta", "partner", "location"))


def test_an_order_goes_to_a_driver_to_another_one_and_to_none(
    app: Flask, admin: FlaskClient
) -> None:
    ids = [new_driver(app, name) for name in ("Bo", "Cy")]
    order = place(admin)
    path = f"/api/orders/{order['id']}/driver"
    given = [json_of(admin.put(path, json={"driver": one}))["driver"] for one in (*ids, None)]
    assert given[:2] == [
        {"id": ids[0], "name": "Bo", "phone": "+49 30 1234"},
        {"id": ids[1], "name": "Cy", "phone": "+49 30 1234"},
    ]
    assert given[2] is None
    assert [event["changes"] for event in timeline(admin, order)[1:]] == [["driver"]] * 3
    problem(admin.put(path, json={"driver": "drv_none"}), 422, "driver")
    problem(admin.put(path, json={}), 422, "driver")
    assert position(app) == 6


def test_a_driver_can_be_added_and_given_a_link(app: Flask, admin: FlaskClient) -> None:
    added = json_of(admin.post("/api/drivers", json={"name": " Bo ", "phone": ""}))
    assert added == {"id": added["id"], "name": "Bo", "phone": None}
    assert json_of(admin.get("/api/drivers"))["drivers"] == [added]
    url = json_of(admin.post(f"/api/drivers/{added['id']}/link"))["url"]
    phone = app.test_client()
    assert phone.get("/" + url.split("/", 3)[3]).status_code == 303
    assert phone.get("/driver").status_code == 200
    problem(admin.post("/api/drivers/drv_none/link"), 404)


def test_tracking_is_set_piece_by_piece_and_null_clears_one(admin: FlaskClient) -> None:
    order = place(admin)
    path = f"/api/orders/{order['id']}/tracking"
    admin.put(path, json={"carrier": "DHL", "number": "00340"})
    partner = {"name": "Cargo & Co", "phone": "123"}
    admin.put(path, json={"partner": partner, "url": "https://dhl.example/?id=1&x=%20"})
    after = json_of(admin.put(path, json={"carrier": None, "eta": "2030-01-31T17:00:00.5+01:00"}))
    assert after["tracking"] == {
        **EMPTY,
        "number": "00340",
        "url": "https://dhl.example/?id=1&x=%20",
        "eta": "2030-01-31T16:00:00.500000Z",
        "partner": partner,
    }
    cleared = json_of(admin.put(path, json=EMPTY))
    assert cleared["tracking"] == EMPTY


def test_the_same_tracking_again_is_no_event(app: Flask, admin: FlaskClient) -> None:
    path = f"/api/orders/{place(admin)['id']}/tracking"
    for _ in range(2):
        admin.put(path, json={"carrier": "DHL"})
    assert position(app) == 2
    problem(admin.put(path, json={}), 422, "body")


def test_a_driver_says_where_their_order_is(
    app: Flask, admin: FlaskClient, client: FlaskClient
) -> None:
    driver_id = new_driver(app)
    driver = as_driver(app, driver_id)
    order = place(admin)
    path = f"/api/orders/{order['id']}/tracking"
    here = {"location": {"lat": 52.520008, "lng": -13.404954}}
    problem(driver.put(path, json=here), 404)
    admin.put(f"/api/orders/{order['id']}/driver", json={"driver": driver_id})
    location = json_of(driver.put(path, json=here))["tracking"]["location"]
    assert (location["lat"], location["lng"]) == (52.520008, -13.404954)
    assert location["at"].endswith("Z")
    public = json_of(client.get(f"/api/track/{token_of(order)}"))
    assert public["tracking"]["location"] == location
    assert public["driver"] == {"name": "Bo", "phone": "+49 30 1234"}


def test_where_an_order_is_makes_no_version_and_no_event_and_is_signalled(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place(admin)
    path = f"/api/orders/{order['id']}"
    admin.put(f"{path}/tracking", json={"carrier": "DHL"})
    told: list[tuple[str, str, dict[str, Any]]] = []
    stream = app.extensions["orderboard"].stream
    monkeypatch.setattr(stream, "signal", lambda *signal: told.append(signal))
    before, etag = position(app), admin.get(path).headers["ETag"]
    here = {"location": {"lat": 1.5, "lng": 2.5}}
    answer = admin.put(f"{path}/tracking", json=here, headers={"If-Match": etag})
    assert (position(app), answer.headers["ETag"]) == (before, etag)
    location = json_of(answer)["tracking"]["location"]
    assert told == [
        ("location", audience, {"order_id": order["id"], "location": location})
        for audience in ("board", "reader", f"order:{order['id']}")
    ]
    found = json_of(admin.get(path))
    assert (found["tracking"]["location"], found["tracking"]["carrier"]) == (location, "DHL")
    admin.put(f"{path}/tracking", json={"number": "1"})
    event = json_of(admin.get(f"{path}/events"))["events"][-1]
    assert event["order"]["tracking"]["location"] == location
    assert event["was"]["tracking"]["number"] is None
    assert (
        json_of(admin.put(f"{path}/tracking", json={"location": None}))["tracking"]["location"]
        is None
    )


def test_a_web_address_is_one_that_a_link_may_lead_to(app: Flask, admin: FlaskClient) -> None:
    path = f"/api/orders/{place(admin)['id']}/tracking"
    for url in (
        "javascript:alert(1)",
        "//x.example",
        "data:text/html,x",
        "http://",
        "http://a b",
        "HTTP:x",
        "https://[",
        "https://x.example/\n",
        " ftp://x.example",
    ):
        answer = admin.put(path, json={"url": url})
        if answer.status_code == 200:
            assert json_of(answer)["tracking"]["url"] == url.strip()
            assert url.strip().startswith("https://x.example/")
        else:
            problem(answer, 422, "url")
