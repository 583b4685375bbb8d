"""Hears what other processes tell. Supervises itself, for a subscription dies silently."""

import json
import logging
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import redis

from orderboard.stream.publisher import channel
from orderboard.stream.source import Json

log = logging.getLogger(__name__)

PING_EVERY = 1.0
SILENCE = 2.5
"""Seconds without an answer after which a connection counts as dead."""
_LONGEST_PAUSE = 2.0


class Subscriber:
    """One subscription, made again whenever it breaks; then ``back`` is called."""

    def __init__(
        self,
        client: "redis.Redis",
        name: str,
        epoch: Callable[[], str],
        heard: Callable[[str, Json], None],
        back: Callable[[bool], None],
    ) -> None:
        self.connected = False
        self._client = client
        self._name = name
        self._epoch = epoch
        self._heard = heard
        self._back = back
        self._closing = threading.Event()
        self._failures = 0
        self._again = False
        self._thread = threading.Thread(target=self._run, name="stream-subscriber", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def close(self) -> None:
        """Stop within about a second."""
        self._closing.set()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._listen(self._epoch())
            except (redis.RedisError, OSError) as error:
                self._failed(error)
            finally:
                self.connected = False
        self._client.close()

    def _listen(self, epoch: str) -> None:
        if not epoch:
            self._closing.wait(0.05)
            return
        with self._client.pubsub() as subscription:  # type: ignore[no-untyped-call]
            subscription.subscribe(channel(epoch))
            answered = pinged = time.monotonic()
            while not self._closing.is_set() and epoch == self._epoch():
                answer = subscription.get_message(timeout=PING_EVERY / 2)
                now = time.monotonic()
                if answer is not None:
                    answered = now
                    self._answer(answer)
                elif now - answered > SILENCE:
                    raise redis.TimeoutError("no answer")
                if now - pinged >= PING_EVERY:
                    pinged = now
                    subscription.ping()

    def _answer(self, answer: dict[str, Any]) -> None:
        if answer["type"] == "subscribe":
            self.connected = True
            self._failures = 0
            # From here on nothing is missed; what was missed before is in the log.
            self._back(self._again)
            self._again = True
        elif answer["type"] == "message":
            self._message(answer["data"])

    def _message(self, text: bytes) -> None:
        sender, _, body = text.partition(b"\n")
        if sender == self._name.encode():
            return
        try:
            self._heard(sender.decode(), json.loads(body))
        except Exception:
            # Not one of ours, or of another version: the log has whatever it spoke of.
            log.exception("a message from Redis could not be read")
            self._back(False)

    def _failed(self, error: Exception) -> None:
        if self.connected or not self._failures:
            log.warning("other processes are heard late, Redis does not answer: %s", error)
        self._failures += 1
        longest = min(_LONGEST_PAUSE, 0.1 * 2**self._failures)
        self._closing.wait(random.uniform(0.05, longest))  # noqa: S311 - only a spread
