"""Letting others have their turn in the middle of long work."""

import time

_SHORTEST = 1e-6


def give_way() -> None:
    """Let everything else in this process that has work go first, newcomers on sockets too.

    Under gevent a sleep of zero only goes to the end of the queue of those already known to be
    ready, and sockets are not looked at until the queue has gone round fifty times: with slices of
    two milliseconds a request would wait a tenth of a second. A timer, however short, goes through
    the event loop.
    """
    time.sleep(_SHORTEST)
