"""What the courier does beside moving consumers on: the log and the tables are looked after.

Each chore is one small transaction at a time, so that nobody who writes waits long for it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from orderboard import clock
from orderboard.audiences import KINDS
from orderboard.config import Settings
from orderboard.consumers import positions
from orderboard.consumers.consumer import Consumer
from orderboard.consumers.rounds import Chore
from orderboard.database import reading
from orderboard.events import log, thinning
from orderboard.events.log import Transaction
from orderboard.people import sessions, staff
from orderboard.printing import jobs as print_jobs
from orderboard.web import idempotency

_SOON, _LATER = 0.02, 60.0
"""Seconds to the next piece when there may be more to do, and when there is not."""
_MARGIN = 1000
"""Events behind what may be replayed that stay whole: somebody may just be reading there."""
_AT_ONCE = 100
_SPARE_PAGES = 256
"""Free pages that a SQLite file keeps for what comes next."""
_PAGES = 64
Remove = Callable[[Transaction, datetime, int], int]


def chores(settings: Settings, consumers: Sequence[Consumer]) -> list[Chore]:
    """Everything that is to be done again and again."""
    removals = (
        idempotency.remove_old,
        sessions.remove_ended,
        staff.remove_old_links,
        print_jobs.remove_old,
    )
    return [
        partial(thin, settings, consumers),
        *(partial(_remove, removal) for removal in removals),
        hand_back_pages,
    ]


def thin(settings: Settings, consumers: Sequence[Consumer]) -> float:
    """Thin a piece of the log that nobody can have replayed and no consumer has still to read."""
    with reading() as connection:
        needing = [consumer.name for consumer in consumers if consumer.needs_data]
        behind = positions.least(connection, needing) if needing else None
    upto = log.head().position - settings.stream_replay_limit - _MARGIN
    if behind is not None:
        upto = min(upto, behind)
    before = clock.now() - timedelta(days=settings.whole_events_days)
    return _SOON if thinning.thin(upto, before, KINDS.thinned()) else _LATER


def hand_back_pages() -> float:
    """Give a few of the pages that a SQLite file does not use any more back to the disk."""
    with reading() as connection:
        if connection.dialect.name != "sqlite":
            return _LATER
        incremental = connection.execute(sa.text("PRAGMA auto_vacuum")).scalar() == 2
        free = connection.execute(sa.text("PRAGMA freelist_count")).scalar_one()
    if not incremental or free <= _SPARE_PAGES:
        return _LATER
    with log.transaction() as tx:
        for _ in range(_PAGES):  # Python asks for one step of a statement without columns
            tx.execute(sa.text("PRAGMA incremental_vacuum(1)"))
    return _SOON


def _remove(removal: Remove) -> float:
    with log.transaction() as tx:
        removed = removal(tx, clock.now(), _AT_ONCE)
    return _SOON if removed == _AT_ONCE else _LATER
