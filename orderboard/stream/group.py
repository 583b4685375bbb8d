"""The listeners of one audience, and what a round has for them."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from orderboard.stream.connection import StreamConnection
from orderboard.stream.listener import Listener, Waiter
from orderboard.stream.wire import Frames

_KEPT_SIGNALS = 64
_NONE: Mapping[Any, None] = MappingProxyType({})
M = TypeVar("M", bound=Listener)


class Group:
    """The listeners of one audience; nothing that it may hear is newer than ``newest``.

    ``waiters`` take for themselves, ``connections`` are sockets that a round writes to, both in the
    order in which they came: a round that takes the sockets in the order in which the system made
    them needs a tenth less time than in any other. Most groups have one listener, so what they do
    not need is not made.
    """

    __slots__ = ("audience", "connections", "newest", "signals", "waiters")

    def __init__(self, audience: str, newest: int) -> None:
        self.audience = audience
        self.newest = newest
        self.waiters: Mapping[Waiter, None] = _NONE
        self.connections: Mapping[StreamConnection, None] = _NONE
        self.signals: deque[tuple[int, bytes]] | None = None

    def add(self, listener: Listener) -> None:
        """Take a listener in."""
        if isinstance(listener, Waiter):
            self.waiters = _with(self.waiters, listener)
        elif isinstance(listener, StreamConnection):
            self.connections = _with(self.connections, listener)

    def discard(self, listener: Listener) -> None:
        """Let a listener go."""
        for members in (self.waiters, self.connections):
            if isinstance(members, dict):
                members.pop(listener, None)

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
        return [*self.waiters, *self.connections]

    def __len__(self) -> int:
        return len(self.waiters) + len(self.connections)


def _with(members: Mapping[M, None], listener: M) -> Mapping[M, None]:
    if not isinstance(members, dict):
        return {listener: None}
    members[listener] = None
    return members


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
