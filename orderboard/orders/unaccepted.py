"""Orders that nobody has accepted within the shop's minutes: each is told once, by the courier.

It goes through the orders as they were placed, and keeps how far it came in the transaction of
what it tells. So none is told twice, whatever is killed; and after it was away it tells of all that
became late meanwhile. What was late before it began for the first time, or while ``accept_within``
was 0, is not told. One that waits again, after it was on hold or by an undo, has its minutes anew.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from orderboard import clock, settings
from orderboard.consumers.aside import Aside
from orderboard.consumers.running import AWAY
from orderboard.database import reading
from orderboard.errors import NotFound
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import commands, events, rules
from orderboard.orders.model import AcceptanceWatch, Order, WaitingAgain

logger = logging.getLogger(__name__)
_orders, _watch = Order.__table__, AcceptanceWatch.__table__
_again = WaitingAgain.__table__
_failed = Aside()
_SYSTEM = Actor("system")
_LOOKED_AT, _TOLD = 500, 20
"""Orders that are looked at, and told of, in one step."""
_SOON, _LATER = 0.02, 1.0
"""Seconds to the next step when there may be more to do, and when there is not."""


class _Place(NamedTuple):
    """The last order that was looked at."""

    at: datetime
    number: int


def tell_late() -> float:
    """Tell of some orders that have waited too long; answers the seconds to the next step."""
    within = settings.current().accept_within
    late = clock.now() - timedelta(minutes=within)
    with reading() as connection:
        row = connection.execute(sa.select(_watch.c.at, _watch.c.number)).first()
        found = connection.execute(_behind(_Place(*row), late)).all() if row and within else []
    if row is None or not within:
        _begin(late if within else None)
        return _LATER
    _tell_again(late)
    waiting = [one for one in found if one.status in rules.UNACCEPTED and one.again is None]
    if not waiting and len(found) < _LOOKED_AT:
        return _LATER
    last = waiting[_TOLD - 1] if len(waiting) > _TOLD else found[-1]
    _tell_some(_Place(*row), waiting[:_TOLD], _place_of(last))
    return _SOON if len(waiting) > _TOLD or len(found) == _LOOKED_AT else _LATER


def _behind(reached: _Place, late: datetime) -> sa.Select[Any]:
    """Those placed right behind a place, as far as they would be late if they still wait."""
    placed, number = _orders.c.created_at, _orders.c.number
    some = sa.select(
        _orders.c.id, number, placed, _orders.c.status, _again.c.order_id.label("again")
    )
    some = some.outerjoin_from(_orders, _again, _again.c.order_id == _orders.c.id)
    next_ones = (placed >= reached.at) & ((placed > reached.at) | (number > reached.number))
    return some.where(next_ones, placed <= late).order_by(placed, number).limit(_LOOKED_AT)


def _begin(at: datetime | None) -> None:
    """Begin with what becomes late from now on; with None, not before it is wanted."""
    with reading() as connection:
        is_begun = connection.execute(sa.select(_watch.c.id)).first() is not None
    if is_begun == (at is not None):
        return
    over = _again.c.at <= (at or clock.now())
    with log.transaction() as tx:
        # Held by id and before the head, as whoever changes orders holds them.
        mine = sa.select(_again.c.order_id).where(over).order_by(_again.c.order_id)
        held = tx.execute(mine.with_for_update()).scalars().all()
        log.hold_head(tx)  # nobody else begins at the same time
        tx.execute(sa.delete(_watch))
        tx.execute(sa.update(_again).where(_again.c.order_id.in_(held)).values(at=None))
        if at is not None:
            tx.execute(sa.insert(_watch).values(id=1, at=at, number=0))


def _place_of(one: sa.Row[Any]) -> _Place:
    return _Place(one.created_at, one.number)


def _tell_some(before: _Place, waiting: Sequence[sa.Row[Any]], reached: _Place) -> None:
    """Tell of some orders at once; where that fails one by one, and pass over what cannot be."""
    try:
        return _tell(before, [one.id for one in waiting], reached)
    except AWAY:
        raise
    except Exception:
        if len(waiting) <= 1:
            logger.exception("%s is not told of as unaccepted", [one.id for one in waiting])
            return _tell(before, [], reached)
    for one in waiting:
        _tell_some(before, [one], _place_of(one))
        before = _place_of(one)
    return _tell(before, [], reached)


def _tell(before: _Place, ids: Sequence[str], reached: _Place) -> None:
    with log.transaction() as tx:
        here = (_watch.c.at == before.at) & (_watch.c.number == before.number)
        moved = sa.update(_watch).where(here).values(at=reached.at, number=reached.number)
        if tx.execute(moved).rowcount == 1:  # or somebody was faster
            for order_id in sorted(ids):  # as everybody holds several
                _record(tx, order_id)


def _tell_again(late: datetime) -> None:
    """Tell of some that have waited too long since they wait again."""
    some = sa.select(_again.c.order_id).where(_again.c.at <= late)
    some = some.where(_again.c.order_id.not_in(_failed.names()))
    with reading() as connection:
        ids = connection.execute(some.order_by(_again.c.at).limit(_TOLD)).scalars().all()
    for order_id in ids:
        with _failed.attempt(order_id, "is not told of as unaccepted"), log.transaction() as tx:
            commands.keep_still(tx, [order_id])  # orders come first wherever both are held
            mine = (_again.c.order_id == order_id) & (_again.c.at <= late)
            told = sa.update(_again).where(mine).values(at=None)
            if tx.execute(told).rowcount == 1:  # or somebody was faster
                _record(tx, order_id)


def _record(tx: Transaction, order_id: str) -> None:
    try:
        held = commands.hold(tx, order_id)
    except NotFound:
        return
    if held.row["status"] in rules.UNACCEPTED:
        tx.record(events.UNACCEPTED, actor=_SYSTEM, data=held.before, order_id=order_id)
