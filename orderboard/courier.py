"""``orderboard courier``: the process that works through the log, put together.

There may be several, on several machines: one of them holds the lease and works.
"""

import threading
from functools import partial

import redis
from flask import current_app

from orderboard.config import Settings
from orderboard.consumers.lease import COURIER, Claim
from orderboard.consumers.rounds import Chore, Courier
from orderboard.events import log
from orderboard.forgetting import erase_next
from orderboard.online.returning import Sender
from orderboard.orders.holding import wake_due
from orderboard.orders.unaccepted import tell_late
from orderboard.printing.spooling import Spooler
from orderboard.stream.publisher import wakeup_channel
from orderboard.upkeep import chores

_AGAIN = 0.15
"""Seconds after which the log is looked at once more: who rings does so seldom."""
_TIMEOUT = 2.0


class Wakeup:
    """Rung by those who write to the log, through Redis; and by whoever ends the courier."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.redis_url
        self._rung, self._stop = threading.Event(), threading.Event()
        self._again = False

    @property
    def stopping(self) -> bool:
        """Whether the courier is to end."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Have the courier end."""
        self._stop.set()
        self._rung.set()

    def wait(self, seconds: float) -> None:
        """Return when something is new in the log, or after so many seconds."""
        self._again = self._rung.wait(min(seconds, _AGAIN) if self._again else seconds)
        self._rung.clear()

    def rest(self, seconds: float) -> None:
        """Return after so many seconds, or when the courier is to end."""
        self._stop.wait(seconds)

    def listen(self, epoch: str) -> None:
        """Listen in the background from now on. While Redis is away nobody rings."""
        threading.Thread(
            target=self._listen, args=(epoch,), name="courier-wakeup", daemon=True
        ).start()

    def _listen(self, epoch: str) -> None:
        client = redis.Redis.from_url(self._url, socket_connect_timeout=_TIMEOUT)
        while not self.stopping:
            try:
                with client.pubsub() as subscription:  # type: ignore[no-untyped-call]
                    subscription.subscribe(wakeup_channel(epoch))
                    while not self.stopping:
                        if subscription.get_message(timeout=_TIMEOUT):
                            self._rung.set()
            except (redis.RedisError, OSError):
                self._stop.wait(_TIMEOUT)


def work(wakeup: Wakeup) -> None:
    """Be the courier until the wakeup says stop. Needs the app's context."""
    wakeup.listen(log.head().epoch)
    parts = current_app.extensions["orderboard"]
    settings = parts.settings
    # Erasing last: should it fail again and again, everything else is done before it.
    work: list[Chore] = [
        wake_due,
        tell_late,
        Sender(parts.provider),
        Spooler(settings),
        *chores(settings, parts.consumers),
        partial(erase_next, settings.timezone),
    ]
    Courier(parts.consumers, work, Claim(COURIER)).run(wakeup)
