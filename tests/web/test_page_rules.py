"""What pages know of the rules is sent to them, and they have words for all there is."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard.orders import paying, returning, rules
from orderboard.web.pages import board
from tests.web.support import as_driver, json_of, new_driver, place, token_of


def shown(client: FlaskClient, page: str) -> str:
    """What stands on a page, without what its script is given."""
    return client.get(page).text.partition('<script type="application/json"')[0]


def test_the_customers_page_follows_the_rules(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/track/{token_of(place(client, payment_method='cod'))}"
    before = shown(client, page)
    assert "The shop has your order" in before
    assert ", still due" in before
    monkeypatch.setattr(rules, "INBOUND", frozenset({"purchase"}))
    monkeypatch.setattr(rules, "CALLED_OFF", ("pending",))
    after = shown(client, page)
    assert "The shop has your request" in after
    assert ">Collection</h2>" in after
    assert ", still due" not in after


def test_an_order_is_expected_as_long_as_the_rules_say(
    admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place(admin)
    admin.put(f"/api/orders/{order['id']}/tracking", json={"eta": "2031-05-04T10:00:00Z"})
    page = f"/track/{token_of(order)}"
    assert "Expected" in shown(admin, page)
    monkeypatch.setattr(rules, "ON_THE_WAY", ("shipped",))
    assert "Expected" not in shown(admin, page)


def test_a_driver_is_told_what_the_rules_say(app: Flask, admin: FlaskClient) -> None:
    driver_id = new_driver(app)
    for kind in rules.TYPES:
        order = place(admin, type=kind)
        given = {"driver": driver_id}
        json_of(admin.put(f"/api/orders/{order['id']}/driver", json=given))
        seen = json_of(as_driver(app, driver_id).get(f"/api/orders/{order['id']}"))
        told = (seen["inbound"], seen["on_the_way"], seen["called_off"])
        assert told == (kind in rules.INBOUND, True, False)


def test_the_board_counts_as_in_progress_what_the_rules_say(
    staff: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        'data-filter-status="on_hold processing ready shipped failed"' in staff.get("/admin").text
    )
    monkeypatch.setattr(board, "IN_PROGRESS", ("ready", "failed"))
    page = staff.get("/admin").text
    assert 'data-filter-status="ready failed"' in page
    assert '"in_progress": ["ready", "failed"]' in page


def test_pages_have_words_for_every_status_type_and_payment(app: Flask) -> None:
    words = app.jinja_env.get_template("track/_words.html").module
    assert words.OUTBOUND.keys() == words.INBOUND.keys() == set(rules.STATUSES)  # type: ignore[attr-defined]
    assert words.KINDS.keys() == set(rules.TYPES)  # type: ignore[attr-defined]
    assert words.PAYMENTS.keys() == set(rules.PAYMENT_METHODS)  # type: ignore[attr-defined]
    assert words.RETURN_STATES.keys() == set(returning.STATES)  # type: ignore[attr-defined]
    assert words.PAYMENT_STATES.keys() == set(paying.STATUSES)  # type: ignore[attr-defined]


def test_every_type_and_payment_can_be_chosen_on_the_order_page(client: FlaskClient) -> None:
    page = client.get("/").text
    for kind in rules.TYPES:
        assert f'name="type" value="{kind}"' in page
    for method in rules.PAYMENT_METHODS:
        is_there = f'name="payment_method" value="{method}"' in page
        assert is_there == (method != "online"), "by nobody can be paid online here"
