"""Whose turn it is: strangers share what there is to be had, address by address.

Whatever is done for a connection is done in pieces, and each piece begins here. While little is
asked for nobody waits. When more is asked for than fits into a short stretch of the event loop's
round, the rest waits in lines, one for each address, and of each line one goes on after the other:
a thousand connections of one address get as much as one connection of another. Everything else in
the process, streams above all, comes between two stretches.
"""

import time
from collections import OrderedDict, deque

import gevent
from gevent.event import Event

from orderboard.turn import give_way

STRETCH = 0.004
"""Seconds of such work in one round of the event loop. A request has about five waits in it."""


class FairQueue:
    """Lets through as much work as fits into a stretch, then everybody else, then more."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, deque[Event]] = OrderedDict()
        self._turning, self._ends = False, 0.0

    def enter(self, whose: str) -> None:
        """Wait for a turn of this address. What is done until the next wait is one piece of work.

        A newcomer waits for at most one piece of each address that is in line.
        """
        if not self._turning:
            self._turning, self._ends = True, time.monotonic() + STRETCH
            gevent.spawn(self._turn)
        elif self._lines or time.monotonic() >= self._ends:
            mine = Event()
            self._lines.setdefault(whose, deque()).append(mine)
            mine.wait()

    def _turn(self) -> None:
        give_way()
        while self._lines:
            self._ends = time.monotonic() + STRETCH
            while self._lines and time.monotonic() < self._ends:
                self._next().set()
                gevent.sleep(0)  # whoever was let through runs before this goes on
                gevent.sleep(0)
            give_way()
        self._turning = False

    def _next(self) -> Event:
        """The first of the line whose turn it is; what is behind them is last now."""
        whose, line = self._lines.popitem(last=False)
        first = line.popleft()
        if line:
            self._lines[whose] = line
        return first
