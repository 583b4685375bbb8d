"""Owners keep the staff: invitations, roles, sessions, and the end of all that."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock
from orderboard.events import log
from orderboard.people import staff as people
from orderboard.people.model import SignInLink
from tests.web.support import as_staff, json_of, place, position, problem, with_key

Json = dict[str, Any]


def invited(owner: FlaskClient, email: str, role: str, **more: Any) -> Json:
    answer = owner.post("/api/staff", json={"email": email, "role": role, **more})
    assert answer.status_code == 201, answer.text
    return json_of(answer)


def opened(app: Flask, link: str) -> FlaskClient:
    """A browser in which a one-time link was opened."""
    client = app.test_client()
    assert (
        client.get(link.partition("localhost")[2] or link[link.index("/admin") :]).status_code
        == 303
    )
    return client


def listed(owner: FlaskClient) -> dict[str, Json]:
    return {one["email"]: one for one in json_of(owner.get("/api/staff"))["staff"]}


def told(owner: FlaskClient) -> list[Json]:
    """The events of the staff."""
    events = json_of(owner.get("/api/events?limit=1000"))["events"]
    return [event for event in events if event["type"].startswith("staff.")]


def test_somebody_who_is_invited_signs_in_once_by_the_link(app: Flask, staff: FlaskClient) -> None:
    bo = invited(staff, "Bo@Example.com", "operator", name="Bo", valid_days=3)
    assert (bo["name"], bo["email"], bo["role"]) == ("Bo", "bo@example.com", "operator")
    assert (bo["sessions"], bo["last_seen_at"]) == (0, None)
    assert bo["invited_until"] == bo["link_expires_at"]
    browser = opened(app, bo["link"])
    assert browser.get("/admin").status_code == 200
    assert app.test_client().get(bo["link"][bo["link"].index("/admin") :]).status_code == 410
    known = listed(staff)["bo@example.com"]
    assert (known["sessions"], known["invited_until"]) == (1, None)
    assert known["last_seen_at"]
    assert place(browser)["source"] == "staff"


def test_a_link_that_was_not_opened_in_time_is_no_good(app: Flask, staff: FlaskClient) -> None:
    bo = invited(staff, "bo@example.com", "viewer", valid_days=1)
    with app.app_context(), log.transaction() as tx:
        tx.execute(sa.update(SignInLink).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert app.test_client().get(bo["link"][bo["link"].index("/admin") :]).status_code == 410
    again = staff.post(f"/api/staff/{bo['id']}/link", json={})
    assert again.status_code == 201
    assert opened(app, json_of(again)["link"]).get("/admin").status_code == 200


def test_another_link_ends_the_one_before(app: Flask, staff: FlaskClient) -> None:
    bo = invited(staff, "bo@example.com", "viewer")
    staff.post(f"/api/staff/{bo['id']}/link", json={"valid_days": 30})
    assert app.test_client().get(bo["link"][bo["link"].index("/admin") :]).status_code == 410


def test_who_is_there_is_not_invited_again(staff: FlaskClient) -> None:
    bo = invited(staff, "bo@example.com", "viewer")
    again = staff.post("/api/staff", json={"email": " BO@example.com ", "role": "owner"})
    assert problem(again, 409)["id"] == bo["id"]
    assert listed(staff)["bo@example.com"]["role"] == "viewer"


def test_a_role_holds_from_the_next_request_on(app: Flask, staff: FlaskClient) -> None:
    bo = invited(staff, "bo@example.com", "operator")
    browser = opened(app, bo["link"])
    order = place(browser)
    path = f"/api/orders/{order['id']}"
    assert browser.patch(path, json={"note": "first"}).status_code == 200
    before = position(app)
    assert staff.patch(f"/api/staff/{bo['id']}", json={"role": "viewer"}).status_code == 200
    refused = problem(browser.patch(path, json={"note": "second"}), 403)
    assert refused["detail"].startswith("Your role is viewer")
    assert "operator" in refused["detail"]
    assert json_of(browser.get(path))["note"] == "first"
    assert position(app) == before + 1
    page = browser.get("/admin/new", headers={"Accept": "text/html"})
    assert page.status_code == 403
    assert "Your role is viewer" in page.text
    assert 'data-role="viewer"' in browser.get("/admin").text


def test_who_is_revoked_is_out_at_once_in_every_browser(app: Flask, staff: FlaskClient) -> None:
    bo = invited(staff, "bo@example.com", "owner")
    browser = opened(app, bo["link"])
    link = json_of(staff.post(f"/api/staff/{bo['id']}/link", json={}))["link"]
    assert staff.delete(f"/api/staff/{bo['id']}").status_code == 200
    problem(browser.get("/api/orders"), 401)
    assert app.test_client().get(link[link.index("/admin") :]).status_code == 410
    assert "bo@example.com" not in listed(staff)
    problem(staff.delete(f"/api/staff/{bo['id']}"), 404)
    problem(staff.patch(f"/api/staff/{bo['id']}", json={"role": "owner"}), 404)
    back = invited(staff, "bo@example.com", "viewer")
    assert (back["id"], back["role"]) == (bo["id"], "viewer")
    problem(browser.get("/api/orders"), 401)


def test_a_password_of_somebody_who_was_revoked_lets_nobody_in(
    app: Flask, staff: FlaskClient, cheap_hashes: None
) -> None:
    bo = invited(staff, "bo@example.com", "operator")
    secret = {"email": "bo@example.com", "password": "a long enough one"}
    opened(app, bo["link"]).post("/admin/account", data=secret)
    assert app.test_client().post("/admin/sign-in", data=secret).status_code == 303
    staff.delete(f"/api/staff/{bo['id']}")
    assert app.test_client().post("/admin/sign-in", data=secret).status_code == 422
    invited(staff, "bo@example.com", "operator")
    assert app.test_client().post("/admin/sign-in", data=secret).status_code == 422


def test_the_last_owner_stays_one(app: Flask, staff: FlaskClient) -> None:
    ada = listed(staff)["ada@example.com"]
    for answer in (
        staff.delete(f"/api/staff/{ada['id']}"),
        staff.patch(f"/api/staff/{ada['id']}", json={"role": "operator"}),
        with_key(app, "admin").delete(f"/api/staff/{ada['id']}"),
    ):
        problem(answer, 409)
    assert staff.patch(f"/api/staff/{ada['id']}", json={"name": "Ada L"}).status_code == 200
    invited(staff, "bo@example.com", "owner")
    assert staff.patch(f"/api/staff/{ada['id']}", json={"role": "viewer"}).status_code == 200
    problem(staff.get("/api/staff"), 403)


def test_of_two_owners_who_go_at_once_one_stays(app: Flask, staff: FlaskClient) -> None:
    ada = listed(staff)["ada@example.com"]["id"]
    bo = invited(staff, "bo@example.com", "owner")
    browser, answers = opened(app, bo["link"]), []

    def go(who: FlaskClient, staff_id: int) -> None:
        answers.append(who.patch(f"/api/staff/{staff_id}", json={"role": "viewer"}).status_code)

    both = [Thread(target=go, args=(staff, ada)), Thread(target=go, args=(browser, bo["id"]))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(20)
    assert min(answers) == 200
    assert max(answers) in (403, 409)
    roles = [one["role"] for one in json_of(with_key(app, "admin").get("/api/staff"))["staff"]]
    assert sorted(roles) == ["owner", "viewer"]


def test_an_owner_sees_where_somebody_is_signed_in_and_ends_it(
    app: Flask, staff: FlaskClient
) -> None:
    bo = invited(staff, "bo@example.com", "viewer")
    here = opened(app, bo["link"])
    there = opened(app, json_of(staff.post(f"/api/staff/{bo['id']}/link", json={}))["link"])
    path = f"/api/staff/{bo['id']}/sessions"
    last, first = json_of(staff.get(path))["sessions"]
    assert not last["current"]
    assert staff.delete(f"{path}/{first['id']}").status_code == 200
    problem(here.get("/api/orders"), 401)
    assert there.get("/api/orders").status_code == 200
    problem(staff.delete(f"{path}/{first['id']}"), 404)
    assert staff.delete(path).status_code == 200
    problem(there.get("/api/orders"), 401)
    ada = listed(staff)["ada@example.com"]["id"]
    mine = json_of(staff.get(f"/api/staff/{ada}/sessions"))["sessions"]
    assert [session["current"] for session in mine] == [True]
    problem(staff.delete(f"{path}/{mine[0]['id']}"), 404)


def test_each_change_is_an_event_that_says_who_did_it(app: Flask, staff: FlaskClient) -> None:
    bo = invited(staff, "bo@example.com", "viewer", name="Bo")
    opened(app, bo["link"])
    staff.patch(f"/api/staff/{bo['id']}", json={"role": "operator"})
    staff.patch(f"/api/staff/{bo['id']}", json={"role": "operator"})
    staff.post(f"/api/staff/{bo['id']}/link", json={})
    staff.delete(f"/api/staff/{bo['id']}/sessions")
    staff.delete(f"/api/staff/{bo['id']}")
    events = told(staff)
    assert [event["type"].partition(".")[2] for event in events] == [
        *("added", "updated", "link_made", "signed_out", "revoked")
    ]
    assert {event["actor"]["name"] for event in events} == {"ada"}
    assert (events[1]["was"], events[1]["staff"]["role"]) == ({"role": "viewer"}, "operator")
    assert (events[-1]["was"], events[-1]["staff"]["role"]) == ({"role": "operator"}, None)
    assert "bo@example.com" not in str(events)
    assert told(with_key(app, "read")) == []


def test_who_has_the_machine_makes_an_owner_of_anybody(app: Flask, staff: FlaskClient) -> None:
    bo = invited(staff, "bo@example.com", "viewer")
    with app.app_context():
        people.new_sign_in_token("bo@example.com")
    assert listed(staff)["bo@example.com"]["role"] == "owner"
    event = told(staff)[-1]
    assert (event["type"], event["actor"]["kind"]) == ("staff.updated", "system")
    staff.delete(f"/api/staff/{bo['id']}")
    assert as_staff(app, "bo@example.com").get("/api/staff").status_code == 200


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({}, ("email", "role")),
        ({"email": "nobody", "role": "viewer"}, ("email",)),
        ({"email": "a@b.example", "role": "king"}, ("role",)),
        ({"email": "a@b.example", "role": None}, ("role",)),
        ({"email": "İ" * 200 + "@b.example", "role": "viewer"}, ("email",)),
        ({"email": "a@b.example", "role": "viewer", "valid_days": 31}, ("valid_days",)),
        ({"email": "a@b.example", "role": "viewer", "name": "x" * 201}, ("name",)),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nonsense_invites_nobody(staff: FlaskClient, given: Json, paths: tuple[str, ...]) -> None:
    problem(staff.post("/api/staff", json=given), 422, *paths)
    assert len(listed(staff)) == 1


def test_who_is_here_is_told_to_boards_alone(
    app: Flask, staff: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    signals: list[tuple[str, str, Json]] = []
    stream = app.extensions["orderboard"].stream
    monkeypatch.setattr(stream, "signal", lambda *signal: signals.append(signal))
    before = position(app)
    viewer = as_staff(app, "bo@example.com", "viewer")
    here = {"page": "p1", "order": "ord_1", "new": True}
    assert viewer.post("/api/presence", json=here).status_code == 200
    assert {(name, audience) for name, audience, _ in signals} == {
        ("presence", "board"),
        ("presence", "reader"),
    }
    told = signals[0][2]
    assert (told["staff"]["name"], told["order_id"], told["new"]) == ("bo", "ord_1", True)
    assert "@" not in str(told)
    assert position(app) == before + 1  # that of who was invited
    problem(with_key(app, "admin").post("/api/presence", json=here), 401)
    problem(viewer.post("/api/presence", json={"page": "x" * 41, "gone": 1}), 422, "gone", "page")
    assert len(signals) == 2
