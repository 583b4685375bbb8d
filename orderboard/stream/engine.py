"""Everything of the stream that one process has: the hub, what feeds it and what it feeds."""

import logging
import math
import random
import threading
import time
from typing import Generic

from orderboard.stream.admission import Admission
from orderboard.stream.authorization import AuthorizationChecks
from orderboard.stream.connection import PlainStreamConnection, StreamConnection
from orderboard.stream.counters import Counters
from orderboard.stream.end_reasons import WHY, patience
from orderboard.stream.frame import EventId, end_frame, retry_field, signal_frame
from orderboard.stream.hub import Hub
from orderboard.stream.listener import Guard
from orderboard.stream.pubsub import PubSub
from orderboard.stream.reader import LogUnavailable, Reader
from orderboard.stream.source import E, Json, Settings, Source
from orderboard.stream.summary import Summary, summaries
from orderboard.stream.suppress import suppress_and_log
from orderboard.stream.window import Room
from orderboard.stream.wire import Frames
from orderboard.stream.writer import Writer

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at the log's head, whether or not pub/sub works."""
_PATIENCE = 0.03
"""Seconds an event may wait for the one before it until the log is read."""
_LONGEST_PAUSE = 2.0
_STEP = 0.05
_LAST_READ = 2.0
"""Seconds that closing waits for what is just being read, at most."""


class Engine(Generic[E]):
    """The hub with its threads. Belongs to the process that made it; never outlives a fork."""

    def __init__(self, settings: Settings, source: Source[E], name: str) -> None:
        self.counters = Counters()
        self.hub: Hub[E] = Hub(
            source,
            Room(settings.stream_window, settings.stream_window_bytes),
            settings.stream_replay_limit,
            self.counters,
        )
        self.reader: Reader[E] = Reader(self.hub, source)
        heartbeat = self._heartbeat = settings.stream_heartbeat
        self.authorization = AuthorizationChecks(source.app_context, heartbeat, self.counters)
        self.pubsub: PubSub[E] = PubSub(
            name, settings.redis_url, self, source.to_wire, self.listeners, self.counters
        )
        self.admission = Admission(settings, self.hub.listener_counts, self.counters)
        self._settings = settings
        self._retry = Frames([retry_field(settings.stream_retry_ms)])
        self._source = source
        self._writer: Writer[E] | None = None
        self._hurry = threading.Event()
        self._closing = threading.Event()
        self._ring = threading.Event()
        self._urgent = True
        self._summaries: list[Summary] = []
        self._readers = [self.authorization.thread]
        self.hub.on_missing = self._ring.set
        self.hub.on_doubt = self.wake
        self.hub.on_begin = self.pubsub.begin

    def start(self) -> None:
        """Start the threads; the hub is ready once the log has been read for the first time."""
        for work in (self._look_on, self._deliver):
            thread = threading.Thread(target=work, name=f"stream{work.__name__}", daemon=True)
            self._readers.append(thread)
            thread.start()
        for summary in summaries(self.hub, self._source):
            self._summaries.append(summary)
            self._readers.append(summary.thread)
            summary.start()
        self.authorization.start()
        self.pubsub.start()

    def take_over(
        self,
        fd: int,
        head: bytes,
        chunked: bool,
        audience: str,
        after: EventId | None,
        guard: Guard | None,
        address: str,
    ) -> None:
        """Tell a listener from now on whose socket has left its request."""
        if self._writer is None:
            self._writer = Writer(self.hub, self.reader, self._heartbeat, self.last_frame)
            self._writer.start()
        kind = StreamConnection if chunked else PlainStreamConnection
        conn = kind(fd, audience, guard, address, self._writer.end_of_connection)
        try:
            self._writer.admit(conn, head + self._retry.wire(chunked), after)
            self.authorization.watch(conn)
        except Exception:
            # Nobody looks after one that is not wholly here, and nobody asks its guard. Whoever is
            # cut off comes back.
            log.exception("a listener could not be taken in")
            self._writer.cut(conn)

    def last_frame(self, reason: str, after: EventId | None = None) -> bytes:
        """The last word: why, and a ``retry`` that spreads those who are sent away together.

        ``after``: where somebody was who has not even begun.
        """
        pause = self._settings.stream_retry_ms * patience(reason, self.admission.full)
        return end_frame(reason, WHY[reason], int(pause), after)

    def end_all(self, over: float) -> None:
        """End all streams, spread over some seconds."""
        with self.hub.lock:
            listeners = [one for group in self.hub.groups.values() for one in group.listeners()]
        random.shuffle(listeners)
        at_once = max(1, math.ceil(len(listeners) * _STEP / max(over, _STEP)))
        while listeners:
            for listener in listeners[:at_once]:
                listener.ended = "closing"
                with suppress_and_log("ending a stream"):
                    listener.wake()
            del listeners[:at_once]
            self._hurry.wait(_STEP if listeners else 0)

    def hurry(self) -> None:
        """Have ``end_all`` spread no more."""
        self._hurry.set()

    def close(self) -> None:
        """Let the threads end, and wait a moment for those that read the database."""
        self._closing.set()
        if self._writer:
            self._writer.close()
        for summary in self._summaries:
            summary.close()
        self.authorization.close()
        self.pubsub.close()
        self._ring.set()
        self.hub.bell.set()
        self._log_endings()
        end = time.monotonic() + _LAST_READ
        for thread in self._readers:
            thread.join(max(0.0, end - time.monotonic()))

    def wake(self) -> None:
        """Look at the log now."""
        self._urgent = True
        self._ring.set()

    def listeners(self) -> dict[str, int]:
        """How many listen in this process, by kind of audience."""
        kinds: dict[str, int] = {}
        with self.hub.lock:
            for group in self.hub.groups.values():
                kind = group.audience.partition(":")[0]
                kinds[kind] = kinds.get(kind, 0) + len(group)
        return kinds

    def signal(self, type: str, audience: str, data: Json) -> None:
        """Pass a signal to this process's own listeners."""
        self.hub.signal(audience, signal_frame(type, data))

    def epoch(self) -> str:
        """Which log this process reads."""
        return self.hub.epoch

    def heard(self, message: Json) -> None:
        """Another process tells of events, of how far the log has come, or of signals."""
        if message.get("epoch") != self.hub.epoch:
            self.wake()  # one of the two has not heard yet that the log began anew
        else:
            self._heard_of_log(message)
        for type, audience, data in message.get("signals", ()):
            self.signal(type, audience, data)
        if message.get("recheck"):
            self.authorization.recheck()

    def _heard_of_log(self, message: Json) -> None:
        if events := message.get("events"):
            self.hub.hear(message["epoch"], [self._source.from_wire(event) for event in events])
        if message.get("head", 0) > self.hub.head:
            self.wake()

    def back(self) -> None:
        """Redis is heard again: whatever it missed is in the log."""
        self.wake()

    def _look_on(self) -> None:
        failures, due = 0, 0.0
        while not self._closing.is_set():
            with suppress_and_log("counting endings"):
                self._log_endings()
            if self._worth_a_look() or time.monotonic() >= due:
                failures = 0 if self._look(failures) else failures + 1
                due = time.monotonic() + LOOK_EVERY
            if failures:
                longest = min(_LONGEST_PAUSE, 0.1 * 2**failures)
                self._closing.wait(random.uniform(0.05, longest))  # noqa: S311 - only a spread
            else:
                # Until then, and no longer: who rings more often than that must not put it off.
                self._ring.wait(max(0.0, due - time.monotonic()))
            self._ring.clear()

    def _log_endings(self) -> None:
        # One line for all: when thousands leave together, a line for each would cost more than
        # their leaving, just when those who stay are to be served.
        if endings := self.hub.listener_counts.endings():
            log.info("streams ended: %s", endings)

    def _worth_a_look(self) -> bool:
        if not self._urgent and self.hub.gap:
            # An event came before the one it follows. Most often that one is just on its way.
            self._closing.wait(_PATIENCE)
        return self._urgent or self.hub.gap

    def _look(self, failures: int) -> bool:
        self._urgent = False
        try:
            self.reader.look()
        except LogUnavailable as error:
            if not failures:
                log.warning("the log cannot be read: %s", error)
            self._urgent = True
            return False
        return True

    def _deliver(self) -> None:
        while not self._closing.is_set():
            self.hub.bell.wait(LOOK_EVERY)
            self.hub.bell.clear()
            before = self.hub.delivered
            with suppress_and_log("a round"):
                # Listeners' positions say what they still need: whoever looks after them finds it.
                due = self.hub.next_round()
                if due and self._writer:
                    self._writer.write(due)
            for summary in self._summaries if self.hub.delivered != before else ():
                with suppress_and_log("a summary"):
                    summary.news()
