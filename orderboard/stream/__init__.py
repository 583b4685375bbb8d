"""The delivery of the log as Server-Sent Events."""

from orderboard.stream.frame import EventId, InvalidEventId, parse_id
from orderboard.stream.service import Stream

__all__ = ["EventId", "InvalidEventId", "Stream", "parse_id"]
