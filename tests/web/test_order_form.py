"""The order page's form as a browser without JavaScript sends it."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.support import json_of, position

FORM = {
    "customer-name": "Ada",
    "customer-email": "ada@example.com",
    "address-line1": "1 Main St",
    "address-city": "",
    "type": "purchase",
    "payment_method": "cod",
    "note": "<script>alert(1)</script>",
    "items-0-name": "Chai",
    "items-0-quantity": "2",
    "items-0-unit_price": "18,50",
    "items-1-name": "",
    "items-1-quantity": "1",
    "items-2-name": "Ikura",
    "items-2-quantity": "",
    "items-2-unit_price": "",
}


def sent(client: FlaskClient, **changes: str) -> TestResponse:
    """The answer to the form, filled in like this."""
    return client.post("/", data={**FORM, **changes})


def keys_in(page: TestResponse) -> dict[str, str]:
    """The key and the secret that a page puts into its form."""
    found = re.findall(r'name="(idempotency_\w+)" value="([^"]+)"', page.text)
    assert len(found) == 2
    return {name: html.unescape(value) for name, value in found}


def test_an_order_leads_to_its_status_page(app: Flask, client: FlaskClient) -> None:
    answer = sent(client)
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "Ada" in page.text
    order = json_of(client.get(f"/api{answer.location}"))
    lines = [(line["name"], line["quantity"], line["total"]) for line in order["items"]]
    assert lines == [("Chai", 2, "37.00"), ("Ikura", 1, "0.00")]
    assert (order["total"], order["payment"]["method"]) == ("37.00", "cod")
    assert order["note"] == FORM["note"]
    assert FORM["note"] not in page.text
    assert position(app) == 1


def test_mistakes_come_back_with_the_form_as_it_was(app: Flask, client: FlaskClient) -> None:
    page = sent(client, **{"customer-name": " ", "items-0-quantity": "many"})
    assert page.status_code == 422
    assert "18,50" in page.text
    assert html.escape(FORM["note"]) in page.text
    assert position(app) == 0


def test_sending_twice_places_one_order(app: Flask, client: FlaskClient) -> None:
    keys = keys_in(client.get("/"))
    answers = [sent(client, **keys) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert position(app) == 1


def test_each_page_has_a_secret_without_which_its_key_leads_to_nobodys_order(
    app: Flask, client: FlaskClient
) -> None:
    ours, theirs = (keys_in(client.get("/")) for _ in range(2))
    assert len(ours["idempotency_secret"]) >= 32
    assert ours["idempotency_secret"] != theirs["idempotency_secret"]
    first = sent(client, **ours).location
    key = ours["idempotency_key"]
    for guess in ({}, {"idempotency_secret": theirs["idempotency_secret"]}):
        answer = sent(app.test_client(), idempotency_key=key, **guess)
        assert answer.status_code == 303
        assert answer.location != first
    assert sent(client, **ours).location == first
    assert position(app) == 3


def test_a_page_that_comes_back_keeps_its_key_and_secret(client: FlaskClient) -> None:
    keys = keys_in(client.get("/"))
    for changes in ({"add-line": "1"}, {"customer-name": " "}):
        assert keys_in(sent(client, **keys, **changes)) == keys


def test_a_form_that_was_changed_after_sending_is_no_repetition(
    app: Flask, client: FlaskClient
) -> None:
    keys = keys_in(client.get("/"))
    first = sent(client, **keys)
    page = sent(client, **keys, note="and another one")
    assert page.status_code == 422
    assert "placed with this form before" in page.text
    second = sent(client, **keys_in(page), note="and another one")
    assert second.status_code == 303
    assert second.location != first.location
    assert position(app) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_strange_key_is_replaced(client: FlaskClient) -> None:
    for name in ("idempotency_key", "idempotency_secret"):
        for key in ("k" * 300, "\x00", '"><b>', "é"):
            page = sent(client, **{name: key})
            assert page.status_code in (303, 422)
            if page.status_code == 422:
                assert sent(client, **keys_in(page)).status_code == 303


def test_strange_forms_are_refused_and_change_nothing(app: Flask, client: FlaskClient) -> None:
    for changes in (
        {"customer-name": "a\x00b"},
        {"customer-nonsense": "x"},
        {"type": "nonsense"},
        {"items-0-quantity": "99999999999999999999"},
        {"items-0-quantity": "-1"},
        {"items-0-unit_price": "NaN"},
        {"items-0-unit_price": "1e400"},
        {"address-lat": "1"},
        {"customer-name": "x" * 400_000},
    ):
        assert sent(client, **changes).status_code == 422, changes
    assert sent(client, note="x" * 5_000_000).status_code == 413
    assert client.post("/", data={f"f{n}": "x" for n in range(2000)}).status_code in (413, 422)
    assert client.post("/", data=b"\xff=\xfe&%ff=%00").status_code == 422
    assert client.post("/", json={"customer": "Ada"}).status_code == 422
    assert position(app) == 0
