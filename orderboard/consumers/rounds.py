"""The courier's work: all consumers in turn, and the chores, for as long as the lease is ours."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from orderboard.consumers import positions
from orderboard.consumers.aside import pause_after
from orderboard.consumers.consumer import Consumer
from orderboard.consumers.lease import Claim
from orderboard.consumers.running import AWAY, Worker

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at the log when nobody rings."""
_SHORTEST_REST, _LONGEST_REST = 0.003, 0.1
_LONGEST_AWAY, _LONGEST_PAUSE = 5.0, 30.0
Chore = Callable[[], float]
"""One small piece of work of another kind; answers the seconds until the next is due."""


class Wakeup(Protocol):
    """What wakes the courier, and what stops it."""

    @property
    def stopping(self) -> bool:
        """Whether the courier is to end."""

    def wait(self, seconds: float) -> None:
        """Return when something has happened, or after so many seconds."""

    def rest(self, seconds: float) -> None:
        """Return after so many seconds, or when the courier is to end."""


class Courier:
    """Moves consumers on and does chores, one small step of each at a time."""

    def __init__(
        self, consumers: Sequence[Consumer], chores: Sequence[Chore], claim: Claim
    ) -> None:
        self.workers = [Worker(consumer) for consumer in consumers]
        self.claim = claim
        self._chores = chores
        self._due = [0.0 for _ in chores]
        self._failed = [0 for _ in chores]
        self._registered = False
        self._failures = 0

    def run(self, wakeup: Wakeup) -> None:
        """Work until told to stop. Whatever goes wrong, it goes on."""
        while not wakeup.stopping:
            self._round(wakeup)
        try:
            self.claim.release()
        except AWAY as error:
            logger.info("the lease is left to run out: %s", error)

    def _round(self, wakeup: Wakeup) -> None:
        """Take one step of everything, and wait until there is more to do."""
        began = time.monotonic()
        try:
            wait = self._steps()
        except Exception as error:
            self._failures += 1
            if self._failures == 1:
                expected = isinstance(error, AWAY)
                logger.warning("the courier waits: %s", error, exc_info=not expected)
            wakeup.rest(pause_after(self._failures, _LONGEST_AWAY))
            return
        self._failures = 0
        # Whoever has orders to write comes first: half of the time nothing is done here.
        wakeup.rest(min(max(time.monotonic() - began, _SHORTEST_REST), _LONGEST_REST))
        if wait > 0:
            wakeup.wait(wait)

    def _steps(self) -> float:
        if not self.claim.holds():
            return LOOK_EVERY
        if not self._registered:
            positions.register(worker.consumer.name for worker in self.workers)
            self._registered = True
        waits = [LOOK_EVERY]
        for worker in self.workers:
            left = worker.step()
            waits.append(LOOK_EVERY if left is None else left)
        for number in range(len(self._chores)):
            if time.monotonic() >= self._due[number]:
                self._do(number)
            waits.append(self._due[number] - time.monotonic())
        return max(0.0, min(waits))

    def _do(self, number: int) -> None:
        """Do a chore. One that fails is due later and later, and holds up nothing else."""
        try:
            left = self._chores[number]()
        except Exception as error:
            self._failed[number] += 1
            is_away = isinstance(error, AWAY)
            pause = pause_after(self._failed[number], _LONGEST_AWAY if is_away else _LONGEST_PAUSE)
            self._due[number] = time.monotonic() + pause
            if is_away:
                raise
            if self._failed[number] == 1:
                logger.warning("a chore of the courier failed, and is tried again", exc_info=error)
            return
        self._failed[number] = 0
        self._due[number] = time.monotonic() + left
