"""Keys that staff make and revoke while the shop runs."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.support import bearing, json_of, place, problem

Json = dict[str, Any]


def made(staff: FlaskClient, name: str, *scopes: str) -> str:
    answer = staff.post("/api/keys", json={"name": name, "scopes": list(scopes)})
    assert answer.status_code == 201, answer.text
    return str(json_of(answer)["key"])


def listed(staff: FlaskClient) -> list[Json]:
    found: list[Json] = json_of(staff.get("/api/keys"))["keys"]
    return found


def test_a_key_is_shown_once_and_works_until_it_is_revoked(app: Flask, staff: FlaskClient) -> None:
    key = made(staff, "till", "read", "intake")
    script = bearing(app, key)
    place(script)
    (known,) = listed(staff)
    assert (known["name"], known["scopes"]) == ("till", ["intake", "read"])
    assert key not in str(staff.get("/api/keys").data)
    assert staff.delete(f"/api/keys/{known['id']}").status_code == 200
    problem(script.get("/api/orders"), 401)
    assert listed(staff) == []
    problem(staff.delete(f"/api/keys/{known['id']}"), 404)


def test_of_two_keys_of_one_name_only_the_one_that_is_meant_goes(
    app: Flask, staff: FlaskClient
) -> None:
    old, new = made(staff, "till", "read"), made(staff, "till", "read")
    first, _ = listed(staff)
    staff.delete(f"/api/keys/{first['id']}")
    problem(bearing(app, old).get("/api/orders"), 401)
    assert bearing(app, new).get("/api/orders").status_code == 200


def test_a_key_does_not_revoke_itself(app: Flask, staff: FlaskClient) -> None:
    script = bearing(app, made(staff, "office", "admin"))
    (known,) = listed(staff)
    problem(script.delete(f"/api/keys/{known['id']}"), 409)
    assert script.get("/api/keys").status_code == 200


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({}, ("name", "scopes")),
        ({"name": "x", "scopes": []}, ("scopes",)),
        ({"name": "x", "scopes": ["all"]}, ("scopes.0",)),
        ({"name": "x\ny", "scopes": ["read"]}, ("name",)),
        ({"name": "x" * 81, "scopes": ["read"]}, ("name",)),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nonsense_makes_no_key(staff: FlaskClient, given: Json, paths: tuple[str, ...]) -> None:
    problem(staff.post("/api/keys", json=given), 422, *paths)
    assert listed(staff) == []
