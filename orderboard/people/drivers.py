"""Drivers, and the link that opens a driver's own page."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from ulid import ULID

from orderboard import clock
from orderboard.database import reading
from orderboard.errors import NotFound
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.people.events import DRIVER_CREATED, DRIVER_UPDATED
from orderboard.people.model import Driver, Session
from orderboard.people.tokens import hash_of, new_token

Json = dict[str, Any]
_drivers = Driver.__table__
_sessions = Session.__table__


def add(name: str, phone: str | None, actor: Actor) -> Json:
    """Add a driver; answers ``{id, name, phone}``."""
    driver = {"id": f"drv_{ULID()}", "name": name, "phone": phone}
    with log.transaction() as tx:
        tx.execute(sa.insert(_drivers), {**driver, "created_at": clock.now()})
        tx.record(DRIVER_CREATED, actor=actor, data=driver)
    return driver


def edit(driver_id: str, given: Json, actor: Actor) -> Json:
    """Change a driver's name or telephone (the keys of ``given``). Raises NotFound."""
    with log.transaction() as tx:
        mine = sa.select(_drivers).where(_drivers.c.id == driver_id).with_for_update()
        row = tx.execute(mine).first()
        if row is None:
            raise NotFound("There is no such driver.")
        before = _driver(row)
        was = {name: before[name] for name in given if given[name] != before[name]}
        if was:
            tx.execute(sa.update(_drivers).where(_drivers.c.id == driver_id).values(**given))
            tx.record(DRIVER_UPDATED, actor=actor, data={**before, **given}, was=was)
    return {**before, **given}


def everyone() -> list[Json]:
    """All drivers by name."""
    with reading() as connection:
        return all_in(connection)


def all_in(connection: Connection) -> list[Json]:
    """All drivers by name, as a transaction sees them."""
    rows = connection.execute(sa.select(_drivers).order_by(_drivers.c.name, _drivers.c.id))
    return [_driver(row) for row in rows]


def drivers_in(connection: Connection, ids: Iterable[str]) -> dict[str | None, Json]:
    """Some drivers by id."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = connection.execute(sa.select(_drivers).where(_drivers.c.id.in_(wanted)))
    return {row.id: _driver(row) for row in rows}


def driver_in(connection: Connection, driver_id: str) -> Json | None:
    """One driver, if there is such a one."""
    return drivers_in(connection, [driver_id]).get(driver_id)


def new_link_token(driver_id: str) -> str:
    """A token for the driver's link. The link before it, and all it opened, end here."""
    token = new_token()
    with log.transaction() as tx:
        mine = sa.update(_drivers).where(_drivers.c.id == driver_id)
        if tx.execute(mine.values(link_hash=hash_of(token))).rowcount != 1:
            raise NotFound("There is no such driver.")
        tx.execute(sa.delete(_sessions).where(_sessions.c.driver_id == driver_id))
    return token


def by_link_token(token: str) -> Json | None:
    """The driver whose link this token is from."""
    with reading() as connection:
        mine = sa.select(_drivers).where(_drivers.c.link_hash == hash_of(token))
        row = connection.execute(mine).first()
    return _driver(row) if row else None


def _driver(row: Any) -> Json:
    return {"id": row.id, "name": row.name, "phone": row.phone}
