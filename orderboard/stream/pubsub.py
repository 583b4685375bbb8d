"""Pub/sub through Redis, the quick way between processes; it may be away: the log knows everything.

A message is one PUBLISH: the sender's name, a line end, and JSON with the ``epoch`` that the sender
knows, and whatever had gathered: ``events``; a ``head`` alone when there were too many of them, or
Redis was away, or nobody else listens (whoever hears it reads the log); ``signals``; ``listeners``
and ``counters``, the sender's numbers.
"""

from collections.abc import Callable
from typing import Generic, Protocol

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from orderboard.stream.counters import Counters
from orderboard.stream.peers import Peers
from orderboard.stream.publisher import Publisher
from orderboard.stream.source import E, Json
from orderboard.stream.subscriber import Subscriber

TIMEOUT = 0.4
"""Seconds any one call to Redis may take."""


class Receiver(Protocol):
    """Whoever is told what comes."""

    def epoch(self) -> str:
        """Which log this process reads; empty while that is not known."""

    def heard(self, message: Json) -> None:
        """A message of another process."""

    def back(self) -> None:
        """Redis is heard, or heard again: whatever it missed is in the log."""


class PubSub(Generic[E]):
    """One publisher and one subscription for the whole process."""

    def __init__(
        self,
        name: str,
        url: str,
        receiver: Receiver,
        to_wire: Callable[[E], Json],
        listeners: Callable[[], dict[str, int]],
        counters: Counters,
    ) -> None:
        self.peers = Peers()
        self._receiver = receiver
        self._counters = counters
        self._publisher = Publisher(
            _client(url), name, to_wire, listeners, receiver.epoch, counters
        )
        self._subscriber = Subscriber(_client(url), name, receiver.epoch, self._heard, self._back)

    @property
    def connected(self) -> bool:
        """Whether this process would hear another one just now."""
        return self._subscriber.connected

    def reachable(self) -> bool:
        """Whether Redis answers; takes a fraction of a second at most."""
        return self._publisher.reachable()

    def start(self) -> None:
        """Begin to listen and to tell."""
        self._publisher.start()
        self._subscriber.start()

    def close(self) -> None:
        """Stop both, without waiting for Redis."""
        self._publisher.close()
        self._subscriber.close()

    def begin(self) -> None:
        """The log began anew: have those told who do not know yet."""
        self._publisher.begin()

    def announce(self, epoch: str, events: list[E]) -> None:
        """Tell other processes of events; returns at once and never fails."""
        self._publisher.events(epoch, events)

    def signal(self, type: str, audience: str, data: Json) -> None:
        """Pass something on to the listeners other processes have just now."""
        self._publisher.signal(type, audience, data)

    def recheck(self) -> None:
        """Have other processes ask their streams' guards."""
        self._publisher.recheck()

    def _heard(self, sender: str, message: Json) -> None:
        self._counters.pubsub_messages += 1
        self._publisher.met()
        if "listeners" in message:
            self.peers.note(sender, message["listeners"], message.get("counters", {}))
        self._receiver.heard(message)

    def _back(self, again: bool) -> None:
        self._counters.pubsub_gaps += again
        self._publisher.introduce()
        self._receiver.back()


def _client(url: str) -> "redis.Redis":
    # The library's own retries would keep a publish waiting for seconds, and would take up a
    # broken subscription again without a word about what it missed.
    return redis.Redis.from_url(
        url,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        max_connections=4,
    )
