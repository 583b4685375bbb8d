"""What happened to one thing: its events, as a transaction sees them."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.events.event import Event
from orderboard.events.model import EventRow, EventTopic

_events, _topics = EventRow.__table__, EventTopic.__table__
_under = sa.select(_events).join(_topics, _topics.c.position == _events.c.position)


def from_position(connection: Connection, topic: str, position: int) -> list[Event]:
    """The events under a topic from a position on, oldest first."""
    here = _topics.c.position
    which = _under.where(_topics.c.topic == topic, here >= position).order_by(here)
    return [Event.of_row(row) for row in connection.execute(which)]


def before(
    connection: Connection, topic: str, position: int, kinds: Collection[str]
) -> Event | None:
    """The last event of these kinds under a topic before a position."""
    here = _topics.c.position
    which = _under.where(_topics.c.topic == topic, here < position, _events.c.type.in_(kinds))
    row = connection.execute(which.order_by(here.desc()).limit(1)).first()
    return Event.of_row(row) if row else None
