"""Reads the log for the hub. One reader at a time, whoever asks."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic

from orderboard.stream.hub import Hub
from orderboard.stream.listener import Listener
from orderboard.stream.source import E, Source
from orderboard.stream.window import CHUNK, Joined
from orderboard.stream.wire import Frames

log = logging.getLogger(__name__)

PAGE = 500
"""Events read from the log at a time."""
_PAGE_BYTES = 8 * 1024 * 1024
"""Memory that the next page is to take, judged by the one before."""
_REMEMBERED = 16


class LogUnavailable(Exception):
    """The log cannot be read just now."""


class Reader(Generic[E]):
    """Brings the hub up to the log's head, and tells listeners what the window no longer knows."""

    def __init__(self, hub: Hub[E], source: Source[E]) -> None:
        self._hub = hub
        self._source = source
        self._counters = hub.counters
        self._one = threading.RLock()
        self.behind = 0
        """Events the log had at the last look that this process did not know yet."""
        self._limit = PAGE
        self._too_heavy = 0, -1
        """In which life of the log, and up to where, events have no room in the window."""
        self._pages: dict[tuple[int, str, int], Joined] = {}

    def look(self) -> None:
        """Bring the hub up to the log's head. Raises LogUnavailable."""
        with self._reading():
            self._follow()

    def catch_up(self, listener: Listener) -> bytes:
        """What a listener is to be told next, from the log if need be. Raises LogUnavailable.

        An empty answer is no end: ``Hub.take`` says when there is nothing more.

        The first of many who come back at once reads what they all have missed into the window;
        the others, who waited for the one reader's turn, find it there.
        """
        with self._one:
            told = self._hub.take(listener)
            if told is not None:
                return told
            before = listener.position, listener.generation
            try:
                with self._reading():
                    return self._replay(listener)
            except LogUnavailable:
                # Perhaps it had been counted as told already.
                listener.position, listener.generation = before
                raise

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._one:
            try:
                with self._source.app_context():
                    yield
            except Exception as error:
                # The functions are handed in and so are their errors. Whatever it is that keeps
                # the log from being read, every stream outlives it and reads on afterwards.
                self._counters.log_failures += 1
                raise LogUnavailable(f"{type(error).__name__}: {error}") from error

    def _follow(self) -> None:
        hub = self._hub
        known_epoch, known = hub.epoch, hub.head
        head = self._source.head()
        self._counters.head_reads += 1
        self.behind = max(0, head.position - known) if head.epoch == known_epoch else 0
        if head.epoch != known_epoch:
            self._restart(head.epoch, head.position, "epoch")
        elif head.position < known:
            # What was announced had been committed: a log that is behind it is another one.
            self._restart(head.epoch, head.position, "ahead")
        elif head.position - known > hub.replay_limit:
            self._restart(head.epoch, head.position, "too_old")
        else:
            self._read_on(head.epoch, known, head.position)

    def _read_on(self, epoch: str, position: int, end: int) -> None:
        while position < end:
            events = self._since(position, None)
            if not _contiguous(events, position):
                log.error("the log has a gap behind %s-%d", epoch, position)
                self._restart(epoch, end, "gap")
                return
            self._hub.hear(epoch, events)
            position = events[-1].position

    def _restart(self, epoch: str, position: int, reason: str) -> None:
        if self._hub.epoch:
            log.warning("the stream starts anew at %s-%d: %s", epoch, position, reason)
            self._counters.epoch_changes += 1
        self._hub.begin(epoch, position, reason)

    def _replay(self, listener: Listener) -> bytes:
        hub = self._hub
        self._follow()
        told = hub.take(listener)
        if told is not None:
            return told
        behind = hub.head - listener.position
        if behind > hub.replay_limit:
            return hub.reset(listener, "too_old")
        generation, heaviest = self._too_heavy
        is_too_heavy = generation == hub.generation and listener.position <= heaviest
        if behind > hub.window.room.events or is_too_heavy:
            return self._page(listener)
        if not self._recall(listener.position):
            return hub.reset(listener, "gap")
        told = hub.take(listener)
        return self._page(listener) if told is None else told

    def _recall(self, position: int) -> bool:
        """Let the window reach back to a position, and some way beyond for others like it.

        Where there is no room for that the window stays as it is. Answers whether the log has no
        gap.
        """
        window, wanted = self._hub.window, position
        weight = window.bytes
        position = max(position // PAGE * PAGE, window.newest - window.room.events)
        events: list[E] = []
        while position < window.oldest - 1:
            page = self._since(position, None)
            if not _contiguous(page, position):
                log.error("the log has a gap behind %s-%d", window.epoch, position)
                return False
            events += page
            position = page[-1].position
            weight += sum(map(self._source.weigh, page))
            if weight > window.room.bytes:
                self._too_heavy = self._hub.generation, wanted
                return True
        self._hub.recall(window.epoch, events)
        return True

    def _page(self, listener: Listener) -> bytes:
        hub = self._hub
        key = (listener.generation, listener.audience, listener.position)
        page = self._pages.get(key)
        if page is None:
            if len(self._pages) >= _REMEMBERED:
                self._pages.clear()
            page = self._pages[key] = self._read_page(listener)
        told = page.frames.wire(listener.chunked)
        hub.counters.deliveries += len(page.frames)
        listener.position = page.upto
        return told

    def _read_page(self, listener: Listener) -> Joined:
        epoch, head, limit = self._hub.epoch, self._hub.head, self._limit
        events = self._since(listener.position, self._source.topic(listener.audience))
        frames: list[bytes] = []
        size = 0
        for event in events:
            if size >= CHUNK:
                return Joined(Frames(frames), event.position - 1)
            if frame := self._hub.encoder.frame(epoch, event, listener.audience):
                frames.append(frame)
                size += len(frame)
        # A page that is not full ends the log: nothing up to the head is left for this audience.
        last = events[-1].position if events else head
        upto = last if len(events) == limit else max(last, head)
        return Joined(Frames(frames), upto)

    def _since(self, position: int, topic: str | None) -> list[E]:
        self._counters.log_reads += 1
        events = self._source.since(position, self._limit, topic)
        sample = events[:: max(1, len(events) // 4)]
        heaviest = max(map(self._source.weigh, sample), default=1)
        self._limit = max(1, min(PAGE, _PAGE_BYTES // heaviest))
        return events


def _contiguous(events: list[E], position: int) -> bool:
    return (
        bool(events)
        and events[0].position == position + 1
        and (events[-1].position == position + len(events))
    )
