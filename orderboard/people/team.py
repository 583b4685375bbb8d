"""The staff as owners keep them: who there is, invitations, roles, and the end of all that.

Each change is an event, which says who did it. The last owner stays one.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard import clock
from orderboard.database import reading
from orderboard.errors import Conflict, NotFound
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.people import events
from orderboard.people.model import Session, SignInLink, Staff
from orderboard.people.roles import OWNER
from orderboard.people.staff import name_in, new_link, plain, shut_out

Json = dict[str, Any]
LONGEST_LINK, USUAL_LINK = 30, 7
"""Days that a link of an invitation may be good for, and is."""
_staff, _links, _sessions = Staff.__table__, SignInLink.__table__, Session.__table__
_works = _staff.c.role.is_not(None)


def everyone() -> list[Json]:
    """All who work with the board, by name, with how many browsers they are signed in in."""
    return _listed(_works)


def one(staff_id: int) -> Json:
    """One of them. Raises NotFound."""
    if found := _listed(_works & (_staff.c.id == staff_id)):
        return found[0]
    raise NotFound("There is no such member of the staff.")


def names() -> list[Json]:
    """``{id, name, role}`` of all who work with the board, by name."""
    with reading() as connection:
        rows = connection.execute(sa.select(_staff).where(_works).order_by(_staff.c.name))
        return [_brief(row) for row in rows]


def named_in(connection: Connection, staff_id: int) -> Json | None:
    """``{id, name}`` of one who works with the board, as a transaction sees them."""
    mine = sa.select(_staff).where(_works, _staff.c.id == staff_id)
    row = connection.execute(mine).first()
    return {"id": row.id, "name": row.name} if row else None


def invite(email: str, name: str | None, role: str, days: int, actor: Actor) -> tuple[int, str]:
    """Add somebody; answers their id and the token of their link.

    Raises Invalid for what is no address, Conflict when they are there already.
    """
    email = plain(email)
    with log.transaction() as tx:
        mine = sa.select(_staff).where(_staff.c.email == email).with_for_update()
        known = tx.execute(mine).first()
        if known and known.role:
            raise Conflict("Somebody with this address is one of the staff.", id=known.id)
        values = {"name": name or (known.name if known else name_in(email)), "role": role}
        staff_id = known.id if known else _add(tx, email, values)
        if known:
            shut_out(tx, staff_id)  # again: they may have been signing in when that was done
            tx.execute(sa.update(_staff).where(_staff.c.id == staff_id).values(values))
        tx.record(events.STAFF_ADDED, actor=actor, data={"id": staff_id, **values})
        return staff_id, new_link(tx, staff_id, timedelta(days=days))


def another_link(staff_id: int, days: int, actor: Actor) -> str:
    """A token for another one-time link; those before it are good no more. Raises NotFound."""
    with log.transaction() as tx:
        member = _held(tx, staff_id)
        tx.execute(sa.delete(_links).where(_links.c.staff_id == staff_id))
        tx.record(events.STAFF_LINK_MADE, actor=actor, data=_brief(member))
        return new_link(tx, staff_id, timedelta(days=days))


def change(staff_id: int, given: Json, actor: Actor) -> None:
    """Give somebody another name or role. Raises NotFound, Conflict for the last owner."""
    with log.transaction() as tx:
        member = _held(tx, staff_id, unowned=given.get("role", OWNER) != OWNER)
        before = _brief(member)
        was = {name: before[name] for name in given if given[name] != before[name]}
        if was:
            tx.execute(sa.update(_staff).where(_staff.c.id == staff_id).values(given))
            tx.record(events.STAFF_UPDATED, actor=actor, data={**before, **given}, was=was)


def revoke(staff_id: int, actor: Actor) -> None:
    """Let somebody work here no more: their sessions, links and password go.

    Their name stays with what they did. Raises NotFound, Conflict for the last owner.
    """
    with log.transaction() as tx:
        before = _brief(_held(tx, staff_id, unowned=True))
        shut_out(tx, staff_id)
        data, was = {**before, "role": None}, {"role": before["role"]}
        tx.record(events.STAFF_REVOKED, actor=actor, data=data, was=was)


def sign_out(staff_id: int, session_id: int | None, actor: Actor) -> None:
    """End one session of somebody's, or all. Raises NotFound where there is none to end."""
    mine = _sessions.c.staff_id == staff_id
    if session_id is not None:
        mine &= _sessions.c.id == session_id
    with log.transaction() as tx:
        member = _held(tx, staff_id)
        ended = tx.execute(sa.delete(_sessions).where(mine)).rowcount
        if ended:
            tx.record(events.STAFF_SIGNED_OUT, actor=actor, data=_brief(member))
        elif session_id is not None:
            raise NotFound("There is no such session.")


def _held(tx: Transaction, staff_id: int, unowned: bool = False) -> Any:
    """A member, read for changing; ``unowned``: who may be an owner no more afterwards.

    All owners are held for that, in one order, so that of two who go at once one stays.
    """
    wanted = _staff.c.id == staff_id
    if unowned:
        wanted |= _staff.c.role == OWNER
    rows = tx.execute(
        sa.select(_staff).where(_works, wanted).order_by(_staff.c.id).with_for_update()
    )
    known = {row.id: row for row in rows}
    if staff_id not in known:
        raise NotFound("There is no such member of the staff.")
    owners = [row.id for row in known.values() if row.role == OWNER]
    if unowned and owners == [staff_id]:
        raise Conflict("This is the last owner. Make somebody else an owner first.")
    return known[staff_id]


def _add(tx: Transaction, email: str, values: Json) -> int:
    row = {"email": email, **values, "created_at": clock.now()}
    return int(tx.execute(sa.insert(_staff).returning(_staff.c.id), row).scalar_one())


def _listed(wanted: Any) -> list[Json]:
    now = clock.now()
    mine = (_sessions.c.staff_id == _staff.c.id) & (_sessions.c.expires_at > now)
    link = (_links.c.staff_id == _staff.c.id) & (_links.c.expires_at > now)
    sums = (
        sa.select(sa.func.count()).where(mine).scalar_subquery().label("sessions"),
        sa.select(sa.func.max(_sessions.c.seen_at)).where(mine).scalar_subquery().label("seen_at"),
        sa.select(sa.func.max(_links.c.expires_at)).where(link).scalar_subquery().label("until"),
    )
    with reading() as connection:
        statement = sa.select(_staff, *sums).where(wanted).order_by(_staff.c.name, _staff.c.id)
        return [_member(row) for row in connection.execute(statement)]


def _member(row: Any) -> Json:
    return {
        **_brief(row),
        "email": row.email,
        "has_password": row.password_hash is not None,
        "sessions": row.sessions,
        "created_at": clock.rfc3339(row.created_at),
        "last_seen_at": _moment(row.seen_at),
        "invited_until": _moment(row.until),
    }


def _moment(moment: Any) -> str | None:
    return clock.rfc3339(moment) if moment else None


def _brief(row: Any) -> Json:
    return {"id": row.id, "name": row.name, "role": row.role}
