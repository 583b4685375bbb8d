"""A listener that is nothing but a socket: no thread, no greenlet, no request waits for it."""

from collections.abc import Callable

from orderboard.stream.listener import Guard, Listener

GONE = -1
FROM_LOG = memoryview(b"")
"""Stands for a rest that is still to be read from the log."""


class StreamConnection(Listener):
    """``rest`` is what its socket has not taken yet; ``position`` counts it as told.

    While there is a rest nothing else may be written. ``taken_at`` is when the socket last took
    something, in seconds of the monotonic clock; ``waits`` whether its room is waited for.
    """

    chunked = True
    __slots__ = ("end", "fd", "rest", "taken_at", "waits")

    def __init__(
        self,
        fd: int,
        audience: str,
        guard: Guard | None,
        address: str,
        end: Callable[["StreamConnection"], None],
    ) -> None:
        super().__init__(audience, guard, address)
        self.end = end
        self.fd = fd
        self.rest: memoryview | None = None
        self.taken_at = 0.0
        self.waits = False

    def wake(self) -> None:
        """Rounds write to a connection without its doing; only its end is told to it."""
        if self.ended:
            self.end(self)


class PlainStreamConnection(StreamConnection):
    """One that asked with HTTP/1.0: its answer ends with the connection."""

    chunked = False
    __slots__ = ()
