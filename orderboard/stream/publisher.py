"""Tells other processes what has been committed, from a thread of its own."""

import json
import logging
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Generic

import redis

from orderboard.stream.counters import Counters
from orderboard.stream.peers import TELL_EVERY
from orderboard.stream.source import E, Json

log = logging.getLogger(__name__)

PER_MESSAGE = 256
_MOST_WAITING = 4096
_ALONE = 1
"""Hearers of the channel when this process is the only one. Messages that nobody else hears would
cost 0.3 to 0.5 ms of CPU an order."""
_RING_EVERY = 0.5
"""Seconds between two rings: each is a message, and consumers let events gather for longer."""


def channel(epoch: str) -> str:
    """Where the processes of one log meet."""
    return f"orderboard:{epoch}:events"


def wakeup_channel(epoch: str) -> str:
    """Where it is said that something is new, to those who then read the log themselves."""
    return f"orderboard:{epoch}:bell"


class Publisher(Generic[E]):
    """Joins what has gathered into one message. What Redis does not take at once is given up."""

    def __init__(
        self,
        client: "redis.Redis",
        name: str,
        to_wire: Callable[[E], Json],
        listeners: Callable[[], dict[str, int]],
        epoch: Callable[[], str],
        counters: Counters,
    ) -> None:
        self._client = client
        self._name = name
        self._to_wire = to_wire
        self._listeners = listeners
        self._epoch = epoch
        self._counters = counters
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._closing = threading.Event()
        self._events: list[E] = []
        self._signals: list[tuple[str, str, Json]] = []
        self._recheck = False
        self._told_epoch, self._head = "", 0
        self._met_in = ""
        self._hearers = 0
        self._tell_at = 0.0
        self._ring_at, self._rung = 0.0, 0
        self._failing = False
        self._thread = threading.Thread(target=self._run, name="stream-publisher", daemon=True)

    def start(self) -> None:
        """Begin to publish."""
        self._thread.start()

    def close(self) -> None:
        """Stop after what is under way."""
        self._closing.set()
        self._ready.set()

    def begin(self) -> None:
        """Have it told, where the last epoch's processes meet, that there is a new one."""
        self._ready.set()

    def events(self, epoch: str, events: list[E]) -> None:
        """Have events told to others."""
        if epoch != self._epoch():
            return
        with self._lock:
            self._keep_to(epoch)
            self._events += events
            self._head = max(self._head, events[-1].position)
            if len(self._events) > _MOST_WAITING:
                self._give_up_events()
        self._ready.set()

    def signal(self, type: str, audience: str, data: Json) -> None:
        """Have a signal passed on."""
        with self._lock:
            if len(self._signals) < _MOST_WAITING:
                self._signals.append((type, audience, data))
        self._ready.set()

    def recheck(self) -> None:
        """Have every process ask its guards."""
        self._recheck = True
        self._ready.set()

    def introduce(self) -> None:
        """Have other processes told of this one now: from here on it hears what they tell."""
        self._tell_at = 0.0
        self._ready.set()

    def met(self) -> None:
        """Another process was heard: there is somebody to tell."""
        self._hearers = max(self._hearers, _ALONE + 1)

    def reachable(self) -> bool:
        """Whether Redis answers."""
        try:
            return bool(self._client.ping())
        except (redis.RedisError, OSError):
            return False

    def _run(self) -> None:
        while not self._closing.is_set():
            self._ready.wait(TELL_EVERY)
            self._ready.clear()
            try:
                self._turn()
            except Exception:
                # Whatever is wrong with one message, later ones are to go out.
                log.exception("a message could not be published")
        self._client.close()

    def _turn(self) -> None:
        if not self._epoch():
            return
        self._leave_last_epoch()
        while message := self._gather():
            self._publish(message)
        self._ring()
        # After the events: a head ahead of them would have every process read the log. And also
        # while there is much to tell: a process that is silent of itself is forgotten.
        now = time.monotonic()
        if now >= self._tell_at:
            self._tell_at = now + TELL_EVERY
            self._publish(self._of_itself())

    def _ring(self) -> None:
        # Seldom: whoever hears it looks once more a little later.
        now = time.monotonic()
        if self._failing or self._head == self._rung or now < self._ring_at:
            return
        self._rung, self._ring_at = self._head, now + _RING_EVERY
        with suppress(redis.RedisError, OSError):  # they also look every second
            self._client.publish(wakeup_channel(self._told_epoch), str(self._head))

    def _leave_last_epoch(self) -> None:
        last, self._met_in = self._met_in, self._epoch()
        if last and last != self._met_in:
            self._publish({"epoch": self._met_in}, last)

    def _of_itself(self) -> Json:
        with self._lock:
            self._keep_to(self._epoch())
            log = {"epoch": self._told_epoch, "head": self._head}
        return {**log, "listeners": self._listeners(), "counters": self._counters.figures()}

    def _gather(self) -> Json:
        message: Json = {}
        with self._lock:
            self._keep_to(self._epoch())
            if self._events and self._hearers < 2:
                # Nobody but this process listens, as far as is known. If that is not known, whoever
                # is there reads the log by this; whoever comes reads it by itself, and is met.
                if self._hearers != _ALONE:
                    message["head"] = self._head
                self._events = []
            batch, self._events = self._events[:PER_MESSAGE], self._events[PER_MESSAGE:]
            if self._signals:
                message["signals"], self._signals = self._signals, []
            epoch = self._told_epoch
        if self._recheck:
            message["recheck"], self._recheck = True, False
        if batch:
            message["events"] = [self._to_wire(event) for event in batch]
        return {"epoch": epoch} | message if message else {}

    def _keep_to(self, epoch: str) -> None:
        # What was to be told of another epoch means nothing in this one.
        if epoch != self._told_epoch:
            self._told_epoch, self._head, self._events = epoch, 0, []

    def _publish(self, message: Json, meeting: str = "") -> None:
        text = f"{self._name}\n{json.dumps(message, ensure_ascii=True)}"
        try:
            self._hearers = int(self._client.publish(channel(meeting or message["epoch"]), text))
        except (redis.RedisError, OSError) as error:
            self._counters.pubsub_drops += len(message.get("events", ()))
            self._failed(error)
        else:
            self._failing = False

    def _failed(self, error: Exception) -> None:
        self._counters.pubsub_failures += 1
        if not self._failing:
            log.warning("other processes are told late, Redis does not answer: %s", error)
        self._failing = True
        with self._lock:
            self._give_up_events()
        self._closing.wait(random.uniform(0.3, 0.9))  # noqa: S311 - no secret, only a spread

    def _give_up_events(self) -> None:
        self._counters.pubsub_drops += len(self._events)
        self._events = []
        self._hearers = 0
