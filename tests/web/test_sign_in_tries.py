"""Whoever tries passwords is slowed down more and more, and keeps nobody else out."""

import threading
from dataclasses import replace
from http.cookies import SimpleCookie

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from werkzeug.test import TestResponse

from orderboard.config import Settings
from orderboard.people import passwords, staff
from orderboard.web.limits import Allowance
from orderboard.web.pages import tries
from orderboard.web.pages.device import COOKIE
from orderboard.web.problems import TooMany
from tests.servers import Valkey, wait_until
from tests.web.support import as_staff, problem

ADA, PASSWORD = "ada@example.com", "correct horse battery staple"
COSTLY = passwords._NOBODYS
"""The hash that is held against the passwords of accounts which are none."""
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def ada(app: Flask, cheap_hashes: None) -> FlaskClient:
    """Ada's browser, in which she has signed in and set a password; signed out by now."""
    browser = as_staff(app, ADA)
    assert browser.post("/admin/account", data={"password": PASSWORD}).status_code == 303
    assert browser.post("/admin/sign-out").status_code == 303
    return browser


def at(app: Flask, address: str) -> FlaskClient:
    """A browser that was never seen, at this address."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def tried(client: FlaskClient, email: str = ADA, password: str = "wrong") -> TestResponse:
    return client.post("/admin/sign-in", data={"email": email, "password": password})


def hammered(app: Flask, email: str = ADA) -> None:
    """An account is tried from many addresses until none of them may any more."""
    for number in range(1, 60):
        if tried(at(app, f"198.51.100.{number}"), email).status_code == 429:
            return
    pytest.fail("an account can be tried from any number of addresses")


def wait_told(answer: TestResponse) -> int:
    """The seconds to wait that an answer tells, which is a refusal."""
    detail = problem(answer, 429)["detail"]
    seconds = int(answer.headers["Retry-After"])
    assert f" {seconds} seconds" in detail
    return seconds


def test_pauses_grow_up_to_the_longest() -> None:
    allowance = Allowance(tries=5, shortest=4, longest=60, memory=3600)
    assert [allowance.pause(n) for n in range(5, 11)] == [4, 8, 16, 32, 60, 60]
    assert allowance.pause(10**9) == 60


def test_whoever_tries_passwords_waits_longer_and_longer(app: Flask) -> None:
    stranger = at(app, "192.0.2.1")
    assert [tried(stranger).status_code for _ in range(5)] == [422] * 5
    assert 1 <= wait_told(tried(stranger)) <= 5
    assert tried(stranger, password=PASSWORD).status_code == 429  # the right one tells nothing
    wait_until(lambda: tried(stranger).status_code == 422, 20)
    assert 6 <= wait_told(tried(stranger)) <= 10, "asking during the pause made it no longer"


def test_an_account_that_is_none_answers_as_others_do(app: Flask) -> None:
    told = []
    for email in (ADA, "eve@example.com"):
        client = at(app, "192.0.2.1")
        answers = [tried(client, email, "wrong") for _ in range(6)]
        hammered(app, email)
        told.append(
            [(a.status_code, a.text.replace(email, ""), dict(a.headers)) for a in answers[:5]]
        )
        assert wait_told(answers[5]) <= 5
    assert told[0] == told[1]


def test_tries_from_many_addresses_count_together(app: Flask) -> None:
    answers = [tried(at(app, f"192.0.2.{n}")).status_code for n in range(25)]
    assert answers.index(429) == 20
    other = tried(at(app, "192.0.2.99"), "bo@example.com")
    assert other.status_code == 422, "other accounts are not meant"


def test_one_address_alone_slows_nobody_else_down(app: Flask) -> None:
    for _ in range(50):
        tried(at(app, "192.0.2.1"))
    assert tried(at(app, "192.0.2.2"), password=PASSWORD).status_code == 303


def test_the_addresses_of_one_ipv6_network_count_as_one(app: Flask) -> None:
    answers = [tried(at(app, f"2001:db8:1:2::{n}")).status_code for n in range(1, 7)]
    assert answers == [422] * 5 + [429]
    assert tried(at(app, "2001:db8:1:3::1")).status_code == 422
    mapped = [tried(at(app, f"::ffff:192.0.2.{n}"), "bo@example.com") for n in range(6)]
    assert {answer.status_code for answer in mapped} == {422}, "these are IPv4's"


def test_many_who_come_at_once_are_let_through_one_by_one(app: Flask) -> None:
    found: list[int] = []
    gate = threading.Barrier(20)

    def ask() -> None:
        gate.wait()
        found.append(tried(at(app, "192.0.2.1")).status_code)

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [422] * 5 + [429] * 15
    assert wait_told(tried(at(app, "192.0.2.1"))) <= 5


def test_those_who_were_too_many_at_once_make_later_pauses_no_longer(app: Flask) -> None:
    limiter, allowance = app.extensions["orderboard"].limiter, Allowance(5, 1, 3600, 3600)
    gate = threading.Barrier(20)

    def waits() -> int:
        try:
            limiter.take(allowance, "x")
        except TooMany as error:
            return error.retry_after
        return 0

    threads = [threading.Thread(target=lambda: (gate.wait(), waits())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_until(lambda: waits() == 0, 10)
    assert waits() <= 2


def test_who_gets_in_starts_anew(app: Flask) -> None:
    client = at(app, "192.0.2.1")
    for _ in range(3):
        client.delete_cookie(COOKIE, path="/admin")
        assert [tried(client).status_code for _ in range(4)] == [422] * 4
        assert tried(client, password=PASSWORD).status_code == 303


def test_without_redis_tries_count_too(app: Flask, shared_valkey: Valkey) -> None:
    shared_valkey.kill()
    try:
        answers = [tried(at(app, "192.0.2.1")).status_code for _ in range(6)]
    finally:
        shared_valkey.restart()
    assert answers == [422] * 5 + [429]


class TestTheOwner:
    """Ada gets in, whatever others try."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, sign_in_limit=3)

    @pytest.fixture
    def attacked(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
        """From everywhere, and from the address at which Ada is as well; for long."""
        for name in ("_ONE_ADDRESS", "_ALL_ADDRESSES"):
            longer = replace(getattr(tries, name), shortest=600, longest=600)
            monkeypatch.setattr(tries, name, longer)
        hammered(app)
        for _ in range(7):
            over = tried(app.test_client())
        assert over.status_code == 429
        return app

    @pytest.mark.usefixtures("attacked")
    def test_gets_in_with_a_browser_that_was_signed_in_before(self, ada: FlaskClient) -> None:
        assert tried(ada).status_code == 422
        assert tried(ada, " ADA@example.com", PASSWORD).status_code == 303
        assert ada.get("/admin").status_code == 200

    def test_gets_in_with_a_one_time_link(self, attacked: Flask) -> None:
        browser = attacked.test_client()
        with attacked.app_context():
            path = f"/admin/link/{staff.new_sign_in_token(ADA)}"
        nonsense = [browser.get("/admin/link/nonsense").status_code for _ in range(7)]
        assert nonsense[0] == 410
        assert nonsense[-1] == 429
        assert browser.get(path).status_code == 303
        browser.post("/admin/sign-out")
        assert tried(browser, password=PASSWORD).status_code == 303, "it is known from now on"

    def test_changes_the_password(self, attacked: Flask) -> None:
        browser = as_staff(attacked, ADA)
        data = {"current": PASSWORD, "password": PASSWORD + "!"}
        assert browser.post("/admin/account", data=data).status_code == 303

    def test_is_known_by_nothing_that_others_can_make(
        self, attacked: Flask, settings: Settings, ada: FlaskClient
    ) -> None:
        accounts = [staff.account_of(ADA)]
        mine = ada.get_cookie(COOKIE, path="/admin")
        bos = as_staff(attacked, "bo@example.com").get_cookie(COOKIE, path="/admin")
        assert mine
        assert bos
        forged = URLSafeSerializer("x" * 20, salt="orderboard device").dumps(["x", accounts])
        other = URLSafeSerializer(settings.secret_key, salt="other").dumps(["x", accounts])
        for cookie in ("", "x", "é", "a.b.c", mine.value[:-1], bos.value, str(forged), str(other)):
            client = attacked.test_client()
            client.set_cookie(COOKIE, cookie, path="/admin")
            assert tried(client, password=PASSWORD).status_code == 429, cookie


def test_a_known_browser_may_not_try_for_ever_either(app: Flask, ada: FlaskClient) -> None:
    assert [tried(ada).status_code for _ in range(10)] == [422] * 10
    assert wait_told(tried(ada)) <= 5
    assert tried(at(app, "192.0.2.2"), password=PASSWORD).status_code == 303


def test_who_has_somebodys_session_may_not_try_passwords_for_ever(app: Flask) -> None:
    browser = as_staff(app, ADA)
    data = {"current": "wrong", "password": "n" * 12}
    answers = [browser.post("/admin/account", data=data).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_browser_is_known_for_all_who_sign_in_with_it(app: Flask, ada: FlaskClient) -> None:
    with app.app_context():
        path = f"/admin/link/{staff.new_sign_in_token('bo@example.com')}"
    assert ada.get(path).status_code == 303
    ada.post("/admin/sign-out")
    for email in (ADA, "bo@example.com"):  # neither is in for the five tries of strangers
        assert {tried(ada, email).status_code for _ in range(8)} == {422}


def test_the_browsers_cookie_is_for_signing_in_and_for_no_script(app: Flask) -> None:
    answer = tried(at(app, "192.0.2.1"), password=PASSWORD)
    (sent,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith(COOKIE)]
    cookie = SimpleCookie(sent)[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/admin")
    assert int(cookie["max-age"]) > 300 * 86_400


def test_a_flood_of_strangers_is_sent_away_and_keeps_nobody_waiting(
    app: Flask, ada: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_NOBODYS", COSTLY)
    found: list[int] = []
    gate = threading.Barrier(41)

    def ask(number: int) -> None:
        client, email = at(app, f"192.0.2.{number}"), f"{number}@example.com"
        gate.wait()
        found.append(tried(client, email).status_code)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    gate.wait()
    wait_until(lambda: 503 in found, 10, "somebody is sent away")
    assert tried(ada, password=PASSWORD).status_code == 303
    in_time = found.count(422)
    for thread in threads:
        thread.join()
    assert set(found) == {422, 503}
    assert in_time < found.count(422), "Ada waited for all strangers"
