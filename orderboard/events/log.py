"""The log of events: recording facts together with the rows they speak of, and reading on.

``transaction()`` is the one door out of a database transaction. Positions are taken from a
counter row as the last thing before the commit, and its lock is held until the commit. So
positions have no gaps, and whoever has read position n can never find a smaller one later: a
transaction that takes n + 1 waits until the one that took n has committed or has gone.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.engine import Connection, CursorResult

from orderboard import clock
from orderboard.database import condition, reading, writing
from orderboard.events.event import Actor, Event
from orderboard.events.kinds import Kind
from orderboard.events.model import EventRow, EventTopic, LogHead
from orderboard.statements import Statement, Values

Json = dict[str, Any]

_head = LogHead.__table__
_events = EventRow.__table__
_topics = EventTopic.__table__
# Built once: putting a statement together costs more than running it.
_read_head = sa.select(_head.c.epoch, _head.c.position)
_go_on = Statement(
    sa.update(_head)
    .values(position=_head.c.position + sa.bindparam("count", type_=sa.BigInteger))
    .returning(_head.c.epoch, _head.c.position)
)
_insert_events = Statement(sa.insert(_events))
_insert_topics = Statement(sa.insert(_topics))
_alone = Statement(sa.select(sa.text("pg_advisory_xact_lock(7162535)")))


class Head(NamedTuple):
    """The newest position, and the epoch that positions belong to."""

    epoch: str
    position: int


@dataclass(slots=True)
class Transaction:
    """A writing transaction. What is recorded in it becomes events when it commits.

    ``epoch`` is that of their positions, which they have from then on. ``afterwards``: what is done
    in memory once it has committed; it must not raise.
    """

    connection: Connection
    events: list[Event] = field(default_factory=list)
    writes: int = 0
    is_rehearsal: bool = False
    epoch: str = ""
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    def wait_until(self, moment: float) -> None:
        """Wait for locks no longer than until this moment (``time.monotonic()``)."""
        self.connection.execution_options(orderboard_until=moment)

    def alone(self) -> None:
        """Have nobody else between here and the end of their transaction until this one ends.

        For what several rows decide together, which PostgreSQL would let two look at at once. It
        is one lock for all such things. So that no two wait for each other, everybody takes what
        they need in one order: rows of orders, this, rows of products, the log's head. SQLite has
        one writer at a time anyway.
        """
        if self.connection.dialect.name == "postgresql":
            self.run(_alone, {})

    def execute(self, statement: sa.Executable, parameters: Any = None) -> CursorResult[Any]:
        """Run a statement inside the transaction."""
        if not isinstance(statement, sa.Select):
            self.writes += 1
        return self.connection.execute(statement, parameters)

    def run(self, statement: Statement, values: Values) -> Sequence[Sequence[Any]]:
        """Run one of those that every order needs; answers its rows."""
        self.writes += not statement.reads
        return statement.run(self.connection, values)

    def run_many(self, statement: Statement, many: Sequence[Values]) -> None:
        """Run one of those with each of many values."""
        self.writes += not statement.reads
        statement.run_many(self.connection, many)

    def record(
        self,
        kind: Kind,
        *,
        actor: Actor,
        data: Json,
        was: Json | None = None,
        order_id: str | None = None,
        at: datetime | None = None,
        undoes: int | None = None,
    ) -> None:
        """Note a fact about a thing. ``was``: each changed field as it was before. ``undoes``: the
        position of the event that it takes back.
        """
        self.writes += 1
        was = was or {}
        fact = Event(
            position=0,
            type=kind.name,
            at=clock.rfc3339(at or clock.now()),
            actor={"kind": actor.kind, "name": actor.name},
            changes=list(was),
            was=was,
            topics=tuple(kind.heard_by(data, was)),
            order_id=order_id,
            data=data,
            undoes=undoes,
        )
        self.events.append(fact)

    def event_of(self, order_id: str, since: int = 0) -> Event | None:
        """The first of the facts noted, from the ``since``-th on, that carries this order."""
        carrying = (e for e in self.events[since:] if e.order_id == order_id and e.about_its_order)
        return next(carrying, None)


Announce = Callable[[str, list[Event]], None]
_ANNOUNCE = "orderboard.announce"
_FEW = 10
"""Events that may be read at once: the way to another thread would take as long."""


def announce_to(app: Flask, announce: Announce) -> None:
    """Have the app's new events told after each commit, with their epoch. It must not raise."""
    app.extensions[_ANNOUNCE] = announce


InStep = Callable[[Connection, list[Event]], None]
_IN_STEP = "orderboard.in_step"


def keep_in_step(app: Flask, work: InStep) -> None:
    """Have work done in the transaction of the app's new events, after they have their positions.

    One transaction after the other comes to that point, so what it writes is exact at each
    position. It has to be quick: everybody who writes waits for it.
    """
    app.extensions.setdefault(_IN_STEP, []).append(work)


@contextmanager
def transaction(until: float | None = None) -> Iterator[Transaction]:
    """Run a block as one transaction; leaving it commits rows and events together.

    ``until`` and what is raised are those of ``database.writing``.
    """
    with writing(until) as connection:
        tx = Transaction(connection)
        yield tx
        if tx.events:
            _take_positions(tx)
        for work in current_app.extensions.get(_IN_STEP, ()) if tx.events else ():
            work(connection, tx.events)
        connection.commit()
    for note in tx.afterwards:
        note()
    if tx.events:
        condition().accepted()
    if tx.events and (announce := current_app.extensions.get(_ANNOUNCE)):
        announce(tx.epoch, tx.events)


@contextmanager
def rehearsal(until: float | None = None) -> Iterator[Transaction]:
    """Run a block as a transaction that is taken back at its end, for what would come of it.

    Nothing of it is kept or told, whatever it does or raises.
    """
    with writing(until) as connection:
        try:
            yield Transaction(connection, is_rehearsal=True)
        finally:
            connection.rollback()


def head() -> Head:
    """How far the log has come."""
    with reading() as connection:
        return head_in(connection)


def hold_head(tx: Transaction) -> Head:
    """How far the log has come, and nobody brings it further until this transaction ends."""
    return Head(*tx.run(_go_on, {"count": 0})[0])


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
    with reading(long=limit > _FEW) as connection:
        return _events_of(connection, statement.order_by(order).limit(limit))


def since_in(connection: Connection, position: int) -> list[Event]:
    """All events behind a position, oldest first, as a transaction sees them."""
    statement = sa.select(_events).where(_events.c.position > position)
    return _events_of(connection, statement.order_by(_events.c.position))


def _events_of(connection: Connection, statement: sa.Select[Any]) -> list[Event]:
    return [Event.of_row(row) for row in connection.execute(statement)]


def _take_positions(tx: Transaction) -> None:
    count = len(tx.events)
    tx.epoch, newest = tx.run(_go_on, {"count": count})[0]
    for position, event in enumerate(tx.events, newest - count + 1):
        event.position = position
    tx.run_many(_insert_events, [event.row() for event in tx.events])
    topics = [{"topic": t, "position": e.position} for e in tx.events for t in e.topics]
    tx.run_many(_insert_topics, topics)
