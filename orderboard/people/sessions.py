"""Signed-in browsers. A session is a row: deleting it ends it, everywhere, at once."""

import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.database import reading
from orderboard.errors import Busy, NotWritable
from orderboard.events import log
from orderboard.events.log import Transaction
from orderboard.people.model import Driver, Session, Staff
from orderboard.people.staff import Member
from orderboard.people.tokens import hash_of, new_token

Json = dict[str, Any]
LIFE = timedelta(days=30)
_TOUCH = timedelta(hours=1)
_sessions, _staff, _drivers = Session.__table__, Staff.__table__, Driver.__table__
_stands = _sessions.c.staff_id.is_(None) | _staff.c.role.is_not(None)
"""Whoever was signing in when they were revoked may have a session, which is none."""


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A browser in which one of the staff is signed in."""

    id: int
    member: Member


@dataclass(frozen=True, slots=True)
class DriverSession:
    """A browser in which a driver's link was opened."""

    id: int
    driver: Json


def begin_for_staff(member: Member, user_agent: str) -> str:
    """Sign a member in; answers the cookie's secret."""
    return _begin({"staff_id": member.id}, user_agent)


def begin_for_driver(driver_id: str, user_agent: str) -> str:
    """Open a driver's page in this browser; answers the cookie's secret."""
    return _begin({"driver_id": driver_id}, user_agent)


def find(token: str) -> StaffSession | DriverSession | None:
    """The session of a cookie's secret, if it is in force."""
    statement = (
        sa.select(
            _sessions,
            _staff.c.email,
            _staff.c.name.label("staff_name"),
            _staff.c.password_hash.is_not(None).label("has_password"),
            _staff.c.role,
            _drivers.c.name.label("driver_name"),
            _drivers.c.phone,
        )
        .outerjoin(_staff, _staff.c.id == _sessions.c.staff_id)
        .outerjoin(_drivers, _drivers.c.id == _sessions.c.driver_id)
        .where(_sessions.c.token_hash == hash_of(token), _sessions.c.expires_at > clock.now())
        .where(_stands)
    )
    with reading() as connection:
        row = connection.execute(statement).first()
    if row is None:
        return None
    if clock.now() - row.seen_at > _TOUCH:
        _touch(row.id)
    if row.staff_id is not None:
        has_password = bool(row.has_password)
        member = Member(row.staff_id, row.email, row.staff_name, has_password, row.role)
        return StaffSession(row.id, member)
    driver = {"id": row.driver_id, "name": row.driver_name, "phone": row.phone}
    return DriverSession(row.id, driver)


def in_force(session_id: int, among: Collection[str] = ()) -> bool:
    """Whether a session still stands; ``among``: of a member who has one of these roles."""
    with reading() as connection:
        whose = _sessions.outerjoin(_staff, _staff.c.id == _sessions.c.staff_id)
        mine = sa.select(_sessions.c.expires_at).select_from(whose)
        mine = mine.where(_sessions.c.id == session_id, _stands)
        if among:
            mine = mine.where(_staff.c.role.in_(among))
        expires: datetime | None = connection.execute(mine).scalar()
    return expires is not None and expires > clock.now()


def of_member(member: Member) -> list[Json]:
    """A member's sessions, the one seen last first: ``{id, user_agent, created_at, seen_at}``."""
    return of_staff(member.id)


def of_staff(staff_id: int) -> list[Json]:
    """The same of the member with this id."""
    with reading() as connection:
        mine = sa.select(_sessions).where(
            _sessions.c.staff_id == staff_id, _sessions.c.expires_at > clock.now()
        )
        rows = connection.execute(mine.order_by(_sessions.c.seen_at.desc()))
        names = ("id", "user_agent", "created_at", "seen_at")
        return [{name: getattr(row, name) for name in names} for row in rows]


def end(session_id: int, member: Member | None = None) -> bool:
    """End a session, of this member only if one is named; False when there was none."""
    gone = sa.delete(_sessions).where(_sessions.c.id == session_id)
    if member is not None:
        gone = gone.where(_sessions.c.staff_id == member.id)
    with log.transaction() as tx:
        return tx.execute(gone).rowcount > 0


def remove_ended(tx: Transaction, moment: datetime, limit: int) -> int:
    """Remove some sessions whose time is over; answers how many."""
    over = sa.select(_sessions.c.id).where(_sessions.c.expires_at < moment).limit(limit)
    return tx.execute(sa.delete(_sessions).where(_sessions.c.id.in_(over))).rowcount


def _begin(whose: Json, user_agent: str) -> str:
    token, moment = new_token(), clock.now()
    row = {
        **whose,
        "token_hash": hash_of(token),
        "user_agent": user_agent[:300],
        "created_at": moment,
        "seen_at": moment,
        "expires_at": moment + LIFE,
    }
    with log.transaction() as tx:
        tx.execute(sa.insert(_sessions), row)
    return token


def _touch(session_id: int) -> None:
    """Note that a session was seen, if that can be done at once: reading waits for nobody."""
    moment = clock.now()
    free = sa.select(_sessions.c.id).where(_sessions.c.id == session_id)
    mine = sa.update(_sessions).where(_sessions.c.id.in_(free.with_for_update(skip_locked=True)))
    # The next request tries again.
    with (
        suppress(Busy, NotWritable, sa.exc.OperationalError),
        log.transaction(until=time.monotonic()) as tx,
    ):
        tx.execute(mine.values(seen_at=moment, expires_at=moment + LIFE))
