"""What another site makes a browser ask for is refused."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.support import position

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
    {"Origin": "http://evil.example/localhost"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "localhost"},
    {"Origin": "http://["},
    {"Origin": "\x00"},
    {"Origin": "x" * 8192},
]
HERE = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Origin": "http://localhost"},
    {"Origin": "https://localhost"},
    {},
]
CHANGES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/api/orders", {"json": {"customer": "Ada"}}),
    ("POST", "/", {"data": {"customer-name": "Ada"}}),
    ("POST", "/api/drivers", {"json": {"name": "Bo"}}),
    ("POST", "/admin/account", {"data": {"password": "a long enough one"}}),
    ("POST", "/admin/sign-in", {"data": {"email": "a@b.example", "password": "x"}}),
    ("POST", "/admin/sign-out", {}),
    ("PUT", "/api/orders/ord_1/status", {"json": {"status": "cancelled"}}),
    ("PATCH", "/api/orders/ord_1", {"json": {"note": "x"}}),
    ("PUT", "/api/track/token/cancel", {"json": {"reason": "x"}}),
    ("POST", "/track/token/cancel", {"data": {"reason": "x"}}),
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_a_change_that_comes_from_elsewhere_is_refused(
    app: Flask, staff: FlaskClient, headers: dict[str, str]
) -> None:
    for method, path, body in CHANGES:
        answer = staff.open(path, method=method, headers=headers, **body)
        assert answer.status_code == 403, (method, path)
    assert position(app) == 0
    assert staff.get("/api/orders", headers=headers).status_code == 200


def test_a_change_that_comes_from_here_is_not(app: Flask, staff: FlaskClient) -> None:
    for count, headers in enumerate(HERE, 1):
        placed = staff.post("/api/orders", json={"customer": "Ada"}, headers=headers)
        assert placed.status_code == 201, headers
        assert position(app) == count


def test_a_script_with_a_key_may_come_from_anywhere(admin: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://shop.example"}
    answer = admin.post("/api/orders", json={"customer": "Ada"}, headers=headers)
    assert answer.status_code == 201
    assert "Access-Control-Allow-Origin" not in answer.headers
