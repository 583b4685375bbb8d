"""A log in memory, and a hub or a whole stream over it."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import NamedTuple

from orderboard.stream.counters import Counters
from orderboard.stream.hub import Hub
from orderboard.stream.listener import Waiter
from orderboard.stream.reader import Reader
from orderboard.stream.source import Source
from orderboard.stream.window import WINDOW_BYTES, Room
from tests.stream.spec import Message, read

NO_REDIS = "redis://127.0.0.1:1/"


class Head(NamedTuple):
    epoch: str
    position: int


@dataclass(frozen=True)
class Event:
    position: int
    order: str
    text: str = ""
    type: str = "order.updated"


@dataclass(frozen=True)
class Settings:
    redis_url: str = NO_REDIS
    stream_limit: int = 1_000_000
    stream_listeners: int = 20_000
    stream_listeners_per_address: int = 20_000
    stream_heartbeat: float = 10.0
    stream_window: int = 100
    stream_window_bytes: int = 64 * 1024 * 1024
    stream_replay_limit: int = 1000
    stream_retry_ms: int = 2600


class Log:
    """Remembers events; can be made to fail, and counts who reads it."""

    def __init__(self, epoch: str = "e1") -> None:
        self.epoch = epoch
        self.events: list[Event] = []
        self.reads: list[str] = []
        self.broken = False
        self._lock = threading.Lock()

    def add(self, *orders: str, text: str = "") -> list[Event]:
        with self._lock:
            first = len(self.events) + 1
            new = [Event(first + n, order, text) for n, order in enumerate(orders)]
            self.events += new
            return new

    def head(self) -> Head:
        self._fail()
        return Head(self.epoch, self.events[-1].position if self.events else 0)

    def since(self, position: int, limit: int, topic: str | None) -> list[Event]:
        self._fail()
        self.reads.append(topic)
        behind = (e for e in self.events if e.position > position)
        heard = (e for e in behind if topic is None or topic in audiences_of(e))
        return list(islice(heard, limit))

    def source(self) -> Source[Event]:
        return Source(
            contextlib.nullcontext,
            self.head,
            self.since,
            str,
            audiences_of,
            view,
            asdict,
            lambda data: Event(**data),
        )

    def _fail(self) -> None:
        if self.broken:
            raise ConnectionError("database is locked")


def audiences_of(event: Event) -> tuple[str, ...]:
    return ("board", f"order:{event.order}")


def view(event: Event, audience: str) -> dict[str, object] | None:
    if event.text == "staff only" and audience != "board":
        return None
    if event.text == "broken":
        raise KeyError("order")
    told = {"position": event.position, "type": event.type, "to": audience}
    return told | {"order": event.order, "text": event.text}


class Desk:
    """A hub and its reader without threads: the test says when a round is."""

    def __init__(
        self,
        log: Log,
        window: int = 100,
        replay_limit: int = 1000,
        window_bytes: int = WINDOW_BYTES,
    ) -> None:
        self.log = log
        self.hub = Hub(log.source(), Room(window, window_bytes), replay_limit, Counters())
        self.reader = Reader(self.hub, log.source())
        self.reader.look()

    def commit(self, *orders: str, text: str = "") -> None:
        self.hub.hear(self.log.epoch, self.log.add(*orders, text=text))

    def listen(self, audience: str, after=None) -> tuple[Waiter, list[Message]]:
        waiter = Waiter(audience)
        return waiter, read(self.hub.join(waiter, after)).messages

    def told(self, waiter: Waiter) -> list[Message]:
        said = b""
        while (piece := self.hub.take(waiter)) != b"":
            said += self.reader.catch_up(waiter) if piece is None else piece
        return read(said).messages

    def hears(self, waiter: Waiter) -> list[int]:
        """The positions a waiter is told of next."""
        return positions(self.told(waiter))


def positions(messages: list[Message]) -> list[int]:
    return [int(m.last_id.partition("-")[2]) for m in messages if m.type.startswith("order.")]


def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds
