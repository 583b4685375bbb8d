"""Thinning the log: things that need not be kept for ever go from events of long ago.

Who did what, when, what changed and what was before stay, so timelines stay whole. How far this has
come is stored along with it, in the same transaction: whoever reads events first and then that
place knows whether they are whole.
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from orderboard.database import reading
from orderboard.events import log
from orderboard.events.model import EventRow, LogThinned

_events, _thinned = EventRow.__table__, LogThinned.__table__
PIECE = 200
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
            gone = sa.update(_events).where(mine, _events.c.type.in_(list(kinds)))
            tx.execute(gone.values(data=None))
    return True
