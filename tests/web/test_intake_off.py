"""A shop that takes no orders from those it does not know."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard.config import Settings
from tests.web.support import as_driver, json_of, new_driver, place, position, problem, token_of


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, public_intake=False)


def test_orders_need_a_key_or_a_session(
    app: Flask, client: FlaskClient, intake: FlaskClient, staff: FlaskClient, admin: FlaskClient
) -> None:
    problem(client.post("/api/orders", json={"customer": "Ada"}), 401)
    assert position(app) == 0
    problem(as_driver(app, new_driver(app)).post("/api/orders", json={"customer": "Ada"}), 403)
    before = position(app)
    for known in (intake, staff, admin):
        place(known)
    assert position(app) == before + 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_order_page_says_so_and_its_form_leads_to_sign_in(
    app: Flask, client: FlaskClient, staff: FlaskClient
) -> None:
    assert "not taking orders" in client.get("/").text
    sent = client.post("/", data={"customer-name": "Ada"})
    assert (sent.status_code, sent.location.split("?")[0]) == (302, "/admin/sign-in")
    assert position(app) == 0
    assert "not taking orders" not in staff.get("/").text
    assert staff.post("/", data={"customer-name": "Ada"}).status_code == 303


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_customers_keep_their_links(client: FlaskClient, staff: FlaskClient) -> None:
    token = token_of(place(staff))
    assert client.get(f"/track/{token}").status_code == 200
    cancelled = client.put(f"/api/track/{token}/cancel", json={"reason": "Too late"})
    assert json_of(cancelled)["status"] == "cancelled"
