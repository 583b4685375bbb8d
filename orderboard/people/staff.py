"""Staff: who they are, their passwords and their one-time links."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.database import reading
from orderboard.errors import Invalid
from orderboard.events import log
from orderboard.events.log import Transaction
from orderboard.people import passwords
from orderboard.people.model import Session, SignInLink, Staff
from orderboard.people.tokens import hash_of, new_token

LINK_LIFE = timedelta(days=2)
LONGEST_NAME = 200
_staff, _links, _sessions = Staff.__table__, SignInLink.__table__, Session.__table__


@dataclass(frozen=True, slots=True)
class Member:
    """One of the staff."""

    id: int
    email: str
    name: str
    has_password: bool


def account_of(email: str) -> str:
    """A name for the account of an address, whether there is one or not."""
    return hash_of(_plain(email))[:32]


def anyone_can_sign_in() -> bool:
    """Whether one of the staff has a password."""
    with reading() as connection:
        known = sa.select(_staff.c.id).where(_staff.c.password_hash.is_not(None))
        return connection.execute(known.limit(1)).first() is not None


def new_sign_in_token(email: str) -> str:
    """A token for a one-time link of this address; adds its owner to the staff if need be.

    Raises Invalid when it is no e-mail address.
    """
    email = _plain(email)
    if not 3 <= len(email) <= 254 or not email.isprintable() or "@" not in email[1:-1]:
        raise Invalid({"email": "must be an e-mail address"})
    token = new_token()
    with log.transaction() as tx:
        row = {"token_hash": hash_of(token), "staff_id": _member_id(tx, email)}
        tx.execute(sa.insert(_links), {**row, "expires_at": clock.now() + LINK_LIFE})
    return token


def is_sign_in_token(token: str) -> bool:
    """Whether there is such a one-time link; it may be too old."""
    with reading() as connection:
        known = sa.select(_links.c.staff_id).where(_links.c.token_hash == hash_of(token))
        return connection.execute(known).first() is not None


def use_sign_in_token(token: str) -> Member | None:
    """Whom a one-time link signs in. It works once, and not after LINK_LIFE."""
    with log.transaction() as tx:
        gone = sa.delete(_links).where(_links.c.token_hash == hash_of(token))
        used = tx.execute(gone.returning(_links.c.staff_id, _links.c.expires_at)).first()
        if used is None or used.expires_at < clock.now():
            return None
        row = tx.execute(sa.select(_staff).where(_staff.c.id == used.staff_id)).one()
        return _member(row)


def by_password(email: str, password: str, known: bool) -> Member | None:
    """Who has this address and password. Takes as long where nobody has.

    ``known``: whoever asks has signed in before, and does not wait behind strangers. Raises Busy.
    """
    row, email = None, _plain(email)
    if email.isprintable():
        with reading() as connection:
            row = connection.execute(sa.select(_staff).where(_staff.c.email == email)).first()
    if not passwords.matches(row.password_hash if row else None, password, known):
        return None
    return _member(row)


def set_password(member: Member, password: str, keep_session: int) -> None:
    """Set a password; every other session of this member ends. Raises Invalid."""
    passwords.check_new(password)
    hashed = passwords.hash_password(password)
    with log.transaction() as tx:
        tx.execute(sa.update(_staff).where(_staff.c.id == member.id).values(password_hash=hashed))
        others = (_sessions.c.staff_id == member.id) & (_sessions.c.id != keep_session)
        tx.execute(sa.delete(_sessions).where(others))


def remove_old_links(tx: Transaction, moment: datetime, limit: int) -> int:
    """Remove some links that nobody has used in time; answers how many."""
    old = sa.select(_links.c.token_hash).where(_links.c.expires_at < moment).limit(limit)
    return tx.execute(sa.delete(_links).where(_links.c.token_hash.in_(old))).rowcount


def _plain(email: str) -> str:
    return email.strip().lower()


def _member_id(tx: Transaction, email: str) -> int:
    known = tx.execute(sa.select(_staff.c.id).where(_staff.c.email == email)).scalar()
    if known is not None:
        return int(known)
    name = email.partition("@")[0][:LONGEST_NAME]
    row = {"email": email, "name": name, "created_at": clock.now()}
    added = tx.execute(sa.insert(_staff).returning(_staff.c.id), row).scalar_one()
    return int(added)


def _member(row: Any) -> Member:
    return Member(row.id, row.email, row.name, row.password_hash is not None)
