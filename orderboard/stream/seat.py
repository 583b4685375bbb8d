"""A listener that is nothing but a socket: no thread, no greenlet, no request waits for it."""

from typing import TYPE_CHECKING

from orderboard.stream.listener import Guard, Listener

if TYPE_CHECKING:
    from orderboard.stream.writer import Writer

GONE = -1
FROM_LOG = memoryview(b"")
"""Stands for a rest that is still to be read from the log."""


class Seat(Listener):
    """``rest`` is what its socket has not taken yet; ``position`` counts it as told.

    While there is a rest nothing else may be written. ``taken_at`` is when the socket last took
    something, in seconds of the monotonic clock; ``waits`` whether its room is waited for.
    """

    __slots__ = ("fd", "rest", "taken_at", "waits", "writer")

    def __init__(self, writer: "Writer", fd: int, audience: str, guard: Guard | None) -> None:
        super().__init__(audience, guard)
        self.writer = writer
        self.fd = fd
        self.rest: memoryview | None = None
        self.taken_at = 0.0
        self.waits = False

    def wake(self) -> None:
        """It is to end."""
        if self.ended:
            self.writer.end(self)
