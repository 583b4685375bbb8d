"""The listeners of one audience, and what a round has for them."""

from collections import deque
from dataclasses import dataclass, field

from orderboard.stream.listener import Listener, Waiter

_KEPT_SIGNALS = 64


@dataclass(slots=True, eq=False)
class Group:
    """The listeners of one audience; nothing that it may hear is newer than ``newest``.

    ``waiters`` take for themselves, ``seats`` are sockets that a round writes to.
    """

    audience: str
    newest: int
    waiters: set[Waiter] = field(default_factory=set)
    seats: set[Listener] = field(default_factory=set)
    signals: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=_KEPT_SIGNALS))

    def add(self, listener: Listener) -> None:
        """Take a listener in."""
        if isinstance(listener, Waiter):
            self.waiters.add(listener)
        else:
            self.seats.add(listener)

    def discard(self, listener: Listener) -> None:
        """Let a listener go."""
        if isinstance(listener, Waiter):
            self.waiters.discard(listener)
        else:
            self.seats.discard(listener)

    def listeners(self) -> list[Listener]:
        """All of them, as they are now."""
        return [*self.waiters, *self.seats]

    def __len__(self) -> int:
        return len(self.waiters) + len(self.seats)


@dataclass(frozen=True, slots=True)
class Due:
    """A group that a round has something for; ``before`` was its newest position until then."""

    group: Group
    before: int
    signals: bytes


@dataclass(frozen=True, slots=True)
class Round:
    """Whoever was not behind knows everything up to ``start``; the round brings them to ``end``."""

    start: int
    end: int
    due: list[Due]
    everybody: bool
