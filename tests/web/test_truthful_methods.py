"""OPTIONS and Allow name what a path really takes, no more and no less."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.web.house import House, arguments, fresh, rules

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def house(app: Flask) -> House:
    return House(app)


def takes(app: Flask, rule: Rule) -> set[str]:
    """What the routes that are written just like this one take."""
    same = [other for other in app.url_map.iter_rules() if other.rule == rule.rule]
    return {method for other in same for method in other.methods or ()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_route_says_what_it_takes(house: House) -> None:
    wrong = []
    for rule in rules(house.app):
        path = rule.build(dict.fromkeys(rule.arguments, 1))[1]  # type: ignore[index]
        known = takes(house.app, rule)
        for who in ("anonymous", "owner", "driver"):
            answer = fresh(house, who).open(path, method="OPTIONS")
            if answer.status_code != 200 or set(answer.allow) != known:
                wrong.append((path, who, answer.status_code, set(answer.allow) ^ known))
        for method in (*METHODS, "TRACE"):
            if method in known:
                continue
            answer = house.office.open(path, method=method)
            if answer.status_code != 405 or set(answer.allow) != known:
                wrong.append((path, method, answer.status_code, set(answer.allow) ^ known))
    assert wrong == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_route_names_it_takes(house: House) -> None:
    for rule in rules(house.app):
        if rule.endpoint == "staff.sign_out":
            continue
        order = house.new_order()
        path = rule.build(arguments(house, rule, order, "owner"))[1]  # type: ignore[index]
        for method in fresh(house, "owner").open(path, method="OPTIONS").allow:
            if method in METHODS:
                answer = fresh(house, "owner").open(path, method=method, json={})
                answer.close()
                assert answer.status_code != 405, (path, method)


def test_a_record_is_not_asked_for_under_a_word_of_the_api(house: House) -> None:
    for path in ("/api/orders/batch", "/api/orders/bulk/status"):
        assert house.office.get(path).status_code == 405


def test_options_need_no_credentials_and_tell_of_no_record(house: House) -> None:
    order = house.new_order()
    for number in (order["id"], "ord_nothing"):
        answer = fresh(house, "anonymous").open(f"/api/orders/{number}", method="OPTIONS")
        assert answer.status_code == 200
        assert answer.data == b""
        assert set(answer.allow) == {"GET", "HEAD", "OPTIONS", "PATCH"}
