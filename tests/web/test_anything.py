"""Events about anything: who hears of drivers and notes, and what was before."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from orderboard.audiences import KINDS
from tests.web.support import (
    as_driver,
    json_of,
    moved,
    new_driver,
    place,
    position,
    problem,
    token_of,
)

Json = dict[str, Any]


def heard(client: FlaskClient, after: str = "") -> list[Json]:
    """What somebody may hear of the whole log."""
    events: list[Json] = json_of(client.get(f"/api/events?after={after}&limit=1000"))["events"]
    return events


def test_the_board_hears_of_a_new_driver_and_of_their_new_name(
    app: Flask, staff: FlaskClient
) -> None:
    driver = json_of(staff.post("/api/drivers", json={"name": "Bo", "phone": "1"}))
    other = as_driver(app, new_driver(app, "Cy"))
    answer = staff.patch(f"/api/drivers/{driver['id']}", json={"name": "Beau"})
    assert json_of(answer) == {**driver, "name": "Beau"}
    created, _, updated = heard(staff)
    assert (created["type"], created["driver"], created["was"]) == ("driver.created", driver, {})
    assert (updated["type"], updated["driver"]) == ("driver.updated", json_of(answer))
    assert (updated["was"], updated["changes"]) == ({"name": "Bo"}, ["name"])
    assert updated["actor"] == {"kind": "staff", "name": "ada"}
    assert heard(other) == []
    (own,) = heard(as_driver(app, driver["id"]))
    assert (own["driver"]["name"], own["actor"]) == ("Beau", {"kind": "staff"})


def test_a_driver_who_is_changed_to_what_they_are_is_no_event(
    app: Flask, staff: FlaskClient
) -> None:
    driver_id = new_driver(app)
    before = position(app)
    path = f"/api/drivers/{driver_id}"
    assert staff.patch(path, json={"name": "Bo"}).status_code == 200
    problem(staff.patch(path, json={"name": " "}), 422, "name")
    problem(staff.patch(path, json={"name": None}), 422, "name")
    problem(staff.patch(path, json={}), 422, "body")
    problem(staff.patch("/api/drivers/drv_nobody", json={"name": "Bo"}), 404)
    assert position(app) == before


def test_an_internal_note_is_heard_by_staff_alone(app: Flask, staff: FlaskClient) -> None:
    driver_id = new_driver(app)
    order = moved(staff, place(staff), "processing")
    path = f"/api/orders/{order['id']}"
    staff.put(f"{path}/driver", json={"driver": driver_id})
    before = heard(staff)[-1]["id"]
    note = json_of(staff.post(f"{path}/notes", json={"text": "Rings twice"}))
    assert note["text"] == "Rings twice"
    assert note["order_id"] == order["id"]
    (event,) = heard(staff, before)
    assert (event["type"], event["note"], event["order_id"]) == ("note.added", note, order["id"])
    assert "order" not in event
    timeline = json_of(staff.get(f"{path}/events"))["events"]
    assert timeline[-1] == event
    assert heard(as_driver(app, driver_id), before) == []
    customer = app.test_client().get(f"/api/track/{token_of(order)}")
    assert "Rings twice" not in customer.text
    assert json_of(staff.get(path))["version"] == 3, "a note is no change of the order"
    problem(staff.post("/api/orders/ord_none/notes", json={"text": "x"}), 404)


def test_an_event_says_what_was_before(staff: FlaskClient) -> None:
    order = place(staff, note="Leave it at the door")
    path = f"/api/orders/{order['id']}"
    staff.put(f"{path}/status", json={"status": "processing"})
    staff.patch(path, json={"note": None, "customer": {"name": "Bea", "email": "b@x.example"}})
    created, started, edited = heard(staff)
    assert created["was"] == {}
    assert started["was"] == {"status": "pending"}
    assert edited["was"] == {
        "customer": order["customer"],
        "note": "Leave it at the door",
    }
    assert edited["changes"] == list(edited["was"])


def test_what_was_shows_nobody_more_than_the_order_did(app: Flask, staff: FlaskClient) -> None:
    bo, cy = new_driver(app, "Bo"), new_driver(app, "Cy")
    order = place(staff, customer={"name": "Ada", "email": "ada@x.example", "phone": "1"})
    path = f"/api/orders/{order['id']}"
    staff.put(f"{path}/driver", json={"driver": bo})
    staff.put(f"{path}/driver", json={"driver": cy})
    staff.patch(path, json={"customer": {"name": "Bea", "phone": "2"}})
    to_cy, renamed = heard(as_driver(app, cy))
    assert to_cy["was"] == {"driver": None}, "who had it before is none of Cy's business"
    assert renamed["was"] == {"customer": {"name": "Ada", "company": None, "phone": "1"}}
    to_bo, from_bo = heard(as_driver(app, bo))
    assert from_bo["was"]["driver"]["id"] == bo
    assert to_bo["was"] == {"driver": None}


def test_a_page_is_told_the_names_of_what_it_may_hear(app: Flask, staff: FlaskClient) -> None:
    order = place(staff)
    driver = as_driver(app, new_driver(app))
    for page, audience in (
        (staff.get("/admin"), "board"),
        (driver.get("/driver"), "driver"),
        (app.test_client().get(f"/track/{token_of(order)}"), "order"),
    ):
        for name in KINDS.names(audience):
            assert f'"{name}"' in page.text, (audience, name)
    assert "note.added" not in KINDS.names("order")
    assert "note.added" in KINDS.names("board")
