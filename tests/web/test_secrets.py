"""No secret is in the logs, whatever happens."""

import io
import logging
from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from orderboard import logs
from orderboard.database import db
from tests.servers import BoardServer
from tests.web.support import place, said, token_of

PASSWORD = "correct horse battery staple"
COOKIE = "orderboard_session"


def test_what_a_server_logs_has_no_secrets(live: BoardServer, live_keys: dict[str, str]) -> None:
    key, link = live_keys["admin"], live.sign_in_link()
    script = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=live.base_url) as browser:
        assert browser.get(link).status_code == 303
        session, device = browser.cookies[COOKIE], browser.cookies["orderboard_device"]
        changed = browser.post("/admin/account", data={"password": PASSWORD})
        assert changed.status_code == 303
        browser.post("/admin/sign-in", data={"email": "a@example.com", "password": PASSWORD})
        order = browser.post("/api/orders", json={"customer": "Ada"}).json()
        token = order["track_url"].rpartition("/")[2]
        driver = browser.post("/api/drivers", json={"name": "Bo"}).json()["id"]
        drivers_link = browser.post(f"/api/drivers/{driver}/link").json()["url"]
    browser = httpx.Client(base_url=live.base_url)
    for path in (
        link,
        drivers_link,
        f"/track/{token}",
        f"/api/track/{token}",
        f"/track/{token}%00",
    ):
        browser.get(path)
    for method in ("GET", "POST", "PUT", "DELETE", "NONSENSE"):
        for path in (f"/api/track/{token}/cancel", "/api/orders", f"/{token}", f"/api/?key={key}"):
            browser.request(method, path, headers=script, content=b"\xff")
    with httpx.stream("GET", f"{live.base_url}/api/stream", headers=script) as stream:
        next(stream.iter_bytes())
    wrong = {"Authorization": f"Bearer {key}x", "Cookie": f"{COOKIE}={session}x"}
    browser.get("/api/orders", headers=wrong)
    for request in (f"GET /track/{token} HTTP/9.9\r\n\r\n", f"\x00{key}\r\n\r\n"):
        said(live, request.encode())
    browser.close()
    drivers_token = drivers_link.rpartition("/")[2]
    used = link.rpartition("/")[2]
    for secret in {key, session, device, token, PASSWORD, used, drivers_token}:
        assert secret not in live.output
    assert "/link/" not in live.output


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What is logged."""
    stream = io.StringIO()
    logs.setup(stream)
    yield stream
    logs.setup()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_an_unforeseen_error_logs_has_no_secrets(
    app: Flask, client: FlaskClient, logged: io.StringIO
) -> None:
    order = place(client, customer={"name": "Ada", "email": "ada@private.example"})
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE orders RENAME TO gone"))
    assert client.get(f"/api/track/{token_of(order)}").status_code == 500
    body = {"customer": {"name": "Ada", "email": "ada@private.example"}}
    assert client.post("/api/orders", json=body).status_code == 500
    told = logged.getvalue()
    assert told.count("unforeseen_error") == 2
    assert "Traceback (most recent call last)" in told
    assert token_of(order) not in told
    assert "ada@private.example" not in told


def test_every_logger_tells_where_an_error_came_from(logged: io.StringIO) -> None:
    try:
        {}["/track/0123456789abcdef"]
    except KeyError:
        logging.getLogger("gunicorn.error").exception("for ob_%s", "x" * 32)
    told = logged.getvalue()
    assert "test_every_logger_tells" in told
    assert "ob_xxxx" not in told
    assert "0123456789abcdef" not in told
