"""What a driver may say of their own orders: where they are and what happened, nothing else."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard.orders.rules import MOVES, ON_THE_WAY, STATUSES
from orderboard.orders.views import DRIVER_MOVES
from tests.web.support import as_driver, json_of, moved, new_driver, place, position, problem

Json = dict[str, Any]
HERE = {"location": {"lat": 52.5, "lng": 13.4}}
OF_THE_SHOP: dict[str, Any] = {
    "url": "https://evil.example/pay",
    "carrier": "Evil Express",
    "number": "1",
    "partner": {"name": "Evil & Co", "phone": "0900 1"},
}
WAYS = {
    "pending": (),
    "on_hold": ("on_hold",),
    "processing": ("processing",),
    "ready": ("processing", "ready"),
    "shipped": ("processing", "shipped"),
    "failed": ("processing", "shipped", "failed"),
    "delivered": ("processing", "shipped", "delivered"),
    "completed": ("processing", "shipped", "delivered", "completed"),
    "returned": ("processing", "shipped", "delivered", "returned"),
    "declined": ("declined",),
    "cancelled": ("cancelled",),
}


@pytest.fixture
def bo(app: Flask) -> str:
    return new_driver(app, "Bo")


@pytest.fixture
def phone(app: Flask, bo: str) -> FlaskClient:
    """Bo's phone, on which Bo's link was opened."""
    return as_driver(app, bo)


def given_to(admin: FlaskClient, driver: str | None, status: str = "shipped") -> str:
    """The path of an order of this driver in this status."""
    order = place(admin)
    path = f"/api/orders/{order['id']}"
    admin.put(f"{path}/tracking", json={"url": "https://dhl.example/1", "carrier": "DHL"})
    assert admin.put(f"{path}/driver", json={"driver": driver}).status_code == 200
    moved(admin, order, *WAYS[status])
    return path


@pytest.mark.parametrize("field", OF_THE_SHOP)
@pytest.mark.parametrize("with_place", [False, True])
def test_a_driver_gives_no_links_and_no_names_of_firms(
    app: Flask, admin: FlaskClient, phone: FlaskClient, bo: str, field: str, with_place: bool
) -> None:
    path = given_to(admin, bo)
    before = position(app), json_of(admin.get(path))
    for value in (OF_THE_SHOP[field], None):
        body = {field: value} | (HERE if with_place else {})
        problem(phone.put(f"{path}/tracking", json=body), 403, field)
    assert (position(app), json_of(admin.get(path))) == before


def test_all_that_is_not_a_drivers_to_set_is_named(
    admin: FlaskClient, phone: FlaskClient, bo: str
) -> None:
    path = given_to(admin, bo)
    problem(phone.put(f"{path}/tracking", json=OF_THE_SHOP | HERE), 403, *OF_THE_SHOP)


def test_a_driver_says_where_the_order_is_and_when_it_comes(
    admin: FlaskClient, phone: FlaskClient, bo: str
) -> None:
    path = given_to(admin, bo)
    said = {**HERE, "eta": "2030-01-31T17:00:00.000000Z"}
    tracking = json_of(phone.put(f"{path}/tracking", json=said))["tracking"]
    assert (tracking["location"]["lat"], tracking["eta"]) == (52.5, said["eta"])
    assert (tracking["url"], tracking["carrier"]) == ("https://dhl.example/1", "DHL")
    cleared = json_of(phone.put(f"{path}/tracking", json=dict.fromkeys(said)))["tracking"]
    assert cleared["location"] is cleared["eta"] is None


@pytest.mark.parametrize("status", STATUSES)
def test_a_driver_changes_nothing_once_an_order_has_arrived_or_will_not(
    app: Flask, admin: FlaskClient, phone: FlaskClient, bo: str, status: str
) -> None:
    path = given_to(admin, bo, status)
    before = position(app), json_of(admin.get(path))
    if status in ON_THE_WAY:
        assert phone.put(f"{path}/tracking", json=HERE).status_code == 200
        return
    for body in (HERE, {"location": None}, {"eta": "2030-01-31T17:00:00Z"}):
        problem(phone.put(f"{path}/tracking", json=body), 409)
    for move in STATUSES:
        problem(phone.put(f"{path}/status", json={"status": move, "reason": "x"}), 409)
    assert json_of(phone.get(path))["allowed"] == []
    assert (position(app), json_of(admin.get(path))) == before


@pytest.mark.parametrize("status", ON_THE_WAY)
def test_a_driver_moves_an_order_as_its_card_offers_and_no_other_way(
    app: Flask, admin: FlaskClient, phone: FlaskClient, bo: str, status: str
) -> None:
    path = given_to(admin, bo, status)
    offered = json_of(phone.get(path))["allowed"]
    assert set(offered) == DRIVER_MOVES & set(MOVES[status])
    before = position(app)
    for move in set(STATUSES) - set(offered):
        assert (
            problem(phone.put(f"{path}/status", json={"status": move}), 409)["allowed"] == offered
        )
    assert position(app) == before
    for move in offered:
        path = given_to(admin, bo, status)
        assert json_of(phone.put(f"{path}/status", json={"status": move}))["status"] == move


def test_an_order_given_to_somebody_else_is_not_the_drivers_any_more(
    app: Flask, admin: FlaskClient, phone: FlaskClient, bo: str
) -> None:
    path = given_to(admin, bo)
    assert phone.put(f"{path}/tracking", json=HERE).status_code == 200
    for other in (new_driver(app, "Cy"), None):
        admin.put(f"{path}/driver", json={"driver": other})
        before = position(app), json_of(admin.get(path))
        for body in (HERE, OF_THE_SHOP):  # what is wrong with it is not told either
            problem(phone.put(f"{path}/tracking", json=body), 404)
        problem(phone.put(f"{path}/status", json={"status": "delivered"}), 404)
        problem(phone.get(path), 404)
        assert (position(app), json_of(admin.get(path))) == before


def test_what_a_driver_reads_has_no_link_of_the_customers_and_no_address_of_theirs(
    admin: FlaskClient, phone: FlaskClient, bo: str
) -> None:
    order = place(admin, customer={"name": "Augusta", "email": "augusta@private.example"})
    path = f"/api/orders/{order['id']}"
    admin.put(f"{path}/driver", json={"driver": bo})
    for said in (phone.get(path), phone.put(f"{path}/tracking", json=HERE), phone.get("/driver")):
        assert said.status_code == 200
        assert "Augusta" in said.text
        assert "augusta@private.example" not in said.text
        assert order["track_url"].rpartition("/")[2] not in said.text
