"""The bytes of Server-Sent Events. Nothing here knows a socket, a log or a clock."""

import re
from dataclasses import dataclass
from typing import Any

from orderboard.jsontext import dump

Json = dict[str, Any]

_ID = re.compile(r"([0-9a-z]{1,32})-([0-9]{1,18})")
_LINE_ENDS = str.maketrans("", "", "\r\n")


class InvalidEventId(ValueError):
    """The text is no event id."""


@dataclass(frozen=True, slots=True)
class EventId:
    """A place in the log: everything up to ``position`` of this ``epoch`` is known."""

    epoch: str
    position: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.position}"


def parse_id(text: str) -> EventId:
    """Read ``<epoch>-<position>``; anything else raises InvalidEventId."""
    found = _ID.fullmatch(text)
    if not found:
        raise InvalidEventId("an event id looks like 9c41-1042")
    return EventId(found[1], int(found[2]))


def event_frame(epoch: str, position: int, type: str, data: Json) -> bytes:
    """The frame of one durable event; its id is where a listener resumes behind it."""
    return _frame(type, data, f"id: {epoch}-{position}\n")


def heartbeat_frame(epoch: str, position: int) -> bytes:
    """Says that the listener knows everything it may hear up to ``position``."""
    return event_frame(epoch, position, "heartbeat", {"position": position})


def reset_frame(epoch: str, position: int, reason: str) -> bytes:
    """Says that what lies before cannot be told; the listener goes on live from ``position``.

    It carries that position as its id, so that a listener which reconnects right after it
    resumes there and is not reset once more.
    """
    return event_frame(epoch, position, "reset", {"reason": reason})


def signal_frame(type: str, data: Json) -> bytes:
    """A frame of something that passes: without an id it moves no listener's position."""
    return _frame(type, data)


def end_frame(reason: str, detail: str, milliseconds: int, after: EventId | None = None) -> bytes:
    """The last word of a stream: why it ends, and how long to wait before coming back.

    ``after``: where its listener was, when nothing else has said so on this connection. Many a
    client takes whatever id a frame has, also none, for the one to come back with.
    """
    head = f"id: {after}\n" if after else ""
    return retry_field(milliseconds) + _frame("end", {"reason": reason, "detail": detail}, head)


def retry_field(milliseconds: int) -> bytes:
    """Tells the listener how long to wait before it reconnects.

    It is the first line of the block that follows, never a block of its own: many clients take a
    block without data for an empty message.
    """
    return b"retry: %d\n" % milliseconds


def _frame(type: str, data: Json, head: str = "") -> bytes:
    # JSON writes every control character as an escape, so the data is one line whatever it says.
    # A lone surrogate is the one thing UTF-8 refuses, and its backslash form is its JSON escape.
    frame = f"{head}event: {type.translate(_LINE_ENDS)}\ndata: {dump(data)}\n\n"
    return frame.encode("utf-8", "backslashreplace")
