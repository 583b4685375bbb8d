"""The log of events: recording facts together with the rows they speak of, and reading on.

``transaction()`` is the one door out of a database transaction. Positions are taken from a
counter row as the last thing before the commit, and its lock is held until the commit. So
positions have no gaps, and whoever has read position n can never find a smaller one later: a
transaction that takes n + 1 waits until the one that took n has committed or has gone.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.engine import Connection, CursorResult

from orderboard import clock
from orderboard.database import condition, reading, writing
from orderboard.events.kinds import Kind
from orderboard.events.model import EventRow, EventTopic, LogHead
from orderboard.jsontext import dump

Json = dict[str, Any]

_head = LogHead.__table__
_events = EventRow.__table__
_topics = EventTopic.__table__
# Built once: putting a statement together costs more than running it.
_read_head = sa.select(_head.c.epoch, _head.c.position)
_go_on = (
    sa.update(_head)
    .values(position=_head.c.position + sa.bindparam("count", type_=sa.BigInteger))
    .returning(_head.c.epoch, _head.c.position)
)
_insert_events = sa.insert(_events)
_insert_topics = sa.insert(_topics)


class Head(NamedTuple):
    """The newest position, and the epoch that positions belong to."""

    epoch: str
    position: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: ``staff``, ``script``, ``customer``, ``driver`` or ``system``, and a name."""

    kind: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A fact. ``data`` is the whole thing right after it, with all that staff may see.

    ``was`` has what each changed field was before. Events of older versions know only the names
    of the changed fields, and of events long ago the thing itself is not kept (``data`` is None).
    """

    position: int
    type: str
    at: str
    actor: Json
    changes: list[str]
    was: Json
    topics: tuple[str, ...]
    order_id: str | None = None
    data: Json | None = None

    def to_wire(self) -> Json:
        """The event as plain JSON data, for other processes."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_wire(cls, data: Json) -> "Event":
        """The event that ``to_wire`` made the data of."""
        return cls(**{**data, "topics": tuple(data["topics"])})


@dataclass(slots=True)
class _Draft:
    kind: Kind
    at: datetime
    actor: Actor
    data: Json
    was: Json
    order_id: str | None


@dataclass(slots=True)
class Transaction:
    """A writing transaction. What is recorded in it becomes events when it commits."""

    connection: Connection
    drafts: list[_Draft] = field(default_factory=list)
    writes: int = 0

    def wait_until(self, moment: float) -> None:
        """Wait for locks no longer than until this moment (``time.monotonic()``)."""
        self.connection.execution_options(orderboard_until=moment)

    def execute(self, statement: sa.Executable, parameters: Any = None) -> CursorResult[Any]:
        """Run a statement inside the transaction."""
        if not isinstance(statement, sa.Select):
            self.writes += 1
        return self.connection.execute(statement, parameters)

    def record(
        self,
        kind: Kind,
        *,
        actor: Actor,
        data: Json,
        was: Json | None = None,
        order_id: str | None = None,
        at: datetime | None = None,
    ) -> None:
        """Note a fact about a thing. ``was``: each changed field as it was before."""
        self.writes += 1
        self.drafts.append(_Draft(kind, at or clock.now(), actor, data, was or {}, order_id))


Announce = Callable[[str, list[Event]], None]
_ANNOUNCE = "orderboard.announce"


def announce_to(app: Flask, announce: Announce) -> None:
    """Have the app's new events told after each commit, with their epoch. It must not raise."""
    app.extensions[_ANNOUNCE] = announce


@contextmanager
def transaction(until: float | None = None) -> Iterator[Transaction]:
    """Run a block as one transaction; leaving it commits rows and events together.

    ``until`` and what is raised are those of ``database.writing``.
    """
    with writing(until) as connection:
        tx = Transaction(connection)
        yield tx
        epoch, events = _take_positions(tx) if tx.drafts else ("", [])
        connection.commit()
    if events:
        condition().accepted()
    if events and (announce := current_app.extensions.get(_ANNOUNCE)):
        announce(epoch, events)


def head() -> Head:
    """How far the log has come."""
    with reading() as connection:
        return head_in(connection)


def head_in(connection: Connection) -> Head:
    """How far the log has come, as a transaction sees it that also reads other things."""
    row = connection.execute(_read_head).one()
    return Head(row.epoch, row.position)


def new_epoch() -> str:
    """Begin a new epoch, after an older state of the database was restored; answers it.

    Positions that anybody has kept then mean nothing any more, and who goes on from one is told
    to read a snapshot.
    """
    epoch = secrets.token_hex(4)
    with transaction() as tx:
        tx.execute(sa.update(_head).values(epoch=epoch))
    return epoch


def since(position: int, limit: int, topic: str | None = None) -> list[Event]:
    """The events right behind a position, oldest first: all of them, or those under a topic."""
    statement = sa.select(_events).where(_events.c.position > position)
    order: sa.Column[Any] = _events.c.position
    if topic is not None:
        order = _topics.c.position
        statement = sa.select(_events).join(_topics, _topics.c.position == _events.c.position)
        statement = statement.where(_topics.c.topic == topic, order > position)
    with reading() as connection:
        rows = connection.execute(statement.order_by(order).limit(limit))
        return [_event(row) for row in rows]


def _take_positions(tx: Transaction) -> tuple[str, list[Event]]:
    count = len(tx.drafts)
    row = tx.execute(_go_on, {"count": count}).one()
    first = row.position - count + 1
    events = [_from_draft(first + n, draft) for n, draft in enumerate(tx.drafts)]
    rows = [_row(event, draft) for event, draft in zip(events, tx.drafts, strict=True)]
    tx.execute(_insert_events, rows)
    topics = [{"topic": t, "position": e.position} for e in events for t in e.topics]
    tx.execute(_insert_topics, topics)
    return row.epoch, events


def _row(event: Event, draft: _Draft) -> Json:
    return {
        "position": event.position,
        "type": event.type,
        "at": draft.at,
        "actor_kind": draft.actor.kind,
        "actor_name": draft.actor.name,
        "changes": dump(event.changes),
        "was": dump(event.was),
        "topics": " ".join(event.topics),
        "order_id": event.order_id,
        "data": dump(event.data),
    }


def _from_draft(position: int, draft: _Draft) -> Event:
    return Event(
        position=position,
        type=draft.kind.name,
        at=clock.rfc3339(draft.at),
        actor={"kind": draft.actor.kind, "name": draft.actor.name},
        changes=list(draft.was),
        was=draft.was,
        topics=tuple(draft.kind.heard_by(draft.data, draft.was)),
        order_id=draft.order_id,
        data=draft.data,
    )


def _event(row: Any) -> Event:
    return Event(
        position=row.position,
        type=row.type,
        at=clock.rfc3339(row.at),
        actor={"kind": row.actor_kind, "name": row.actor_name},
        changes=json.loads(row.changes),
        was=json.loads(row.was),
        topics=tuple(row.topics.split()),
        order_id=row.order_id,
        data=json.loads(row.data) if row.data else None,
    )
