"""The newest events, kept at hand so that hardly anybody has to ask the log."""

import logging
from bisect import bisect_right
from typing import Generic, NamedTuple

from orderboard.stream.counters import Counters
from orderboard.stream.frame import EventId, event_frame, reset_frame
from orderboard.stream.source import E, Source
from orderboard.stream.wire import Frames

log = logging.getLogger(__name__)

CHUNK = 256 * 1024
"""Bytes after which a join stops: no listener, however far behind, pins more than about this."""
WINDOW_BYTES = 64 * 1024 * 1024
"""Memory that the events of a window may take, unless it is set otherwise."""
_REMEMBERED = 64
_JOINED_BYTES = 4 * 1024 * 1024
"""Bytes of joins that are remembered, whole events though they may be."""
_PER_ENTRY, _PER_FRAME = 700, 100
"""Bytes of memory that an event and a frame take beside what they hold."""


class Room(NamedTuple):
    """How much may be kept: so many events, and so many bytes of memory."""

    events: int
    bytes: int = WINDOW_BYTES


class Joined(NamedTuple):
    """Whoever is sent these frames knows everything up to ``upto``."""

    frames: Frames
    upto: int


class Encoder(Generic[E]):
    """Turns events into an audience's frames."""

    def __init__(self, source: Source[E], counters: Counters) -> None:
        self._source = source
        self._counters = counters

    def frame(self, epoch: str, event: E, audience: str) -> bytes:
        """The event's frame for an audience; empty when that audience may not hear it."""
        try:
            data = self._source.view(event, audience)
            if data is None:
                return b""
            self._counters.frames_encoded += 1
            return event_frame(epoch, event.position, str(data["type"]), data)
        except Exception:
            # One bad event must not silence everybody's stream, and leaving it out would be a
            # silent gap: a reset makes pages read afresh.
            log.exception("event %s-%d cannot be told to %s", epoch, event.position, audience)
            self._counters.unreadable += 1
            return reset_frame(epoch, event.position, "unreadable")


class _Entry(Generic[E]):
    __slots__ = ("audiences", "event", "frames", "size")

    def __init__(self, event: E, audiences: tuple[str, ...], size: int) -> None:
        self.size = size
        self.event = event
        self.audiences = audiences
        self.frames: dict[str, bytes] = {}


class Window(Generic[E]):
    """Contiguous positions from ``oldest`` to ``newest``; a frame is encoded when first asked for.

    It holds so many events and about so many bytes of memory, frames included, but always the
    newest event. The caller keeps threads apart.
    """

    def __init__(
        self, epoch: str, position: int, room: Room, source: Source[E], encoder: Encoder[E]
    ) -> None:
        self.epoch = epoch
        self.room = room
        self.bytes = 0
        self.oldest = position + 1
        self.newest = position
        self._source = source
        self._encoder = encoder
        self._entries: dict[int, _Entry[E]] = {}
        self._heard_by: dict[str, list[int]] = {}
        self._joins: dict[tuple[str, int], Joined] = {}
        self._joined = 0

    def append(self, event: E) -> None:
        """Take in the event right behind ``newest``."""
        if event.position != self.newest + 1:
            raise ValueError(f"position {event.position} does not follow {self.newest}")
        entry = self._enter(event)
        for audience in entry.audiences:
            self._heard_by.setdefault(audience, []).append(event.position)
        self.newest = event.position
        self._forget_joins()
        self._trim()

    def prepend(self, events: list[E]) -> None:
        """Take in older events that end right before ``oldest``, or overlap it."""
        older = [event for event in events if event.position < self.oldest]
        places = range(self.oldest - len(older), self.oldest)
        if [event.position for event in older] != list(places):
            raise ValueError("the events do not join the window")
        heard_by: dict[str, list[int]] = {}
        for event in older:
            for audience in self._enter(event).audiences:
                heard_by.setdefault(audience, []).append(event.position)
        for audience, positions in heard_by.items():
            self._heard_by[audience] = positions + self._heard_by.get(audience, [])
        self.oldest -= len(older)
        self._forget_joins()
        self._trim()

    def reaches(self, position: int) -> bool:
        """Whether everything behind ``position`` is here."""
        return position >= self.oldest - 1

    def out_of_reach(self, after: EventId, limit: int) -> str:
        """Why nobody can go on from an id, with or without the log; empty if somebody can."""
        if after.epoch != self.epoch:
            return "epoch"
        if after.position > self.newest:
            return "ahead"
        return "too_old" if self.newest - after.position > limit else ""

    def audiences(self, position: int) -> tuple[str, ...]:
        """Who may hear the event at a position."""
        return self._entries[position].audiences

    def __len__(self) -> int:
        return len(self._entries)

    def join(self, audience: str, after: int) -> Joined:
        """The frames an audience hears behind ``after``, made once however many ask."""
        found = self._joins.get((audience, after))
        if found is None:
            if len(self._joins) >= _REMEMBERED or self._joined > _JOINED_BYTES:
                self._forget_joins()
            found = self._joins[audience, after] = self._join(audience, after)
            self._joined += found.frames.size
            self._trim()  # the frames it made take memory as well
        return found

    def _join(self, audience: str, after: int) -> Joined:
        positions = self._heard_by.get(audience, [])
        frames: list[bytes] = []
        size = 0
        for position in positions[bisect_right(positions, after) :]:
            if size >= CHUNK:
                return Joined(Frames(frames), position - 1)
            frame = self._frame(position, audience)
            if frame:
                frames.append(frame)
                size += len(frame)
        return Joined(Frames(frames), self.newest)

    def _frame(self, position: int, audience: str) -> bytes:
        entry = self._entries[position]
        frame = entry.frames.get(audience)
        if frame is None:
            frame = self._encoder.frame(self.epoch, entry.event, audience)
            entry.frames[audience] = frame
            entry.size += len(frame) + _PER_FRAME
            self.bytes += len(frame) + _PER_FRAME
        return frame

    def _enter(self, event: E) -> _Entry[E]:
        audiences = tuple(dict.fromkeys(self._source.audiences_of(event)))
        entry = _Entry(event, audiences, self._source.weigh(event) + _PER_ENTRY)
        self._entries[event.position] = entry
        self.bytes += entry.size
        return entry

    def _forget_joins(self) -> None:
        self._joins.clear()
        self._joined = 0

    def _trim(self) -> None:
        while len(self._entries) > self.room.events or (
            self.bytes > self.room.bytes and len(self._entries) > 1
        ):
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        entry = self._entries.pop(self.oldest)
        self.bytes -= entry.size
        for audience in entry.audiences:
            positions = self._heard_by[audience]
            del positions[0]
            if not positions:
                del self._heard_by[audience]
        self.oldest += 1
