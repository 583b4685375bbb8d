"""Moving one consumer on, batch by batch."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from orderboard.consumers import positions
from orderboard.consumers.consumer import Consumer
from orderboard.consumers.positions import State
from orderboard.errors import Busy, NotWritable
from orderboard.events import log
from orderboard.events.event import Event
from orderboard.events.log import Head

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
"""Seconds before an event that failed is tried again: twice as long after each try."""
UNWANTED = 5.0
"""Seconds after which a consumer that nobody needs is asked again whether somebody does."""
AWAY = (Busy, NotWritable, sa.exc.OperationalError, sa.exc.InterfaceError)
"""What says that the database cannot be had just now. It is no fault of any event."""


@dataclass(slots=True)
class Worker:
    """A consumer at work in this process.

    ``careful_until``: up to this position it takes one event at a time, as one of them failed in a
    batch. Several processes may work for one consumer at once: each batch counts for whoever
    stores its position first, and what the others did is undone.
    """

    consumer: Consumer
    careful_until: int = 0
    due: float = 0.0

    def step(self) -> float | None:
        """Take the next batch.

        Answers the seconds until there is more to do, None when the end of the log is reached.
        Raises what says that the database is away.
        """
        if (left := self.due - time.monotonic()) > 0:
            return left
        state, head = positions.state(self.consumer.name)
        if state.is_paused:
            return None
        if state.epoch != head.epoch:
            positions.enter(state, head)
            return 0.0
        if not self.consumer.is_wanted():
            self._pass_over(state, head)
            return None
        careful = state.failures > 0 or state.position < self.careful_until
        size = 1 if careful else self.consumer.batch
        events = log.since(state.position, size, self.consumer.topic)
        # A page that is not full ends the log, as far as this topic goes.
        last = events[-1].position if events else state.position
        end = last if len(events) == size else max(last, head.position)
        if end <= state.position:
            self.due = time.monotonic() + self.consumer.gather
            return None
        return self._take(state, [e for e in events if self.consumer.takes(e)], end)

    def _pass_over(self, state: State, head: Head) -> None:
        """Go to the log's end: nobody wants to know what is there, which need not be read."""
        self.due = time.monotonic() + UNWANTED
        if head.position > state.position:
            with log.transaction() as tx:
                positions.advance(tx, state, head.position)

    def _take(self, state: State, events: Sequence[Event], end: int) -> float:
        try:
            with log.transaction() as tx:
                if positions.advance(tx, state, end) and events:
                    self.consumer.apply(tx, events)
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this consumer's alone
            return self._failed(state, events, end, error)
        return 0.0

    def _failed(self, state: State, events: Sequence[Event], end: int, error: Exception) -> float:
        if len(events) > 1:
            self.careful_until = events[-1].position
            return 0.0
        where = f"{self.consumer.name} failed at position {events[0].position}"
        if state.failures + 1 >= self.consumer.tries:
            positions.set_aside(state, events[0], end, error)
            logger.error("%s, which is set aside", where, exc_info=error)
            return 0.0
        positions.note_failure(state, error)
        if not state.failures:
            logger.warning("%s, and tries again", where, exc_info=error)
        pause = min(FIRST_PAUSE * 2.0**state.failures, LONGEST_PAUSE)
        self.due = time.monotonic() + pause
        return pause
