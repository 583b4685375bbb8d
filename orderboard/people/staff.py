"""Staff: who they are, their passwords and their one-time links."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.database import reading
from orderboard.errors import Invalid
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.people import passwords
from orderboard.people.events import STAFF_UPDATED
from orderboard.people.model import Session, SignInLink, Staff
from orderboard.people.roles import OWNER
from orderboard.people.tokens import hash_of, new_token

LINK_LIFE = timedelta(days=2)
LONGEST_NAME = 200
_staff, _links, _sessions = Staff.__table__, SignInLink.__table__, Session.__table__
_works = _staff.c.role.is_not(None)


@dataclass(frozen=True, slots=True)
class Member:
    """One of the staff."""

    id: int
    email: str
    name: str
    has_password: bool
    role: str


def account_of(email: str) -> str:
    """A name for the account of an address, whether there is one or not."""
    return hash_of(_lower(email))[:32]


def anyone_can_sign_in() -> bool:
    """Whether an owner has a password."""
    with reading() as connection:
        mine = (_staff.c.role == OWNER) & _staff.c.password_hash.is_not(None)
        return connection.execute(sa.select(_staff.c.id).where(mine).limit(1)).first() is not None


def new_sign_in_token(email: str) -> str:
    """A token for a one-time link of this address, whose owner is an owner of the board from now.

    Whoever has the machine asks for it. Raises Invalid when it is no e-mail address.
    """
    email = plain(email)
    with log.transaction() as tx:
        return new_link(tx, _make_owner(tx, email), LINK_LIFE)


def new_link(tx: Transaction, staff_id: int, life: timedelta) -> str:
    """A token for a one-time link of this member."""
    token = new_token()
    row = {"token_hash": hash_of(token), "staff_id": staff_id, "expires_at": clock.now() + life}
    tx.execute(sa.insert(_links), row)
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
        row = tx.execute(sa.select(_staff).where(_staff.c.id == used.staff_id, _works)).first()
        return _member(row) if row else None


def by_password(email: str, password: str, known: bool) -> Member | None:
    """Who has this address and password. Takes as long where nobody has.

    ``known``: whoever asks has signed in before, and does not wait behind strangers. Raises Busy.
    """
    row, email = None, _lower(email)
    if email.isprintable():
        with reading() as connection:
            mine = sa.select(_staff).where(_staff.c.email == email, _works)
            row = connection.execute(mine).first()
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


def shut_out(tx: Transaction, staff_id: int) -> None:
    """End a member's role, and whatever lets somebody in as them."""
    gone = {"role": None, "password_hash": None}
    tx.execute(sa.update(_staff).where(_staff.c.id == staff_id).values(gone))
    for table in (_links, _sessions):
        tx.execute(sa.delete(table).where(table.c.staff_id == staff_id))


def remove_old_links(tx: Transaction, moment: datetime, limit: int) -> int:
    """Remove some links that nobody has used in time; answers how many."""
    old = sa.select(_links.c.token_hash).where(_links.c.expires_at < moment).limit(limit)
    return tx.execute(sa.delete(_links).where(_links.c.token_hash.in_(old))).rowcount


def plain(email: str) -> str:
    """An address as it is kept. Raises Invalid when it is none."""
    email = _lower(email)
    if not 3 <= len(email) <= 254 or not email.isprintable() or "@" not in email[1:-1]:
        raise Invalid({"email": "must be an e-mail address"})
    return email


def name_in(email: str) -> str:
    """What to call the owner of an address of whom nothing else is known."""
    return email.partition("@")[0][:LONGEST_NAME]


def _lower(email: str) -> str:
    return email.strip().lower()


def _make_owner(tx: Transaction, email: str) -> int:
    """The id of this address's owner, who is one of the board from now on."""
    mine = sa.select(_staff).where(_staff.c.email == email).with_for_update()
    known = tx.execute(mine).first()
    if known is None:
        row = {"email": email, "name": name_in(email), "role": OWNER, "created_at": clock.now()}
        return int(tx.execute(sa.insert(_staff).returning(_staff.c.id), row).scalar_one())
    if known.role is None:
        shut_out(tx, known.id)  # again: they may have been signing in when that was done
    if known.role != OWNER:
        tx.execute(sa.update(_staff).where(_staff.c.id == known.id).values(role=OWNER))
        member, was = {"id": known.id, "name": known.name, "role": OWNER}, {"role": known.role}
        tx.record(STAFF_UPDATED, actor=Actor("system", "admin link"), data=member, was=was)
    return int(known.id)


def _member(row: Any) -> Member:
    return Member(row.id, row.email, row.name, row.password_hash is not None, row.role)
