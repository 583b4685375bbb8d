"""Thinning the log: things that need not be kept for ever go from events of long ago.

Who did what, when, what changed and what was before stay, so timelines stay whole. How far this has
come is stored along with it, in the same transaction: whoever reads events first and then that
place knows whether they are whole.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from orderboard.database import reading
from orderboard.events import log
from orderboard.events.log import Transaction
from orderboard.events.model import EventRow, LogThinned

_events, _thinned = EventRow.__table__, LogThinned.__table__
PIECE = 50
"""Events that are thinned in one transaction, for which others who write wait."""


def reached() -> int:
    """Up to which position the log is thinned."""
    with reading() as connection:
        found: int = connection.execute(sa.select(_thinned.c.position)).scalar_one()
        return found


def thin(upto: int, before: datetime, kinds: Collection[str]) -> bool:
    """Thin the next few events of these kinds, up to a position and older than a moment.

    Answers whether there were any. Events of other kinds are passed over.
    """
    start = reached()
    some = (_events.c.position > start) & (_events.c.position <= min(start + PIECE, upto))
    with reading() as connection:
        old = sa.select(sa.func.max(_events.c.position)).where(some, _events.c.at < before)
        end: int | None = connection.execute(old).scalar()
    if end is None:
        return False
    with log.transaction() as tx:
        on = sa.update(_thinned).where(_thinned.c.position == start).values(position=end)
        if tx.execute(on).rowcount == 1:  # or else somebody else has done it
            mine = (_events.c.position > start) & (_events.c.position <= end)
            _take_data(tx, mine, kinds)
    return True


def _take_data(tx: Transaction, which: sa.ColumnElement[bool], kinds: Collection[str]) -> None:
    if tx.connection.dialect.name != "sqlite":
        gone = sa.update(_events).where(which, _events.c.type.in_(list(kinds)))
        tx.execute(gone.values(data=None))
        return
    # SQLite leaves rows that get smaller where they are: the file would not. Written anew they
    # stand close together, and whole pages become free.
    rows = [dict(row) for row in tx.execute(sa.select(_events).where(which)).mappings()]
    tx.execute(sa.delete(_events).where(which))
    tx.execute(sa.insert(_events), [_thin(row, kinds) for row in rows])


def _thin(row: dict[str, Any], kinds: Collection[str]) -> dict[str, Any]:
    return {**row, "data": None} if row["type"] in kinds else row
