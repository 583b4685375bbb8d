"""A fair queue: whoever asks for much waits for those who ask for little."""

import time
from collections import deque

import gevent
from gevent.event import Event

from orderboard.turn import give_way

_AT_A_STRETCH = 0.004
"""Seconds of such work in one round of the event loop. A request has about five waits in it."""


class FairQueue:
    """Lets through as much work as fits into a short stretch, then everybody else, then more."""

    def __init__(self) -> None:
        self._waiting: deque[Event] = deque()
        self._turns = False

    def enter(self) -> None:
        """Wait for one's turn. What is done until the next wait is one piece of work."""
        mine = Event()
        self._waiting.append(mine)
        if not self._turns:
            self._turns = True
            gevent.spawn(self._turn)
        mine.wait()

    def _turn(self) -> None:
        while self._waiting:
            give_way()
            ends = time.monotonic() + _AT_A_STRETCH
            while self._waiting and time.monotonic() < ends:
                self._waiting.popleft().set()
                gevent.sleep(0)  # whoever was let through runs before this goes on
                gevent.sleep(0)
        self._turns = False
