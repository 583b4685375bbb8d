"""Making the analytics anew while the shop is open.

The orders are taken into a new generation, piece by piece, while the consumer keeps both: it waits
for each piece, and what it takes in of an order that is still to come is not counted twice. At the
end the new generation comes into force.
"""

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from orderboard import generations
from orderboard.analytics import keeping
from orderboard.analytics.model import AnalyticsCell, AnalyticsGeneration, AnalyticsOrder
from orderboard.consumers import positions
from orderboard.database import reading
from orderboard.errors import Conflict
from orderboard.events import log
from orderboard.events.log import Transaction
from orderboard.orders.measures import measured_behind

_generations = AnalyticsGeneration.__table__
_orders = AnalyticsOrder.__table__
_tables = (AnalyticsCell.__table__, _orders)
_PIECE = 100
"""Orders for which the consumer, and on SQLite everybody who writes, waits."""
_LOOK = 3.0
"""Seconds in which a rebuild that goes on takes in a piece."""
Progress = Callable[[int], None]


def ensure(zone: str) -> None:
    """Make the analytics anew where they are not by the hours of this time zone.

    Several nodes may start at once: those that find another at it wait for it, as they would
    only get in its way. What a rebuild left that was cut off is removed.
    """
    while _zone() != zone:
        if _another_goes_on():
            continue
        with suppress(Conflict):
            _make(zone)
    if _others() and not _another_goes_on():
        _remove_others()


def rebuild(zone: str, progress: Progress = lambda _: None) -> None:
    """Make the analytics anew by the hours of a time zone. Needs the app's context.

    ``progress`` is told how many orders have been taken in. Raises Conflict when another rebuild
    comes between.
    """
    positions.register([keeping.NAME])
    generation = _begin(zone)
    last = seen = 0
    while (more := _piece(generation, ZoneInfo(zone), last)) is not None:
        last, count = more
        seen += count
        progress(seen)
    with log.transaction() as tx:
        positions.hold(tx, keeping.NAME)
        tx.execute(sa.update(_generations).values(is_current=False))
        mine = sa.update(_generations).where(_generations.c.id == generation)
        if tx.execute(mine.values(is_current=True)).rowcount != 1:
            raise _overtaken()
    _remove_others()


def _zone() -> str | None:
    noted = sa.select(_generations.c.zone).where(_generations.c.is_current)
    with reading() as connection:
        found: str | None = connection.execute(noted).scalar_one()
        return found


def _make(zone: str) -> None:
    with reading() as connection:
        is_empty = not connection.execute(sa.select(_orders.c.number).limit(1)).first()
    if not is_empty:
        rebuild(zone)
        return
    with log.transaction() as tx:
        tx.execute(sa.update(_generations).where(_generations.c.is_current).values(zone=zone))


def _others() -> list[tuple[int, int | None]]:
    """The generations that are not in force, and up to which order each has come."""
    theirs = _orders.c.generation == _generations.c.id
    last = sa.select(sa.func.max(_orders.c.number)).where(theirs).scalar_subquery()
    some = sa.select(_generations.c.id, last).where(~_generations.c.is_current)
    with reading() as connection:
        return [(row[0], row[1]) for row in connection.execute(some.order_by(_generations.c.id))]


def _another_goes_on() -> bool:
    """Whether another rebuild comes on while one looks; one that was cut off does not."""
    if not (before := _others()):
        return False
    time.sleep(_LOOK)
    return _others() != before


def _piece(generation: int, zone: ZoneInfo, last: int) -> tuple[int, int] | None:
    """Take in some orders; answers the last one's number and how many, None behind the last."""
    with log.transaction() as tx:
        positions.hold(tx, keeping.NAME)
        if not _is_there(tx, generation):
            raise _overtaken()
        orders = measured_behind(tx.connection, last, _PIECE)
        keeping.take(tx, generation, zone, orders)
    return (orders[-1]["number"], len(orders)) if orders else None


def _is_there(tx: Transaction, generation: int) -> bool:
    mine = sa.select(_generations.c.id).where(_generations.c.id == generation)
    return tx.execute(mine).first() is not None


def _overtaken() -> Conflict:
    return Conflict("Another rebuild of the analytics came between; try again.")


def _begin(zone: str) -> int:
    _remove_others()
    # Never one that was there before: another rebuild may have removed it, and may go on with it.
    generation = secrets.randbelow(2**31)
    with log.transaction() as tx:
        positions.hold(tx, keeping.NAME)
        row = {"id": generation, "zone": zone, "is_current": False}
        tx.execute(sa.insert(_generations), row)
    return generation


def _remove_others() -> None:
    """Remove every generation but the one in force, in pieces."""
    with log.transaction() as tx:
        positions.hold(tx, keeping.NAME)
        tx.execute(sa.delete(_generations).where(~_generations.c.is_current))
        current = tx.execute(sa.select(_generations.c.id)).scalar_one()
    generations.remove_others(_tables, current)
