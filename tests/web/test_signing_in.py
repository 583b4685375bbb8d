"""Signing in and out: links, passwords, sessions, cookies."""

import threading
from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orderboard import clock
from orderboard.config import Settings
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.people import drivers, staff
from orderboard.people.model import Session, SignInLink
from orderboard.web.access import COOKIE
from tests.web.support import as_driver, as_staff, new_driver, problem

PASSWORD = "correct horse battery staple"
pytestmark = pytest.mark.usefixtures("cheap_hashes")


def link(app: Flask, email: str = "ada@example.com") -> str:
    """The path of a new one-time link."""
    with app.app_context():
        return f"/admin/link/{staff.new_sign_in_token(email)}"


def let_expire(app: Flask, table: type[SignInLink] | type[Session]) -> None:
    """Let everything in a table be too old."""
    with app.app_context(), log.transaction() as tx:
        tx.execute(sa.update(table).values(expires_at=clock.now() - timedelta(seconds=1)))


def with_password(app: Flask, password: str = PASSWORD) -> FlaskClient:
    """Ada's browser, in which she has set a password."""
    client = as_staff(app)
    assert client.post("/admin/account", data={"password": password}).status_code == 303
    return client


def signed_in(client: FlaskClient, email: str, password: str, **more: str) -> TestResponse:
    """The answer to a sign-in."""
    return client.post("/admin/sign-in", data={"email": email, "password": password, **more})


def test_a_link_signs_in_once(app: Flask, client: FlaskClient) -> None:
    path = link(app)
    first = client.get(path)
    assert (first.status_code, first.location) == (303, "/admin?welcome")
    assert client.get("/admin").status_code == 200
    other = app.test_client()
    assert other.get(path).status_code == 410
    assert other.get("/admin").location.startswith("/admin/sign-in")


def test_a_link_that_two_open_at_once_signs_in_one_of_them(app: Flask) -> None:
    path = link(app)
    found: list[int] = []
    gate = threading.Barrier(6)

    def ask() -> None:
        gate.wait()
        found.append(app.test_client().get(path).status_code)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [303, 410, 410, 410, 410, 410]


def test_a_link_that_is_too_old_or_made_up_signs_nobody_in(app: Flask, client: FlaskClient) -> None:
    path = link(app)
    let_expire(app, SignInLink)
    assert client.get(path).status_code == 410
    assert client.get("/admin/link/nonsense").status_code == 410
    assert client.get(f"/admin/link/{'x' * 65}").status_code == 404
    assert client.get("/driver/link/nonsense").status_code == 404
    assert client.get_cookie(COOKIE) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_looking_ahead_does_not_use_a_link_up(app: Flask, client: FlaskClient) -> None:
    path = link(app)
    for headers in ({"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}):
        assert client.get(path, headers=headers).status_code == 204
    assert client.head(path).status_code == 204
    assert client.get(path).status_code == 303


def test_a_password_signs_in_whatever_the_case_of_the_address(
    app: Flask, client: FlaskClient
) -> None:
    with_password(app)
    answer = signed_in(client, " ADA@example.com ", PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/admin")
    assert client.get("/admin").status_code == 200


def test_what_does_not_match_signs_nobody_in(app: Flask, client: FlaskClient) -> None:
    with_password(app)
    as_staff(app, "bo@example.com")
    for email, password in (
        ("ada@example.com", PASSWORD + " "),
        ("ada@example.com", ""),
        ("bo@example.com", ""),
        ("bo@example.com", PASSWORD),
        ("nobody@example.com", PASSWORD),
        ("", PASSWORD),
        ("ada@example.com\x00", PASSWORD),
        ("ada@example.com", PASSWORD + "\x00"),
        ("%@example.com", PASSWORD),
        ("x" * 100_000, "y" * 100_000),
        ("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "\xff"),
    ):
        assert signed_in(client, email, password).status_code == 422, (email[:20], password[:20])
    assert client.get_cookie(COOKIE) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_new_password_asks_for_the_old_one_and_ends_other_sessions(app: Flask) -> None:
    first, second = with_password(app), as_staff(app)
    for old in ("", "wrong wrong wrong"):
        refused = second.post("/admin/account", data={"current": old, "password": "n" * 12})
        assert refused.status_code == 422
    for new in ("short", "x" * 201, ""):
        refused = second.post("/admin/account", data={"current": PASSWORD, "password": new})
        assert refused.status_code == 422
    assert first.get("/admin").status_code == 200
    changed = second.post("/admin/account", data={"current": PASSWORD, "password": "n" * 12})
    assert changed.status_code == 303
    assert second.get("/admin").status_code == 200
    assert first.get("/admin").status_code == 302
    assert first.get("/api/orders").status_code == 401
    assert signed_in(app.test_client(), "ada@example.com", PASSWORD).status_code == 422
    assert signed_in(app.test_client(), "ada@example.com", "n" * 12).status_code == 303


def test_a_session_that_was_ended_is_over(app: Flask) -> None:
    here, there, bo = as_staff(app), as_staff(app), as_staff(app, "bo@example.com")
    with app.app_context(), log.transaction() as tx:
        ids = tx.execute(sa.select(Session.id).order_by(Session.id)).scalars().all()
    assert bo.post(f"/admin/sessions/{ids[0]}/end").status_code == 404
    assert here.post(f"/admin/sessions/{ids[1]}/end").status_code == 303
    problem(there.get("/api/orders"), 401)
    assert there.get("/admin").status_code == 302
    kept = here.get_cookie(COOKIE)
    assert kept
    assert here.post("/admin/sign-out").status_code == 303
    assert here.get_cookie(COOKIE) is None
    here.set_cookie(COOKIE, kept.value)
    problem(here.get("/api/orders"), 401)
    assert bo.get("/api/orders").status_code == 200


def test_a_session_and_a_link_end_with_time(app: Flask) -> None:
    ada, driver = as_staff(app), as_driver(app, new_driver(app))
    let_expire(app, Session)
    problem(ada.get("/api/orders"), 401)
    problem(driver.get("/api/events"), 401)


def test_a_new_link_for_a_driver_ends_the_old_one_and_what_it_opened(app: Flask) -> None:
    driver_id = new_driver(app)
    with app.app_context():
        path = f"/driver/link/{drivers.new_link_token(driver_id)}"
    phone = app.test_client()
    for _ in range(2):  # a driver's link is good again and again
        assert phone.get(path).status_code == 303
    assert phone.get("/driver").status_code == 200
    as_driver(app, driver_id)
    problem(phone.get("/api/events"), 401)
    assert phone.get(path).status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_after_signing_in_one_stays_on_this_site(app: Flask, client: FlaskClient) -> None:
    with_password(app)
    for given, led_to in (
        ("/admin/account?x=1", "/admin/account?x=1"),
        ("https://evil.example/", "/admin"),
        ("//evil.example", "/admin"),
        ("/\\evil.example", "/admin"),
        ("/\t/evil.example", "/admin"),
        ("\\\\evil.example", "/admin"),
        ("javascript:alert(1)", "/admin"),
        ("/\r\nSet-Cookie: a=b", "/admin"),
        ("", "/admin"),
    ):
        answer = signed_in(app.test_client(), "ada@example.com", PASSWORD, next=given)
        assert (answer.status_code, answer.location) == (303, led_to), given
        again = as_staff(app).get("/admin/sign-in", query_string={"next": given})
        assert (again.status_code, again.location) == (303, led_to), given
    sent = client.get("/admin/account?x=1")
    assert sent.location == "/admin/sign-in?next=/admin/account?x%3D1"


class TestCookies:
    @pytest.fixture(params=["http://127.0.0.1:8000", "https://shop.example"])
    def settings(self, settings: Settings, request: pytest.FixtureRequest) -> Settings:
        return replace(settings, base_url=request.param)

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_a_sessions_cookie_is_for_this_site_and_no_script(
        self, app: Flask, settings: Settings
    ) -> None:
        secure = settings.base_url.startswith("https")
        client = app.test_client()
        with app.app_context():
            token = drivers.new_link_token(drivers.add("Bo", None, Actor("staff", "Ada"))["id"])
        answers = [client.get(link(app)), client.get(f"/driver/link/{token}")]
        answers.append(client.post("/admin/sign-out"))
        for answer in answers:
            cookie = SimpleCookie(answer.headers["Set-Cookie"])[COOKIE]
            assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
            assert bool(cookie["secure"]) == secure
            assert cookie["domain"] == ""
            assert ("Strict-Transport-Security" in answer.headers) == secure
        assert answers[-1].headers["Set-Cookie"].startswith(f"{COOKIE}=;")
