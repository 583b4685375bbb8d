"""Headers that every answer carries."""

from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.house import rules
from tests.web.support import place, token_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


KEPT = ("static", "looks.logo", "looks.stylesheet")
"""What browsers may keep, as it is the same for everybody."""


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def directives(policy: str) -> dict[str, list[str]]:
    """A content security policy by directive."""
    parts = [part.split() for part in policy.split(";")]
    return {name: values for name, *values in parts}


def test_every_answer_of_every_route_is_guarded(
    app: Flask, client: FlaskClient, staff: FlaskClient
) -> None:
    token = token_of(place(client))
    for asking in (client, staff):
        for rule in rules(app):
            values = {"filename": "css/base.css", "token": token}
            path = rule.build({name: values.get(name, 1) for name in rule.arguments})[1]  # type: ignore[index]
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            with asking.open(path, method=method) as answer:
                headers = answer.headers
            assert answer.status_code < 500
            policy = directives(headers["Content-Security-Policy"])
            assert policy["default-src"] == ["'self'"]
            assert policy["object-src"] == policy["base-uri"] == ["'none'"]
            assert policy["frame-ancestors"] == ["'none'"]
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert "Permissions-Policy" in headers
            assert len(headers.getlist("Content-Security-Policy")) == 1
            if rule.endpoint not in KEPT:
                assert "no-store" in headers["Cache-Control"], path
            if path.startswith(("/track/", "/admin/link/", "/driver/link/")):
                assert headers["Referrer-Policy"] == "no-referrer"
            else:
                assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_errors_are_guarded_too(client: FlaskClient) -> None:
    for path in ("/nothing", "/api/nothing", "/track/nothing", "/static/nothing"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "Content-Security-Policy" in answer.headers
    assert "Content-Security-Policy" in client.delete("/api/orders").headers


def test_no_page_has_a_script_or_a_style_of_its_own_or_from_elsewhere(
    client: FlaskClient, staff: FlaskClient
) -> None:
    token = token_of(place(client, note="<script>alert(1)</script>"))
    for asking, path in (
        (client, "/"),
        (client, f"/track/{token}"),
        (client, "/track/none"),
        (client, "/admin/sign-in"),
        (client, "/api/docs"),
        (client, "/nothing"),
        (staff, "/admin"),
        (staff, "/admin/account"),
    ):
        page = Tags()
        page.feed(asking.get(path, headers={"Accept": "text/html"}).text)
        assert len(page.found) > 10, path
        for name, attributes in page.found:
            assert name != "style", path
            assert not [a for a in attributes if a == "style" or a.startswith("on")], (path, name)
            if name == "script" and attributes.get("type") != "application/json":
                assert (attributes["src"] or "").startswith("/static/"), path
            if name == "link":
                assert (attributes["href"] or "").startswith("/"), path


def test_errors_are_pages_for_people_and_problems_for_programs(client: FlaskClient) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for path, accept, kind in (
        ("/nothing", browser, "text/html"),
        ("/nothing", "*/*", "application/problem+json"),
        ("/nothing", "application/json", "application/problem+json"),
        ("/nothing", "nonsense", "application/problem+json"),
        ("/api/nothing", browser, "application/problem+json"),
    ):
        answer = client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (404, kind), (path, accept)
