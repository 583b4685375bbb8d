"""Keeping, listing and deleting saved views. They are no orders: none of it is an event."""

from typing import Any

import sqlalchemy as sa
from ulid import ULID

from orderboard import clock
from orderboard.database import reading
from orderboard.errors import Conflict, NotFound
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.saved_views.model import SavedView

Json = dict[str, Any]
MOST = 100
"""Views that one may keep."""
_views = SavedView.__table__


def everything_for(owner: str) -> list[Json]:
    """The views of somebody and those that others share, by name."""
    theirs = (_views.c.owner == owner) | _views.c.shared.is_(True)
    with reading() as connection:
        rows = connection.execute(sa.select(_views).where(theirs)).mappings().all()
    return sorted((_told(row, owner) for row in rows), key=_by_name)


def add(name: str, query: str, shared: bool, owner: str, actor: Actor) -> Json:
    """Keep a view. Raises Conflict where its owner has one of this name, or as many as may be."""
    row = {
        "id": f"view_{ULID()}",
        "name": name,
        "query": query,
        "shared": shared,
        "owner": owner,
        "owner_kind": actor.kind,
        "owner_name": actor.name,
        "created_at": clock.now(),
    }
    with log.transaction() as tx:
        tx.alone()
        mine = tx.execute(sa.select(_views.c.name).where(_views.c.owner == owner)).scalars().all()
        if name in mine:
            raise Conflict("You have a view of this name. Delete it first, or choose another name.")
        if len(mine) >= MOST:
            raise Conflict(f"You have {MOST} views, and more are not kept. Delete one first.")
        tx.execute(sa.insert(_views).values(**row))
    return _told(row, owner)


def delete(view_id: str, owner: str, of_all: bool) -> Json:
    """Delete a view of somebody, or (``of_all``) one that others share. Raises NotFound.

    What others share and one may not delete is a Conflict.
    """
    with log.transaction() as tx:
        row = tx.execute(sa.select(_views).where(_views.c.id == view_id)).mappings().first()
        if row is None or not (row["owner"] == owner or row["shared"]):
            raise NotFound("There is no such view.")
        if row["owner"] != owner and not of_all:
            raise Conflict("It is somebody else's: they, or an owner of the shop, delete it.")
        tx.execute(sa.delete(_views).where(_views.c.id == view_id))
    return _told(row, owner)


def _told(row: Any, owner: str) -> Json:
    return {
        **{name: row[name] for name in ("id", "name", "query", "shared")},
        "owner": {"kind": row["owner_kind"], "name": row["owner_name"]},
        "mine": row["owner"] == owner,
    }


def _by_name(view: Json) -> tuple[str, str]:
    return view["name"].casefold(), view["id"]
