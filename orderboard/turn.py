"""Letting others have their turn in the middle of long work."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

SHORTEST, LONGEST = 0.0008, 0.05
"""Seconds of work at a stretch. A request has about five waits in it, each as long as that."""
_ALONE = 0.0032
"""Seconds at a stretch when nobody else has had anything to do lately. Giving way costs about
0.04 ms each time, a twentieth of the shortest stretch; the first who comes then waits this once."""
_NOBODY = 0.0002
"""Seconds that giving way takes at most when nobody else has anything to do."""
_SOON = 1e-6


def give_way() -> None:
    """Let everything else in this process that has work go first, newcomers on sockets too.

    Under gevent a sleep of zero only goes to the end of the queue of those already known to be
    ready, and sockets are not looked at until the queue has gone round fifty times: with slices of
    two milliseconds a request would wait a tenth of a second. A timer, however short, goes through
    the event loop.
    """
    time.sleep(_SOON)


class Lane:
    """Long work of one kind, perhaps in several threads. It has a third of the process for itself
    and leaves two to all the rest: whoever gave way for long may work half as long.
    """

    def __init__(self) -> None:
        self.worked = 0.0


class Turn:
    """A stretch of work in a lane, after which others have theirs."""

    __slots__ = ("_began", "_ends", "_lane", "_length")

    def __init__(self, lane: Lane | None = None) -> None:
        self._lane = lane or Lane()
        self._begin(SHORTEST)

    def step(self) -> None:
        """Go on at once, or after others when this has taken long enough."""
        stopped = time.monotonic()
        if stopped < self._ends:
            return
        self._lane.worked += stopped - self._began
        worked = self._lane.worked
        give_way()
        # What others of the same lane did meanwhile was no turn of somebody else's. If it counted,
        # each would give the other a longer turn, and that one back.
        others = time.monotonic() - stopped - (self._lane.worked - worked)
        if others < _NOBODY:
            self._begin(min(2 * self._length, _ALONE))
        else:
            self._begin(min(max(others / 2, SHORTEST), LONGEST))

    def _begin(self, seconds: float) -> None:
        self._began = time.monotonic()
        self._length = seconds
        self._ends = self._began + seconds


def in_turns(items: Iterable[T], lane: Lane | None = None) -> Iterator[T]:
    """Go through something long; others have their turns in between."""
    turn = Turn(lane)
    for item in items:
        yield item
        turn.step()
