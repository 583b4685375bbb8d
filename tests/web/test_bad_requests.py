"""Queries, paths and headers that are no good: a problem, the same on both databases."""

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard.orders.marks import FILTERS
from tests.web.house import ENDS, rules
from tests.web.support import json_of, place, position, problem, token_of
from tests.web.test_bad_bodies import same_everywhere
from tests.web.test_signing_in import link

LONG = "x" * 8192
ENCODED = ["%00", "a%00", "%ff", "%ed%a0%80", "%c0%80", "%fe%ff", "a%0b"]
"""Percent-encoded NUL, bytes that are no UTF-8, and a character that cannot be shown."""

TIMES = [
    *ENCODED,
    "",
    "now",
    "2030-01-31",
    "2030-01-31T17:00:00",
    "2030-01-31T17:00:00+01:00",  # a plus sign in a query is a space
    "10000-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00%2B14:00",
    "9999-12-31T23:59:59-23:59",
    "1969-12-31T23:59:59Z",
    "2030-13-01T00:00:00Z",
    "1e400",
    "-1",
    LONG,
]
WORDS = [*ENCODED, "", "nonsense", "PENDING", "pending,on_hold", "pending%20on_hold", "1", LONG]
NUMBERS = [*ENCODED, "", "0", "-1", "+1", "1.0", "1e1", "0x1", "%d9%a1", "NaN", "true", "1%20"]
NUMBERS += ["99999999999999999999", "9" * 8192]
EVENT_IDS = [*ENCODED, "1", "x", "-1", "a-", "a-1-1", "A-1", "a%20-1", "a-%d9%a1", LONG]
EVENT_IDS += ["a" * 33 + "-1", "a-" + "1" * 19, "a-0x1", "a-1.0", "a--1"]

QUERIES: dict[str, dict[str, list[str]]] = {
    "/api/orders": {
        "status": WORDS,
        "type": WORDS,
        "driver": [*ENCODED, "", "%20", "x" * 65, LONG],
        "q": [*ENCODED, "x" * 201, LONG],
        "created_from": TIMES,
        "created_to": TIMES,
        "updated_after": TIMES,
        "due_before": TIMES,
        "at_risk": WORDS,
        "payment": WORDS,
        "method": WORDS,
        "assigned_to": [word for word in WORDS if word != "1"],
        "channel": [*ENCODED, "", "%20", "x" * 101],
        "tag": [*ENCODED, "", "%20", "x" * 51],
        "total_from": [*ENCODED, "", "-1", "1.001", "1e2", "1,5", "9" * 15, LONG],
        "total_to": [*ENCODED, "", "abc", "0x1"],
        "sort": [*ENCODED, "", "name", "--total", "total,created", LONG],
        "limit": [*NUMBERS, "201"],
        "cursor": [*ENCODED, "x", "bnVsbA==", "W10=", "____", "é", LONG],
    },
    "/api/events": {"after": EVENT_IDS, "limit": [*NUMBERS, "1001"]},
    "/api/stream": {"after": EVENT_IDS},
    "/api/track/{token}/stream": {"after": EVENT_IDS},
}
IDS = [
    "%00",
    "%ff",
    "%ed%a0%80",
    "%20",
    "'",
    '"',
    "%3Cb%3E",
    "é",
    "..",
    "%2e%2e",
    "a%2fb",
    "a.b",
    "ord_%00",
    "*",
    "x" * 65,
    LONG,
    "-1",
    "0",
    "99999999999999999999",
    "None",
    "null",
    "{}",
]


def test_every_wrong_value_in_a_query_is_refused_by_name(
    app: Flask, client: FlaskClient, admin: FlaskClient
) -> None:
    token = token_of(place(client))
    for pattern, parameters in QUERIES.items():
        path = pattern.replace("{token}", token)
        for name, values in parameters.items():
            for value in values:
                case = f"{pattern}?{name}={value}"
                answer = admin.get(f"{path}?{name}={value}")
                assert answer.status_code == 422, (case, answer.status_code)
                found = json_of(answer)
                named = [error["path"].partition(".")[0] for error in found["errors"]]
                assert named == [name], case
                same_everywhere(case, found)
    assert position(app) == 1


def test_a_parameter_that_is_unknown_or_given_twice_is_refused(
    client: FlaskClient, admin: FlaskClient
) -> None:
    token = token_of(place(client))
    for pattern, parameters in QUERIES.items():
        path = pattern.replace("{token}", token)
        problem(admin.get(f"{path}?nonsense=1"), 422, "nonsense")
        problem(admin.get(f"{path}?%ff=1"), 422, "?")
        for name in parameters.keys() - {"status", "type", "driver", *FILTERS}:
            problem(admin.get(f"{path}?{name}=1&{name}=2"), 422, name)
    many = "&".join(["status=pending"] * 51)
    problem(admin.get(f"/api/orders?{many}"), 422, "status")


def test_an_id_that_cannot_be_one_is_not_found(
    app: Flask, staff: FlaskClient, client: FlaskClient
) -> None:
    for rule in rules(app, "order_id", "token", "driver_id", "session_id"):
        for asking in (staff, client):
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                for strange in IDS:
                    path = "".join(
                        strange if variable else part for variable, part in rule._trace
                    ).removeprefix("|")
                    carried = ENDS.get(rule.endpoint, {}) if method not in ("GET", "HEAD") else {}
                    answer = asking.open(path, method=method, **carried)
                    assert answer.status_code < 500, (method, path)
                    if strange not in ("-1", "0", "None", "null", "99999999999999999999", ".."):
                        assert answer.status_code in (404, 405, 308), (method, path)
                    case = f"{asking is staff} {method} {path}"
                    same_everywhere(case, answer.status_code)
    assert position(app) == 0


def test_a_last_event_id_that_cannot_be_one_is_refused(
    client: FlaskClient, admin: FlaskClient
) -> None:
    token = token_of(place(client))
    for path in ("/api/stream", f"/api/track/{token}/stream"):
        for value in ("1", "x", "a-", "a-1 b", "a-1\x00", "é-1", "a-" + "1" * 19, LONG, "null"):
            answer = admin.get(path, headers={"Last-Event-ID": value})
            problem(answer, 422, "Last-Event-ID")
    # The header counts before the query, and an empty one does not count.
    assert admin.get("/api/stream?after=x", headers={"Last-Event-ID": "a-1"}).status_code == 200
    problem(admin.get("/api/stream?after=x", headers={"Last-Event-ID": ""}), 422, "after")
    problem(admin.get("/api/stream?after=a-1&lastEventId=x"), 422, "lastEventId")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_strange_headers_harm_nobody(app: Flask, client: FlaskClient, staff: FlaskClient) -> None:
    strange = ["", "\x00", "é", LONG, "ÿþ", "a\tb", "%", "null", "\x7f"]
    names = "Accept Accept-Encoding Accept-Language User-Agent Referer Cookie Host Range Expect"
    names += " If-None-Match If-Modified-Since X-Forwarded-For X-Forwarded-Proto Sec-Purpose"
    for asking in (client, staff):
        for name in names.split():
            for value in strange:
                for path in ("/", "/api/orders", "/admin/sign-in", "/nothing", "/healthz"):
                    with asking.get(path, headers={name: value}) as answer:
                        assert answer.status_code < 500, (name, value[:10], path)
    for value in strange:
        headers = {"User-Agent": value}
        with app.test_client() as browser:
            assert browser.get("/driver/link/x", headers=headers).status_code == 404
    assert position(app) == 0


def test_a_browsers_name_fits_whatever_it_is(app: Flask) -> None:
    for name in ("", "x" * 8192, "é" * 400, "\xff\xfe", "<b>"):
        browser = app.test_client()
        assert browser.get(link(app), headers={"User-Agent": name}).status_code == 303
        assert browser.get("/admin/account").status_code == 200


def test_a_search_takes_any_text(admin: FlaskClient) -> None:
    for text in ("%", "_", "\\", "'", '"', "\u2028", "ẞ" * 200, "x " * 100, "\ufffd", "😀"):
        assert admin.get(f"/api/orders?q={quote(text)}").status_code == 200, text
