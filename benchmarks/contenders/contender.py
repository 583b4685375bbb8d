"""What the benchmark knows of whatever it measures."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from benchmarks.asking import Connection, paced, request
from benchmarks.machine import Cores
from benchmarks.receiver import Asking
from benchmarks.servers import Server


@dataclass(frozen=True, slots=True)
class Sample:
    """An event as orderboard tells it: the whole frame, and the text of its data."""

    frame: bytes
    data: bytes


@dataclass(slots=True)
class Place:
    """Where contenders find what they need and put what they make."""

    folder: Path
    cores: Cores
    samples: list[Sample] = field(default_factory=list)

    @property
    def sample(self) -> Sample:
        """Orderboard's event, which all others tell too."""
        return self.samples[0]


class Contender(ABC):
    """A server that tells its listeners what is posted to it."""

    name: ClassVar[str]
    unasked: ClassVar[dict[str, str]] = {}
    """Parts that make no sense here, and why."""

    version = ""
    server: Server
    order = b""
    """A request that places one order, to be stamped with its moment."""
    batch = b""
    """The same for as many as ``in_batch``."""
    in_batch = 1

    def __init__(self, place: Place) -> None:
        self.place = place

    def missing(self) -> str:
        """What has to be installed first; empty if nothing."""
        return ""

    @abstractmethod
    def start(self) -> None:
        """Start the server, and set ``server``, ``version``, ``order`` and ``batch``."""

    def listen(self, after: str | None = None) -> bytes:
        """The request of a listener, or of one that goes on after an id."""
        resume = [f"Last-Event-ID: {after}"] if after else []
        return request("GET", "/stream", b"", "Accept: text/event-stream", *resume)

    def asking(self, after: str | None = None) -> Asking:
        """Everything that a listener sends."""
        return self.listen(after), b""

    def last_id(self) -> str:
        """An id of the stream behind which nothing has happened yet."""
        return self.event().partition(b"id: ")[2].split(b"\n")[0].decode()

    def event(self) -> bytes:
        """The frame that tells of an order placed just now."""
        with Connection(self.server.port) as listener:
            listener.listen(self.listen())
            paced(self.server.port, self.order, [0.3], clients=1)
            return listener.frame_with(b"|")

    def restart(self) -> None:  # noqa: B027 - nothing is what most of them do
        """Have it forget what it keeps in memory, where it has a log to read it from."""

    def log_reads(self) -> int | None:
        """How often it has read its log; None if it has none."""
        return None
