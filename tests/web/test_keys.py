"""Keys as they are presented."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard.errors import Invalid
from orderboard.people import keys
from tests.web.support import bearing, place, problem


def test_a_key_that_was_revoked_is_good_for_nothing(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        key = keys.create("till", ["admin"])
    script = bearing(app, key)
    assert script.get("/api/orders").status_code == 200
    with app.app_context():
        assert keys.revoke("till")
    for path in ("/api/orders", "/api/events", "/api/overview", "/api/stream"):
        answer = script.get(path)
        problem(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    problem(script.post("/api/orders", json={"customer": "Ada"}), 401)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_key_is_refused_even_where_none_is_needed(app: Flask) -> None:
    with app.app_context():
        good = keys.create("till", ["admin"])
    for value in (
        "",
        " ",
        "Bearer",
        "Bearer ",
        good,
        f"Basic {good}",
        f"Bearer {good}x",
        "Bearer x",
        f"Bearer {good.upper()}",
        f"Bearer {good} {good}",
        "Bearer " + "x" * 8192,
        "Bearer \x00",
        "Bearer é",
        "Bearer \ud83d\ude00".encode("utf-16", "surrogatepass").decode("latin-1"),
        "x" * 8192,
    ):
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = value
        problem(client.get("/api/orders"), 401)
        if value.strip():
            problem(client.post("/api/orders", json={"customer": "Ada"}), 401)
    for value in (f"bearer {good}", f"BEARER  {good} "):
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = value
        assert client.get("/api/orders").status_code == 200


def test_a_key_counts_before_a_session(staff: FlaskClient, reader: FlaskClient) -> None:
    staff.environ_base.update(reader.environ_base)
    assert staff.get("/api/orders").status_code == 200
    problem(staff.post("/api/drivers", json={"name": "Bo"}), 403)


def test_a_keys_name_fits_wherever_it_goes(app: Flask) -> None:
    with app.app_context():
        for name in ("", "x" * 81, "a\nb", "a\x00"):
            with pytest.raises(Invalid):
                keys.create(name, ["intake"])
        longest = keys.create("ẞ" * 80, ["intake", "read"])
    order = place(bearing(app, longest), external_id="x" * 200)
    assert order["source"] == "key:" + "ẞ" * 80


def test_a_cookie_that_is_no_session_is_as_good_as_none(app: Flask) -> None:
    for value in ("x", "x" * 8192, "\x00", "é", '"', "a=b; c"):
        client = app.test_client()
        client.environ_base["HTTP_COOKIE"] = f"orderboard_session={value}"
        problem(client.get("/api/orders"), 401)
        assert client.get("/").status_code == 200
        place(client)
