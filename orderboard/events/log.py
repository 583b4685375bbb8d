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
from orderboard.database import reading, writing
from orderboard.events.model import EventRow, LogHead
from orderboard.jsontext import dump

Json = dict[str, Any]

_head = LogHead.__table__
_events = EventRow.__table__
# Built once: putting a statement together costs more than running it.
_read_head = sa.select(_head.c.epoch, _head.c.position)
_go_on = (
    sa.update(_head)
    .values(position=_head.c.position + sa.bindparam("count", type_=sa.BigInteger))
    .returning(_head.c.epoch, _head.c.position)
)
_insert_events = sa.insert(_events)


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
    """A fact. ``order`` is the whole order right after it, with all that staff may see."""

    position: int
    type: str
    at: str
    actor: Json
    changes: list[str]
    order_id: str | None = None
    drivers: tuple[str, ...] = ()
    order: Json | None = None

    def to_wire(self) -> Json:
        """The event as plain JSON data, for other processes."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_wire(cls, data: Json) -> "Event":
        """The event that ``to_wire`` made the data of."""
        return cls(**{**data, "drivers": tuple(data["drivers"])})


@dataclass(slots=True)
class _Draft:
    type: str
    at: datetime
    actor: Actor
    changes: list[str]
    order: Json | None
    drivers: tuple[str, ...]


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
        type: str,
        *,
        actor: Actor,
        order: Json | None = None,
        changes: list[str] | None = None,
        drivers: tuple[str, ...] = (),
        at: datetime | None = None,
    ) -> None:
        """Note a fact. ``drivers``: those it concerns, two at most: now and before."""
        moment = at or clock.now()
        self.writes += 1
        self.drafts.append(_Draft(type, moment, actor, changes or [], order, drivers))


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


def since(position: int, limit: int, audience: str = "board") -> list[Event]:
    """The events right behind a position that an audience may hear, oldest first."""
    statement = _hearable(audience).where(_events.c.position > position)
    with reading() as connection:
        rows = connection.execute(statement.order_by(_events.c.position).limit(limit))
        return [_event(row) for row in rows]


def of_order(order_id: str) -> list[Event]:
    """All events of one order, oldest first."""
    return since(0, 100_000, f"order:{order_id}")


def _hearable(audience: str) -> sa.Select[Any]:
    kind, _, whose = audience.partition(":")
    statement = sa.select(_events)
    if kind == "order":
        return statement.where(_events.c.order_id == whose)
    if kind == "driver":
        return statement.where(
            sa.or_(_events.c.driver_id == whose, _events.c.other_driver_id == whose)
        )
    return statement


def _take_positions(tx: Transaction) -> tuple[str, list[Event]]:
    count = len(tx.drafts)
    row = tx.execute(_go_on, {"count": count}).one()
    first = row.position - count + 1
    tx.execute(_insert_events, [_row(first + n, draft) for n, draft in enumerate(tx.drafts)])
    return row.epoch, [_from_draft(first + n, draft) for n, draft in enumerate(tx.drafts)]


def _row(position: int, draft: _Draft) -> Json:
    order = draft.order
    return {
        "position": position,
        "type": draft.type,
        "at": draft.at,
        "actor_kind": draft.actor.kind,
        "actor_name": draft.actor.name,
        "changes": dump(draft.changes),
        "order_id": order["id"] if order else None,
        "driver_id": draft.drivers[0] if draft.drivers else None,
        "other_driver_id": draft.drivers[1] if len(draft.drivers) > 1 else None,
        "order": dump(order) if order else None,
    }


def _from_draft(position: int, draft: _Draft) -> Event:
    return Event(
        position=position,
        type=draft.type,
        at=clock.rfc3339(draft.at),
        actor={"kind": draft.actor.kind, "name": draft.actor.name},
        changes=draft.changes,
        order_id=draft.order["id"] if draft.order else None,
        drivers=draft.drivers,
        order=draft.order,
    )


def _event(row: Any) -> Event:
    return Event(
        position=row.position,
        type=row.type,
        at=clock.rfc3339(row.at),
        actor={"kind": row.actor_kind, "name": row.actor_name},
        changes=json.loads(row.changes),
        order_id=row.order_id,
        drivers=tuple(d for d in (row.driver_id, row.other_driver_id) if d),
        order=json.loads(row.order) if row.order else None,
    )
