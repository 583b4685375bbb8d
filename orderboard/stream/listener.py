"""Who listens: an audience and a position. What a listener has yet to hear is nowhere kept."""

import random
import threading
import time
from collections.abc import Callable
from typing import ClassVar, Protocol

Guard = Callable[[], bool]
"""Asked about once a heartbeat whether a stream may go on. Equal guards are asked once for all."""

LIFE = 3600.0
"""About how many seconds a stream lasts; then its listener comes back, maybe to another process."""


class Members(Protocol):
    """What is known of a listener's group: nothing that it may hear is newer than ``newest``."""

    audience: str
    newest: int

    def __len__(self) -> int: ...

    def discard(self, listener: "Listener") -> None:
        """Let a listener go."""

    def signals_behind(self, serial: int) -> bytes:
        """The signals kept that are newer than one."""


class Listener:
    """Everything up to ``position`` has been told, or was not for this audience.

    ``generation`` says which life of the log the position belongs to. ``ended`` is why the stream
    is to end, as soon as that is decided; ``until`` the moment at which it does so by itself.
    ``address`` is where it listens from. ``chunked`` says whether what it is told goes to the wire
    without a server's doing, in chunks.
    """

    chunked: ClassVar[bool] = False

    __slots__ = (
        "address",
        "audience",
        "ended",
        "generation",
        "group",
        "guard",
        "position",
        "until",
    )

    def __init__(self, audience: str, guard: Guard | None = None, address: str = "") -> None:
        self.address = address
        self.audience = audience
        self.guard = guard
        self.position = 0
        self.generation = 0
        self.ended = ""
        self.until = time.monotonic() + LIFE * random.uniform(0.8, 1.2)  # noqa: S311
        self.group: Members | None = None

    def wake(self) -> None:
        """Something may have come for this listener, or it is to end."""


class Waiter(Listener):
    """A listener whose own thread takes what has come and waits when there is nothing."""

    __slots__ = ("bell", "heard_signals")

    def __init__(self, audience: str, guard: Guard | None = None, address: str = "") -> None:
        super().__init__(audience, guard, address)
        self.bell = threading.Event()
        self.heard_signals = 0

    def wake(self) -> None:
        """Let the waiting thread look."""
        self.bell.set()
