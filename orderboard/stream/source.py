"""What the stream is handed: the functions it reads the log with, and the settings it needs."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from orderboard.stream.weight import weight

Json = dict[str, Any]


class Fact(Protocol):
    """All that the stream knows of an event."""

    @property
    def position(self) -> int:
        """Where the event stands in the log."""


class Head(Protocol):
    """How far the log has come."""

    @property
    def epoch(self) -> str:
        """What the positions belong to."""

    @property
    def position(self) -> int:
        """The newest position."""


E = TypeVar("E", bound=Fact)


def nobody(*_: object) -> None:
    """Nobody in the house needs to know."""


class Summed(NamedTuple):
    """What is summed up: the signal's name, who hears it, and what works it out inside the context.

    It is worked out once a second at most, for all of a process.
    """

    type: str
    audience: str
    work_out: Callable[[], Json]


@dataclass(frozen=True, slots=True)
class Source(Generic[E]):
    """The log and the meaning of its events. ``head`` and ``since`` run inside ``app_context``.

    ``since`` reads behind a position, so many at most, what stands under a topic: under None the
    whole log, in which positions have no gaps. ``heard`` is told of all events that this process
    hears of, each at least once; ``missed``, that there were others of which it will not hear. Both
    are called from any thread, and must be quick.
    """

    app_context: Callable[[], AbstractContextManager[Any]]
    head: Callable[[], Head]
    since: Callable[[int, int, str | None], list[E]]
    topic: Callable[[str], str]
    audiences_of: Callable[[E], tuple[str, ...]]
    view: Callable[[E, str], Json | None]
    to_wire: Callable[[E], Json]
    from_wire: Callable[[Json], E]
    summaries: Sequence[Summed] = ()
    heard: Callable[[Sequence[E]], object] = nobody
    missed: Callable[[], object] = nobody

    def weigh(self, event: E) -> int:
        """About how many bytes an event takes in memory."""
        return weight(self.to_wire(event))


class Settings(Protocol):
    """The part of the settings that is the stream's."""

    @property
    def redis_url(self) -> str:
        """Where Redis is."""

    @property
    def stream_limit(self) -> int:
        """How many streams a minute one address may open in one process."""

    @property
    def stream_listeners(self) -> int:
        """How many streams one process may have open."""

    @property
    def stream_listeners_per_address(self) -> int:
        """How many of them may be one address's."""

    @property
    def stream_heartbeat(self) -> float:
        """Seconds without a word after which a listener hears a heartbeat."""

    @property
    def stream_window(self) -> int:
        """How many events are kept at hand."""

    @property
    def stream_window_bytes(self) -> int:
        """About how many bytes of memory they may take, with what is made of them."""

    @property
    def stream_replay_limit(self) -> int:
        """How many events behind a listener may be and still be told all of them."""

    @property
    def stream_retry_ms(self) -> int:
        """How long listeners are to wait before they reconnect, in milliseconds."""
