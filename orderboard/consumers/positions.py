"""The stored positions of consumers, and what people do to them.

A position belongs to an epoch of the log. It lies in the same database as the log and as all that
the consumer wrote, so an older state that is restored brings all three back together: a new epoch
changes nothing for a consumer, which goes on where it stands. Only behind a log that was cut does
it go back to the log's end.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard import clock
from orderboard.consumers.model import ConsumerRow, SetAside
from orderboard.database import reading
from orderboard.errors import Invalid, NotFound
from orderboard.events import log, thinning
from orderboard.events.event import Event
from orderboard.events.log import Head, Transaction, head_in

Json = dict[str, Any]
_consumers, _aside = ConsumerRow.__table__, SetAside.__table__
_LONGEST_ERROR = 500
_ALL = sa.select(_consumers).order_by(_consumers.c.name)


class State(NamedTuple):
    """Where a consumer stands."""

    name: str
    epoch: str
    position: int
    is_paused: bool
    failures: int
    error: str | None


def register(names: Iterable[str]) -> None:
    """Give those a position that have none: the beginning of the log."""
    with reading() as connection:
        new = {*names} - {row.name for row in connection.execute(_ALL)}
    for name in sorted(new):
        with log.transaction() as tx:
            epoch = log.hold_head(tx).epoch  # nobody else registers it at the same time
            if tx.execute(sa.select(_consumers.c.name).where(_consumers.c.name == name)).first():
                continue
            row = State(name, epoch, 0, False, 0, None)._asdict()
            tx.execute(sa.insert(_consumers), row)


def state(name: str) -> tuple[State, Head]:
    """Where a consumer stands, and how far the log has come. Raises NotFound."""
    with reading(at_one_moment=True) as connection:
        row = connection.execute(sa.select(_consumers).where(_consumers.c.name == name)).first()
        if row is None:
            raise NotFound(f"There is no consumer {name}.")
        return State(*row), head_in(connection)


def advance(tx: Transaction, old: State, position: int) -> bool:
    """Move a consumer on, unless it is paused or not where it was any more.

    Until the transaction ends nobody else moves it.
    """
    here = _consumers.c.position == old.position
    same = (_consumers.c.name == old.name) & (_consumers.c.epoch == old.epoch) & here
    moved = sa.update(_consumers).where(same, ~_consumers.c.is_paused)
    return tx.execute(moved.values(position=position, failures=0, error=None)).rowcount == 1


def hold(tx: Transaction, name: str) -> None:
    """Keep a consumer from moving on until the transaction ends."""
    mine = sa.update(_consumers).where(_consumers.c.name == name)
    tx.execute(mine.values(position=_consumers.c.position))


def enter(old: State, head: Head) -> None:
    """Take a consumer into the log's new epoch."""
    with log.transaction() as tx:
        mine = sa.update(_consumers).where(
            _consumers.c.name == old.name, _consumers.c.epoch == old.epoch
        )
        position = sa.case(
            (_consumers.c.position > head.position, head.position), else_=_consumers.c.position
        )
        tx.execute(mine.values(epoch=head.epoch, position=position))


def note_failure(old: State, error: Exception) -> None:
    """Count one more try of the event behind a consumer's position."""
    with log.transaction() as tx:
        mine = sa.update(_consumers).where(
            _consumers.c.name == old.name, _consumers.c.position == old.position
        )
        tx.execute(mine.values(failures=old.failures + 1, error=_text(error)))


def set_aside(old: State, event: Event, end: int, error: Exception) -> None:
    """Move a consumer on to ``end``, past an event that it cannot take, and keep note of that."""
    with log.transaction() as tx:
        if not advance(tx, old, end):
            return
        mine = (_aside.c.consumer == old.name) & (_aside.c.position == event.position)
        tx.execute(sa.delete(_aside).where(mine))
        row = {"consumer": old.name, "position": event.position, "type": event.type}
        tx.execute(sa.insert(_aside), {**row, "error": _text(error), "at": clock.now()})


def pause(name: str, is_paused: bool) -> None:
    """Have a consumer stand still, or go on. Raises NotFound."""
    with log.transaction() as tx:
        mine = sa.update(_consumers).where(_consumers.c.name == name)
        if tx.execute(mine.values(is_paused=is_paused)).rowcount != 1:
            raise NotFound(f"There is no consumer {name}.")


def rewind(name: str, position: int, needs_data: bool) -> None:
    """Have a consumer go on behind another position. Raises NotFound, Invalid.

    What was set aside behind it comes again. ``needs_data``: it cannot go where the log is thinned.
    """
    if needs_data and position < (whole := thinning.reached()):
        raise Invalid({"position": f"the log is thinned up to {whole}, and {name} needs it whole"})
    with log.transaction() as tx:
        head = log.hold_head(tx)
        if not 0 <= position <= head.position:
            raise Invalid({"position": f"must be from 0 to {head.position}, the log's head"})
        mine = sa.update(_consumers).where(_consumers.c.name == name)
        anew = {"position": position, "epoch": head.epoch, "failures": 0, "error": None}
        if tx.execute(mine.values(**anew)).rowcount != 1:
            raise NotFound(f"There is no consumer {name}.")
        again = (_aside.c.consumer == name) & (_aside.c.position > position)
        tx.execute(sa.delete(_aside).where(again))


def least(connection: Connection, names: Iterable[str]) -> int | None:
    """The position of that one of some consumers which is furthest behind."""
    mine = sa.select(sa.func.min(_consumers.c.position)).where(_consumers.c.name.in_(list(names)))
    found: int | None = connection.execute(mine).scalar()
    return found


def listed() -> list[Json]:
    """Every consumer: ``{name, position, lag, state, failures, error, set_aside}``.

    ``lag`` is the number of events it has still to look at; ``state`` is ``running``, ``paused`` or
    ``failing``; ``set_aside`` are ``{position, type, error, at}``.
    """
    with reading(at_one_moment=True) as connection:
        head = head_in(connection)
        rows = connection.execute(_ALL).all()
        aside = connection.execute(sa.select(_aside).order_by(_aside.c.position)).all()
    names = ("position", "type", "error", "at")
    return [
        {
            "name": row.name,
            "position": row.position,
            "lag": max(0, head.position - row.position),
            "state": _word(row),
            "failures": row.failures,
            "error": row.error,
            "set_aside": [
                {name: getattr(one, name) for name in names}
                for one in aside
                if one.consumer == row.name
            ],
        }
        for row in rows
    ]


def _word(row: Any) -> str:
    if row.is_paused:
        return "paused"
    return "failing" if row.failures else "running"


def _text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]
