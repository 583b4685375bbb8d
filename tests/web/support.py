"""Clients for every role, and what is asked of their answers again and again."""

import socket
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.people import drivers, keys, staff, team
from orderboard.people.roles import OWNER
from tests.servers import BoardServer

Json = dict[str, Any]


def with_key(app: Flask, *scopes: str, name: str = "till") -> FlaskClient:
    """A script with a key of these scopes."""
    with app.app_context():
        return bearing(app, keys.create(name, scopes))


def bearing(app: Flask, key: str) -> FlaskClient:
    """A script with this key."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client


def as_staff(app: Flask, email: str = "ada@example.com", role: str = OWNER) -> FlaskClient:
    """A browser in which somebody of the staff is signed in. Who is no owner is new."""
    client = app.test_client()
    with app.app_context():
        if role == OWNER:
            token = staff.new_sign_in_token(email)
        else:
            _, token = team.invite(email, None, role, 1, Actor("staff", "Ada"))
    assert client.get(f"/admin/link/{token}").status_code == 303
    return client


def new_driver(app: Flask, name: str = "Bo") -> str:
    """The id of a new driver."""
    with app.app_context():
        return str(drivers.add(name, "+49 30 1234", Actor("staff", "Ada"))["id"])


def as_driver(app: Flask, driver_id: str) -> FlaskClient:
    """A browser in which a driver's link was opened. Links opened before end."""
    client = app.test_client()
    with app.app_context():
        token = drivers.new_link_token(driver_id)
    assert client.get(f"/driver/link/{token}").status_code == 303
    return client


def place(client: FlaskClient, **order: Any) -> Json:
    """An order, as the one who placed it reads it."""
    placed = client.post("/api/orders", json={"customer": "Ada", **order})
    assert placed.status_code == 201, placed.text
    return json_of(placed)


def token_of(order: Json) -> str:
    """The token of an order's link for its customer."""
    return str(order["track_url"].rpartition("/")[2])


def moved(client: FlaskClient, order: Json, *statuses: str) -> Json:
    """The order after it was moved through these statuses."""
    for status in statuses:
        answer = client.put(f"/api/orders/{order['id']}/status", json={"status": status})
        assert answer.status_code == 200, answer.text
        order = json_of(answer)
    return order


def json_of(answer: TestResponse) -> Json:
    """The answer's JSON object."""
    data = answer.get_json()
    assert isinstance(data, dict), answer.text
    return data


def problem(answer: TestResponse, status: int, *paths: str) -> Json:
    """The answer's problem, which has this status and names these fields and no others."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    assert answer.mimetype == "application/problem+json"
    found = json_of(answer)
    assert found["status"] == status
    assert found["title"]
    assert sorted(error["path"] for error in found.get("errors", [])) == sorted(paths)
    assert all(error["message"] for error in found.get("errors", []))
    return found


def position(app: Flask) -> int:
    """How far the log has come."""
    with app.app_context():
        return log.head().position


def timeline(client: FlaskClient, order: Json) -> list[Json]:
    """Everything that happened to an order, oldest first."""
    events: list[Json] = json_of(client.get(f"/api/orders/{order['id']}/events"))["events"]
    return events


def said(server: BoardServer, request: bytes) -> bytes:
    """All that a server says to bytes that need be no HTTP, until it hangs up."""
    answer = b""
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        connection.sendall(request)
        while piece := connection.recv(65536):
            answer += piece
    return answer
