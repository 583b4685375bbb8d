"""A timing wheel: visits every connection four times a heartbeat, few of them at any moment."""

import threading
import time
from collections.abc import Callable

from orderboard.stream.connection import GONE, StreamConnection

_SLOTS = 16
QUIET = 0.75
"""The part of a heartbeat after which a quiet connection hears one: the next visit is too late."""


class TimingWheel:
    """Each connection has its slot from the start: those written to at once part again."""

    def __init__(
        self, heartbeat: float, visit: Callable[[list[StreamConnection], float], None]
    ) -> None:
        self._tick = heartbeat * (1 - QUIET) / _SLOTS
        self._visit = visit
        self._slots: list[list[StreamConnection]] = [[] for _ in range(_SLOTS)]
        self._next = 0

    def add(self, conn: StreamConnection) -> None:
        """Visit a connection from now on, until it is gone."""
        self._slots[self._next].append(conn)
        self._next = (self._next + 1) % _SLOTS

    def run(self, closing: threading.Event) -> None:
        """Go round until it is time to close."""
        now = 0
        while not closing.wait(self._tick):
            self._slots[now] = [conn for conn in self._slots[now] if conn.fd != GONE]
            if self._slots[now]:
                self._visit(list(self._slots[now]), time.monotonic())
            now = (now + 1) % _SLOTS
