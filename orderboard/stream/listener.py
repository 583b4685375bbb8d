"""Who listens: an audience and a position. What a listener has yet to hear is nowhere kept."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orderboard.stream.group import Group

Guard = Callable[[], bool]
"""Asked about once a heartbeat whether a stream may go on. Equal guards are asked once for all."""


class Listener:
    """Everything up to ``position`` has been told, or was not for this audience.

    ``generation`` says which life of the log the position belongs to. ``ended`` is why the stream
    is to end, as soon as that is decided.
    """

    __slots__ = ("audience", "ended", "generation", "group", "guard", "position")

    def __init__(self, audience: str, guard: Guard | None = None) -> None:
        self.audience = audience
        self.guard = guard
        self.position = 0
        self.generation = 0
        self.ended = ""
        self.group: Group | None = None

    def wake(self) -> None:
        """Something may have come for this listener, or it is to end."""


class Waiter(Listener):
    """A listener whose own thread takes what has come and waits when there is nothing."""

    __slots__ = ("bell", "heard_signals")

    def __init__(self, audience: str, guard: Guard | None = None) -> None:
        super().__init__(audience, guard)
        self.bell = threading.Event()
        self.heard_signals = 0

    def wake(self) -> None:
        """Let the waiting thread look."""
        self.bell.set()
