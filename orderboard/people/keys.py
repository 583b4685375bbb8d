"""Keys that scripts present."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.database import reading
from orderboard.errors import Invalid
from orderboard.events import log
from orderboard.people.model import Key
from orderboard.people.tokens import hash_of, new_token

SCOPES = ("intake", "read", "admin")
LONGEST_NAME = 80
"""Characters a key's name may have: it also goes into the source of the orders it places."""
REMEMBERED = 1.0
"""Seconds after which a key that was revoked by another process is found to be."""

_keys = Key.__table__
_by_hash = sa.select(_keys).where(_keys.c.key_hash == sa.bindparam("hash"))


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Whom a key belongs to and what it is good for."""

    id: int
    name: str
    scopes: frozenset[str]


_remembered: dict[str, tuple[float, KeyHolder]] = {}
_MOST_REMEMBERED = 1000


def create(name: str, scopes: Sequence[str]) -> str:
    """Make a key and answer it; it cannot be read again.

    A name may have several keys: that is how one is exchanged for another while both work.
    Raises Invalid for a name that is empty or too long, or an unknown scope.
    """
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Invalid({"name": f"must have 1 to {LONGEST_NAME} printable characters"})
    if not scopes or not set(scopes) <= set(SCOPES):
        raise Invalid({"scope": f"must be one or more of {', '.join(SCOPES)}"})
    key = new_token("ob_")
    row = {
        "name": name,
        "key_hash": hash_of(key),
        "scopes": " ".join(sorted(set(scopes))),
        "created_at": clock.now(),
    }
    with log.transaction() as tx:
        tx.execute(sa.insert(_keys), row)
    return key


def everyone() -> list[dict[str, Any]]:
    """All keys by name, without the keys themselves: ``{id, name, scopes, created_at}``."""
    with reading() as connection:
        rows = connection.execute(sa.select(_keys).order_by(_keys.c.name, _keys.c.id))
        return [
            {
                "id": row.id,
                "name": row.name,
                "scopes": row.scopes.split(),
                "created_at": clock.rfc3339(row.created_at),
            }
            for row in rows
        ]


def find(key: str) -> KeyHolder | None:
    """Whom a key belongs to, if it is in force.

    What was found is good for REMEMBERED seconds: a script posts many orders with one key.
    """
    if known := remembered(key):
        return known
    hashed, moment = hash_of(key), time.monotonic()
    with reading() as connection:
        row = connection.execute(_by_hash, {"hash": hashed}).first()
    if row is None:
        return None
    holder = KeyHolder(row.id, row.name, frozenset(row.scopes.split()))
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[hashed] = moment + REMEMBERED, holder
    return holder


def remembered(key: str) -> KeyHolder | None:
    """The same, if the database need not be asked."""
    known = _remembered.get(hash_of(key))
    return known[1] if known and known[0] > time.monotonic() else None


def revoke(name: str) -> bool:
    """Take all keys of a name out of force; False when there was none."""
    with log.transaction() as tx:
        found = tx.execute(sa.delete(_keys).where(_keys.c.name == name)).rowcount > 0
    _remembered.clear()
    return found


def revoke_one(key_id: int) -> bool:
    """Take one key out of force; False when there was none."""
    with log.transaction() as tx:
        found = tx.execute(sa.delete(_keys).where(_keys.c.id == key_id)).rowcount > 0
    _remembered.clear()
    return found


def in_force(key_id: int) -> bool:
    """Whether a key is still good."""
    with reading() as connection:
        return (
            connection.execute(sa.select(_keys.c.id).where(_keys.c.id == key_id)).first()
            is not None
        )
