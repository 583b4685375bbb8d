"""Letting others have their turn in the middle of long work."""

import time

_SHORTEST = 1e-6
TURN = 0.0005
"""Seconds of work at a stretch. A request has about five waits in it, each at most that long."""


def give_way() -> None:
    """Let everything else in this process that has work go first, newcomers on sockets too.

    Under gevent a sleep of zero only goes to the end of the queue of those already known to be
    ready, and sockets are not looked at until the queue has gone round fifty times: with slices of
    two milliseconds a request would wait a tenth of a second. A timer, however short, goes through
    the event loop.
    """
    time.sleep(_SHORTEST)


class Turn:
    """A stretch of long work, after which others have theirs."""

    __slots__ = ("_ends",)

    def __init__(self) -> None:
        self._ends = time.monotonic() + TURN

    def step(self) -> None:
        """Go on at once, or after others when this has taken long enough."""
        if time.monotonic() > self._ends:
            give_way()
            self._ends = time.monotonic() + TURN
