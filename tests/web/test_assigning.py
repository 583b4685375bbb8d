"""An order is somebody's of the staff, which customers and drivers are not told."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.web.support import (
    as_driver,
    as_staff,
    json_of,
    new_driver,
    place,
    problem,
    timeline,
    token_of,
    with_key,
)

Json = dict[str, Any]


def id_of(owner: FlaskClient, email: str) -> int:
    members = json_of(owner.get("/api/staff"))["staff"]
    return int(next(member["id"] for member in members if member["email"] == email))


def assigned(client: FlaskClient, order: Json, staff_id: int | None) -> Json:
    answer = client.put(f"/api/orders/{order['id']}/assignment", json={"staff": staff_id})
    assert answer.status_code == 200, answer.text
    return json_of(answer)


def test_an_order_is_given_to_somebody_and_taken_back(app: Flask, staff: FlaskClient) -> None:
    bo = as_staff(app, "bo@example.com", "operator")
    order, bos = place(staff), id_of(staff, "bo@example.com")
    assert order["assigned_to"] is None
    now = assigned(bo, order, bos)
    assert (now["assigned_to"], now["version"]) == ({"id": bos, "name": "bo"}, 2)
    assert assigned(staff, order, bos)["version"] == 2
    assert assigned(staff, order, None)["assigned_to"] is None
    events = timeline(staff, order)[1:]
    assert [event["changes"] for event in events] == [["assigned_to"]] * 2
    assert [event["was"] for event in events] == [
        {"assigned_to": None},
        {"assigned_to": {"id": bos, "name": "bo"}},
    ]


def test_an_edit_leaves_an_order_with_whose_it_is(staff: FlaskClient) -> None:
    order, ada = place(staff), id_of(staff, "ada@example.com")
    assigned(staff, order, ada)
    path = f"/api/orders/{order['id']}"
    items = [{"name": "Tea", "quantity": 1, "unit_price": "1.00"}]
    edited = json_of(staff.patch(path, json={"tags": ["late"], "items": items}))
    assert (edited["assigned_to"]["id"], edited["tags"]) == (ada, ["late"])
    moved = json_of(staff.put(f"{path}/status", json={"status": "processing"}))
    assert moved["assigned_to"]["id"] == ada


def test_an_assignment_is_taken_back(staff: FlaskClient) -> None:
    order, ada = place(staff, tags=["late"]), id_of(staff, "ada@example.com")
    assigned(staff, order, ada)
    path, last = f"/api/orders/{order['id']}/undo", timeline(staff, order)[-1]["position"]
    back = json_of(staff.post(path, json={"position": last}))
    assert (back["assigned_to"], back["tags"]) == (None, ["late"])
    last = timeline(staff, order)[-1]["position"]
    assigned(staff, order, ada)
    last = timeline(staff, order)[-1]["position"]
    assigned(staff, order, None)
    problem(staff.post(path, json={"position": last}), 409)
    last = timeline(staff, order)[-1]["position"]
    assert json_of(staff.post(path, json={"position": last}))["assigned_to"]["id"] == ada


def test_neither_customer_nor_driver_is_told(app: Flask, staff: FlaskClient) -> None:
    order, driver = place(staff), new_driver(app)
    staff.put(f"/api/orders/{order['id']}/driver", json={"driver": driver})
    assigned(staff, order, id_of(staff, "ada@example.com"))
    theirs = as_driver(app, driver)
    for text in (
        app.test_client().get(f"/api/track/{token_of(order)}").text,
        theirs.get(f"/api/orders/{order['id']}").text,
        theirs.get("/api/events").text,
    ):
        assert "assigned" not in text


def test_who_is_none_of_the_staff_gets_no_order(app: Flask, staff: FlaskClient) -> None:
    as_staff(app, "bo@example.com", "operator")
    order, bos = place(staff), id_of(staff, "bo@example.com")
    assigned(staff, order, bos)
    staff.delete(f"/api/staff/{bos}")
    path = f"/api/orders/{order['id']}/assignment"
    assert json_of(staff.get(f"/api/orders/{order['id']}"))["assigned_to"]["name"] == "bo"
    problem(staff.put(path, json={"staff": bos}), 422, "staff")
    for body in ({}, {"staff": "bo"}, {"staff": True}, {"staff": -1}, {"staff": 999_999}):
        problem(staff.put(path, json=body), 422, "staff")
    stale = staff.put(path, json={"staff": None}, headers={"If-Match": '"1"'})
    assert problem(stale, 412)["order"]["assigned_to"]["id"] == bos


def test_orders_are_listed_by_whose_they_are(app: Flask, staff: FlaskClient) -> None:
    bo = as_staff(app, "bo@example.com", "viewer")
    ada, bos = (id_of(staff, f"{name}@example.com") for name in ("ada", "bo"))
    orders = {name: place(staff, customer=name) for name in "abcd"}
    for name, whose in {"a": ada, "b": bos, "c": bos}.items():
        assigned(staff, orders[name], whose)
    assigned(staff, orders["b"], ada)
    assigned(staff, orders["c"], None)

    def listed(client: FlaskClient, query: str) -> str:
        answer = json_of(client.get(f"/api/orders?sort=created&{query}"))
        return "".join(order["customer"]["name"] for order in answer["orders"])

    assert listed(staff, "assigned_to=me") == "ab"
    assert listed(bo, "assigned_to=me") == ""
    assert listed(bo, f"assigned_to={ada}&status=pending") == "ab"
    assert listed(staff, "assigned_to=none") == "cd"
    assert listed(staff, "assigned_to=none&assigned_to=me") == "abcd"
    assert listed(staff, "assigned_to=999") == ""
    problem(with_key(app, "admin").get("/api/orders?assigned_to=me"), 422, "assigned_to")
    for wrong in ("ada", "", "-1", "1234567890", "1.5"):
        problem(staff.get(f"/api/orders?assigned_to={wrong}"), 422, "assigned_to.0")


def test_a_note_names_whom_it_is_for(app: Flask, staff: FlaskClient) -> None:
    as_staff(app, "bo@example.com", "viewer")
    order, bos = place(staff), id_of(staff, "bo@example.com")
    path = f"/api/orders/{order['id']}/notes"
    note = json_of(staff.post(path, json={"text": "@bo look at this", "mentions": [bos, bos]}))
    assert note["mentions"] == [{"id": bos, "name": "bo"}]
    assert timeline(staff, order)[-1]["note"]["mentions"] == note["mentions"]
    assert json_of(staff.post(path, json={"text": "for nobody"}))["mentions"] == []
    mentions = {"text": "x", "mentions": [bos, 999]}
    problem(staff.post(path, json=mentions), 422, "mentions.1")
    problem(staff.post(path, json={"text": "x", "mentions": ["bo"]}), 422, "mentions.0")
    problem(staff.post(path, json={"text": "x", "mentions": [bos] * 21}), 422, "mentions")
    assert len(timeline(staff, order)) == 3
