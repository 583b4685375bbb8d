"""The delivery of the log as Server-Sent Events."""

from orderboard.stream.frame import EventId, InvalidEventId, parse_id
from orderboard.stream.service import Stream
from orderboard.stream.source import Summed

__all__ = ["EventId", "InvalidEventId", "Stream", "Summed", "parse_id"]
