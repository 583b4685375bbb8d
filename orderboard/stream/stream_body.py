"""A stream from its first line to its last as the body of an answer, for any WSGI server."""

import time
from collections.abc import Iterator
from typing import Generic

from orderboard.stream.engine import Engine
from orderboard.stream.frame import EventId, retry_field
from orderboard.stream.listener import Guard, Waiter
from orderboard.stream.reader import LogUnavailable
from orderboard.stream.source import E, Settings


class StreamBody(Generic[E]):
    """Everything said to waiters. The thread that iterates is the one that waits."""

    def __init__(self, engine: Engine[E], settings: Settings) -> None:
        self._engine = engine
        self._hub = engine.hub
        self._settings = settings

    def body(
        self, audience: str, after: EventId | None, guard: Guard | None, address: str
    ) -> Iterator[bytes]:
        """Replay, then live, until the client leaves or the stream is ended.

        Nothing is held, and nobody listens, before the first piece is asked for.
        """
        hub, waiter = self._hub, Waiter(audience, guard, address)
        why = "gone"
        try:
            reset = hub.join(waiter, after)
            self._engine.authorization.watch(waiter)
            # The first piece always has an id: whoever loses the connection before the first
            # event still knows from where to go on.
            said = reset or self._next(waiter) or hub.heartbeat(waiter)
            yield retry_field(self._settings.stream_retry_ms) + said
            yield from self._go_on(waiter)
            why = waiter.ended or "aged"
            yield self._engine.last_frame(why)
        finally:
            hub.leave(waiter, why)

    def _go_on(self, waiter: Waiter) -> Iterator[bytes]:
        due = time.monotonic() + self._settings.stream_heartbeat
        while not waiter.ended and time.monotonic() < waiter.until:
            said = self._next(waiter)
            if not said and time.monotonic() >= due:
                said = self._hub.heartbeat(waiter)
            if said:
                yield said
                due = time.monotonic() + self._settings.stream_heartbeat
                continue
            patience = 0.3 if said is None else self._settings.stream_heartbeat
            waiter.bell.wait(max(0.0, min(due - time.monotonic(), patience)))
            waiter.bell.clear()

    def _next(self, waiter: Waiter) -> bytes | None:
        """What comes next; empty: nothing; None: the log cannot be read just now."""
        while (told := self._hub.take(waiter)) is None:
            try:
                told = self._engine.reader.catch_up(waiter)
            except LogUnavailable:
                return None
            if told:
                break
        return (told or b"") + self._hub.take_signals(waiter)
