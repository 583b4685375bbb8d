"""Making the figures anew while the shop is open.

The orders are read piece by piece, each piece at one moment of the log, and their sums written to
a new generation. Then the log is read on from there: an event counts if it came after the piece
that its order was in. The last few events are taken in with the log's head held, and in the same
transaction the new generation comes into force.
"""

import secrets
from bisect import bisect_left
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from orderboard import generations
from orderboard.database import reading
from orderboard.errors import Conflict
from orderboard.events import log
from orderboard.events.event import Event
from orderboard.figures import keeping
from orderboard.figures.delta import Delta
from orderboard.figures.model import FigureCount, FigureKey, FigureRow, Generation
from orderboard.orders import queries

_generations = Generation.__table__
_tables = (FigureRow.__table__, FigureKey.__table__, FigureCount.__table__)
_PIECE = 500
_NEAR = 100
"""Events behind the head that are taken in while everybody else who writes waits."""
Progress = Callable[[int], None]


def ensure(zone: str) -> None:
    """Make the figures anew if the current ones are not by the days of this time zone."""
    while _zone() != zone:
        # Several nodes may start at once.
        with suppress(Conflict):
            rebuild(zone)


def rebuild(zone: str, progress: Progress = lambda _: None) -> None:
    """Make the figures anew by the days of a time zone. Needs the app's context.

    ``progress`` is told how many orders have been read. Raises Conflict when another rebuild
    comes between.
    """
    generation = _begin(zone)
    pieces = _Pieces(generation, ZoneInfo(zone))
    pieces.read(progress)
    pieces.follow()
    pieces.change_over()
    _remove_others()


@dataclass(slots=True)
class _Pieces:
    """What has been counted: up to the numbers ``ends``, each at a position of the log."""

    generation: int
    zone: ZoneInfo
    ends: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    reached: int = 0

    def read(self, progress: Progress) -> None:
        """Count all orders there are."""
        last, seen = 0, 0
        while True:
            with reading(at_one_moment=True) as connection:
                head = log.head_in(connection)
                orders = queries.numbered(connection, last, _PIECE)
            if not orders:
                self.reached = self.positions[0] if self.positions else head.position
                return
            delta = Delta()
            for order in orders:
                delta.add(order, self.zone)
            last, seen = orders[-1]["number"], seen + len(orders)
            self.ends.append(last)
            self.positions.append(head.position)
            self._write(delta)
            progress(seen)

    def follow(self) -> None:
        """Take in what has happened since, until hardly anything is left."""
        while log.head().position - self.reached > _NEAR:
            events = log.since(self.reached, _PIECE)
            delta = self._delta(events)
            self.reached = events[-1].position
            self._write(delta)

    def change_over(self) -> None:
        """Take in the rest, and come into force."""
        with log.transaction() as tx:
            log.hold_head(tx)
            delta = self._delta(log.since_in(tx.connection, self.reached))
            keeping.write(tx.connection, self.generation, delta)
            tx.execute(sa.update(_generations).values(is_current=False))
            mine = sa.update(_generations).where(_generations.c.id == self.generation)
            if tx.execute(mine.values(is_current=True)).rowcount != 1:
                raise Conflict("Another rebuild of the figures came between; try again.")

    def _delta(self, events: list[Event]) -> Delta:
        delta = Delta()
        for event in events:
            if event.position > self._counted(event):
                keeping.take_in(delta, event, self.zone)
        return delta

    def _counted(self, event: Event) -> int:
        """Up to which position the event's order was counted when its piece was read."""
        number = (event.data or {}).get("number")
        place = bisect_left(self.ends, number) if number else len(self.ends)
        return self.positions[place] if place < len(self.ends) else self.reached

    def _write(self, delta: Delta) -> None:
        with log.transaction() as tx:
            keeping.write(tx.connection, self.generation, delta)


def _zone() -> str | None:
    with reading() as connection:
        noted = sa.select(_generations.c.zone).where(_generations.c.is_current)
        found: str | None = connection.execute(noted).scalar_one()
        return found


def _begin(zone: str) -> int:
    _remove_others()
    # Never one that was there before: another rebuild may have removed it, and may go on with it.
    generation = secrets.randbelow(2**31)
    with log.transaction() as tx:
        row = {"id": generation, "zone": zone, "is_current": False}
        tx.execute(sa.insert(_generations), row)
    return generation


def _remove_others() -> None:
    """Remove every generation but the current one, in pieces."""
    with log.transaction() as tx:
        tx.execute(sa.delete(_generations).where(~_generations.c.is_current))
        current = tx.execute(sa.select(_generations.c.id)).scalar_one()
    generations.remove_others(_tables, current)
