"""Goes round all seats four times a heartbeat, a few at a time, so that no moment has many."""

import threading
import time
from collections.abc import Callable

from orderboard.stream.seat import GONE, Seat

_SLOTS = 16
QUIET = 0.75
"""The part of a heartbeat after which a quiet seat hears one: the next visit would be too late."""


class Pulse:
    """Each seat has its slot from the start: who was written to together does not stay together."""

    def __init__(self, heartbeat: float, visit: Callable[[list[Seat], float], None]) -> None:
        self._tick = heartbeat * (1 - QUIET) / _SLOTS
        self._visit = visit
        self._slots: list[list[Seat]] = [[] for _ in range(_SLOTS)]
        self._next = 0

    def add(self, seat: Seat) -> None:
        """Visit a seat from now on, until it is gone."""
        self._slots[self._next].append(seat)
        self._next = (self._next + 1) % _SLOTS

    def run(self, closing: threading.Event) -> None:
        """Go round until it is time to close."""
        now = 0
        while not closing.wait(self._tick):
            self._slots[now] = [seat for seat in self._slots[now] if seat.fd != GONE]
            if self._slots[now]:
                self._visit(list(self._slots[now]), time.monotonic())
            now = (now + 1) % _SLOTS
