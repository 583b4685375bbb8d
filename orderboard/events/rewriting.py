"""The one reason to change what stands in the log: a person has to be forgotten."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from orderboard.database import reading
from orderboard.events import log
from orderboard.events.event import Event
from orderboard.events.log import Transaction
from orderboard.events.model import EventRow, EventTopic

_events, _topics = EventRow.__table__, EventTopic.__table__
_PIECE = 2000


def under(tx: Transaction, topic: str) -> list[Event]:
    """All events under a topic, oldest first."""
    theirs = sa.select(_events).join(_topics, _topics.c.position == _events.c.position)
    rows = tx.execute(theirs.where(_topics.c.topic == topic).order_by(_topics.c.position))
    return [Event.of_row(row) for row in rows]


def rewrite(tx: Transaction, events: Iterable[Event]) -> None:
    """Put these events in the place of those at their positions."""
    for event in events:
        row = event.row()
        if event.data is None:
            row["data"] = None
        mine = sa.update(_events).where(_events.c.position == row.pop("position"))
        tx.execute(mine.values(row))


def orders_where(field: str, holds: Callable[[Any], bool]) -> set[str]:
    """The orders of which a field once was something. Looks through the whole log, in pieces."""
    start, found = 0, set[str]()
    head = log.head().position
    named = _events.c.was.contains(f'"{field}":', autoescape=True)
    while start < head:
        some = (_events.c.position > start) & (_events.c.position <= start + _PIECE)
        with reading() as connection:
            rows = connection.execute(
                sa.select(_events.c.order_id, _events.c.was).where(some, named)
            )
            found |= {
                row.order_id
                for row in rows
                if row.order_id and holds(json.loads(row.was).get(field))
            }
        start += _PIECE
    return found
