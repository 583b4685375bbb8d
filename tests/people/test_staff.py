"""Staff: their addresses, links, passwords and sessions."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard import clock
from orderboard.errors import Invalid
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.people import passwords, sessions, staff, team
from orderboard.people.model import Session, SignInLink, Staff
from orderboard.people.staff import Member

PASSWORD = "correct horse battery staple"


def member(email: str = "ada@example.com") -> Member:
    """A member of the staff who has just signed in by a link."""
    found = staff.use_sign_in_token(staff.new_sign_in_token(email))
    assert found
    return found


def test_somebody_is_added_once_however_the_address_is_written(app: Flask) -> None:
    with app.app_context():
        ids = {member(email).id for email in ("ada@example.com", " ADA@Example.com ")}
        assert len(ids) == 1
        assert member().name == "ada"


def test_an_address_has_to_be_one(app: Flask) -> None:
    with app.app_context():
        for email in ("", "ada", "@", "ada@", "@example.com", "a\x00@b", "x" * 250 + "@y.de"):
            with pytest.raises(Invalid):
                staff.new_sign_in_token(email)


def test_the_longest_address_fits(app: Flask) -> None:
    with app.app_context():
        for email in ("x" * 250 + "@y.z", "İ" * 100 + "@y.z", "ﬃ" * 240 + "@y.z"):
            found = member(email)
            assert found.email == email.lower()
            assert found.name


def test_only_hashes_are_stored(app: Flask) -> None:
    with app.app_context():
        token = staff.new_sign_in_token("ada@example.com")
        secret = sessions.begin_for_staff(member(), "browser")
        staff.set_password(member(), PASSWORD, keep_session=0)
        with log.transaction() as tx:
            stored = str(
                [tx.execute(sa.select(table)).all() for table in (Staff, SignInLink, Session)]
            )
    assert token not in stored
    assert secret not in stored
    assert PASSWORD not in stored


def test_a_password_is_known_by_its_owner_alone(app: Flask) -> None:
    with app.app_context():
        assert not staff.anyone_can_sign_in()
        staff.set_password(member(), PASSWORD, keep_session=0)
        assert staff.anyone_can_sign_in()
        found = staff.by_password("Ada@example.com", PASSWORD, known=False)
        assert found == member()
        assert staff.by_password("ada@example.com", PASSWORD.upper(), known=True) is None
        assert staff.by_password("bo@example.com", PASSWORD, known=True) is None


def test_any_characters_make_a_password_but_not_too_few_or_too_many() -> None:
    for password in ("x" * 200, "пароль-и-ещё", "🔑" * 10, "a\x00bcdefghij"):
        passwords.check_new(password)
        hashed = passwords.hash_password(password)
        assert passwords.matches(hashed, password, known=False)
        assert not passwords.matches(hashed, password + "x", known=False)
    for password in ("", "x" * 9, "x" * 201):
        with pytest.raises(Invalid):
            passwords.check_new(password)
    assert not passwords.matches(None, "a password that is nobody's", known=False)
    assert not passwords.matches("no hash", PASSWORD, known=False)


def test_a_session_lives_on_while_it_is_used(app: Flask) -> None:
    with app.app_context():
        token = sessions.begin_for_staff(member(), "browser")
        long_ago = clock.now() - timedelta(days=20)
        with log.transaction() as tx:
            ends = long_ago + sessions.LIFE
            tx.execute(sa.update(Session).values(seen_at=long_ago, expires_at=ends))
        found = sessions.find(token)
        assert found
        with log.transaction() as tx:
            expires = tx.execute(sa.select(Session.expires_at)).scalar_one()
        assert expires > clock.now() + sessions.LIFE - timedelta(minutes=1)
        assert sessions.in_force(found.id)


def test_sessions_that_are_over_are_forgotten(app: Flask) -> None:
    with app.app_context():
        ada = member()
        old = sessions.find(sessions.begin_for_staff(ada, "old"))
        assert old
        assert sessions.in_force(old.id)
        with log.transaction() as tx:
            tx.execute(sa.update(Session).values(expires_at=clock.now() - timedelta(seconds=1)))
        assert not sessions.in_force(old.id)  # which is what ends a stream that it had opened
        sessions.begin_for_staff(ada, "new")
        with log.transaction() as tx:
            assert sessions.remove_ended(tx, clock.now(), 100) == 1
        assert [session["user_agent"] for session in sessions.of_member(ada)] == ["new"]


def test_who_was_signing_in_while_they_were_revoked_is_not_in(app: Flask) -> None:
    with app.app_context():
        member("bo@example.com")
        ada = member()
        team.revoke(ada.id, Actor("staff", "Bo"))
        token = sessions.begin_for_staff(ada, "browser")
        (session,) = sessions.of_member(ada)
        assert sessions.find(token) is None
        assert not sessions.in_force(session["id"])


@pytest.mark.parametrize("again", ["invite", "admin link"])
def test_who_is_asked_back_begins_without_what_was_signing_in_or_set_while_they_were_revoked(
    app: Flask, again: str
) -> None:
    with app.app_context():
        member("bo@example.com")
        ada = member()
        team.revoke(ada.id, Actor("staff", "Bo"))
        staff.set_password(ada, PASSWORD, keep_session=0)
        token = sessions.begin_for_staff(ada, "browser")
        if again == "invite":
            _, link = team.invite(ada.email, None, "viewer", 1, Actor("staff", "Bo"))
        else:
            link = staff.new_sign_in_token(ada.email)
        assert sessions.find(token) is None
        back = staff.use_sign_in_token(link)
        assert back
        assert (back.id, back.has_password) == (ada.id, False)


def test_a_password_of_nobodys_takes_as_long_to_try_as_others() -> None:
    assert not passwords._hasher.check_needs_rehash(passwords._NOBODYS)
    assert not passwords.matches(None, "a long enough one", known=False)
