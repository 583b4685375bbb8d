"""Making the analytics anew while the shop is open.

The orders are taken into a new generation, piece by piece, while the consumer keeps both: it waits
for each piece, and what it takes in of an order that is still to come is not counted twice. At the
end the new generation comes into force.
"""

import secrets
from collections.abc import Callable
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
_tables = (AnalyticsCell.__table__, AnalyticsOrder.__table__)
_PIECE = 100
"""Orders for which the consumer, and on SQLite everybody who writes, waits."""
Progress = Callable[[int], None]


def ensure(zone: str) -> None:
    """Make the analytics anew where they are not by the hours of this time zone."""
    with reading() as connection:
        noted = connection.execute(
            sa.select(_generations.c.zone).where(_generations.c.is_current)
        ).scalar_one()
        is_empty = not connection.execute(sa.select(_tables[1].c.number).limit(1)).first()
    if noted == zone:
        return
    if not is_empty:
        rebuild(zone)
        return
    with log.transaction() as tx:
        tx.execute(sa.update(_generations).where(_generations.c.is_current).values(zone=zone))


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
