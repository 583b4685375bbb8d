"""The listeners of one audience, and what a round has for them."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from orderboard.stream.connection import COHORT, Cohort, StreamConnection
from orderboard.stream.listener import Listener, Waiter
from orderboard.stream.wire import Frames

_KEPT_SIGNALS = 64
_NONE: Mapping[Any, None] = MappingProxyType({})


class Group:
    """The listeners of one audience; nothing that it may hear is newer than ``newest``.

    ``waiters`` take for themselves; in ``cohorts`` are the sockets that a round writes to, about in
    the order in which they came: a round that takes them as the system made them needs a tenth
    less time than in any other order. Most groups have one listener, so what they do not need is
    not made.
    """

    __slots__ = ("audience", "cohorts", "newest", "signals", "waiters")

    def __init__(self, audience: str, newest: int) -> None:
        self.audience = audience
        self.newest = newest
        self.waiters: Mapping[Waiter, None] = _NONE
        self.cohorts: tuple[Cohort, ...] = ()
        self.signals: deque[tuple[int, bytes]] | None = None

    def add(self, listener: Listener) -> None:
        """Take a listener in."""
        if isinstance(listener, StreamConnection):
            self._cohort_for(listener).add(listener)
        elif isinstance(listener, Waiter):
            if not isinstance(self.waiters, dict):
                self.waiters = {}
            self.waiters[listener] = None

    def discard(self, listener: Listener) -> None:
        """Let a listener go."""
        if isinstance(listener, StreamConnection):
            cohort = listener.cohort
            cohort.remove(listener)
            if not len(cohort):
                self.cohorts = tuple(other for other in self.cohorts if other is not cohort)
        elif isinstance(self.waiters, dict):
            self.waiters.pop(listener, None)

    def keep_signal(self, serial: int, frame: bytes) -> None:
        """Keep a signal until the waiters have looked; the oldest are given up."""
        if self.signals is None:
            self.signals = deque(maxlen=_KEPT_SIGNALS)
        self.signals.append((serial, frame))

    def signals_behind(self, serial: int) -> bytes:
        """The signals kept that are newer than one."""
        return b"".join(frame for number, frame in self.signals or () if number > serial)

    def listeners(self) -> list[Listener]:
        """All of them, as they are now."""
        return [
            *self.waiters,
            *(conn for cohort in self.cohorts for conn in (*cohort.level, *cohort.apart)),
        ]

    def __len__(self) -> int:
        return len(self.waiters) + sum(map(len, self.cohorts))

    def __bool__(self) -> bool:
        return bool(self.waiters or self.cohorts)

    def _cohort_for(self, conn: StreamConnection) -> Cohort:
        """One with room: the newest, or an older one that somebody has left."""
        for cohort in reversed(self.cohorts):
            if len(cohort) < COHORT and cohort.chunked is conn.chunked:
                return cohort
        cohort = Cohort(conn.chunked)
        self.cohorts = (*self.cohorts, cohort)
        return cohort


@dataclass(frozen=True, slots=True)
class Due:
    """A group that a round has something for; ``before`` was its newest position until then."""

    group: Group
    before: int
    signals: Frames


@dataclass(frozen=True, slots=True)
class Round:
    """Whoever was not behind knows everything up to ``start``; the round brings them on."""

    generation: int
    start: int
    due: list[Due]
    everybody: bool
