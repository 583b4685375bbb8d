"""Two people change one order: ETag and If-Match."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.support import as_driver, json_of, new_driver, place, position, problem, token_of


def test_every_answer_with_one_order_has_its_version_as_etag(
    client: FlaskClient, admin: FlaskClient
) -> None:
    order = place(client)
    path = f"/api/orders/{order['id']}"
    assert admin.get(path).headers["ETag"] == '"1"'
    assert admin.patch(path, json={"note": "x"}).headers["ETag"] == '"2"'
    assert admin.put(f"{path}/status", json={"status": "processing"}).headers["ETag"] == '"3"'
    assert client.get(f"/api/track/{token_of(order)}").headers["ETag"] == '"3"'


def test_a_change_of_what_somebody_else_has_changed_is_refused(
    app: Flask, admin: FlaskClient, staff: FlaskClient
) -> None:
    order = place(admin)
    path = f"/api/orders/{order['id']}"
    driver = {"driver": new_driver(app)}
    staff.patch(path, json={"note": "Ada was here"}, headers={"If-Match": '"1"'})
    for method, end, body in (
        ("PATCH", "", {"note": "mine"}),
        ("PUT", "/status", {"status": "processing"}),
        ("PUT", "/status", {"status": "returned"}),
        ("PUT", "/cancel", {"reason": "x"}),
        ("PUT", "/driver", driver),
        ("PUT", "/tracking", {"carrier": "x"}),
        ("PUT", "/cancellation-request", {"accept": True}),
    ):
        refused = admin.open(path + end, method=method, json=body, headers={"If-Match": '"1"'})
        found = problem(refused, 412)
        assert found["order"] == json_of(admin.get(path))
        assert found["changed_by"] == {"kind": "staff", "name": "ada"}
    assert position(app) == 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_current_version_any_version_and_one_of_several_will_do(admin: FlaskClient) -> None:
    order = place(admin)
    path = f"/api/orders/{order['id']}"
    for place_, tags in enumerate(('"1"', 'W/"2"', "*", '"1", "4"', ' "5" ', '"9",W/"6","x"')):
        answer = admin.patch(path, json={"note": f"{place_}"}, headers={"If-Match": tags})
        assert answer.status_code == 200, tags
    for tags in (
        '"0"',
        '"01"',
        '"nonsense"',
        '""',
        '"99999999999999999999"',
        '"' + "x" * 8000 + '"',
    ):
        problem(admin.patch(path, json={"note": "x"}, headers={"If-Match": tags}), 412)
    for tags in ("7", '"7', "\x00", "x" * 8000, '"7" "7"', ""):
        refused = admin.patch(path, json={"note": "x"}, headers={"If-Match": tags})
        problem(refused, 422, "If-Match")
    assert json_of(admin.get(path))["version"] == 7


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_driver_is_not_told_who_of_the_staff_it_was(app: Flask, admin: FlaskClient) -> None:
    driver_id = new_driver(app)
    driver = as_driver(app, driver_id)
    order = place(admin)
    path = f"/api/orders/{order['id']}"
    headers = {"If-Match": '"9"'}
    body = {"status": "shipped"}
    problem(driver.put(f"{path}/status", json=body, headers=headers), 404)
    admin.put(f"{path}/driver", json={"driver": driver_id})
    found = problem(driver.put(f"{path}/status", json=body, headers=headers), 412)
    assert found["changed_by"] == {"kind": "script", "name": None}
    assert found["order"] == json_of(driver.get(path))
