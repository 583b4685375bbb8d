"""A signal that sums up: told to an audience at most once a second, while there is news.

However many listen, it is worked out once for all of a process; where nobody does, not at all.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from orderboard.stream.frame import signal_frame
from orderboard.stream.hub import Hub
from orderboard.stream.source import E, Json, Source, Summed

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds from one telling to the next."""
WITH_OTHERS = 0.15
"""Seconds in which it goes along with the next event, before it is told alone. To write to 8,000
for itself would take 4 us each, as much as telling them of an order: 0.4 us of each order's
delivery when ten come in a second."""
_ANYWAY = 30.0
"""Seconds after which it is worked out without news too: a day may have ended."""


class Summary:
    """Tells what is summed up. ``listens`` says whether anybody of an audience is here.

    ``signal`` is to go along with what is told next; ``tell_now`` has it told without.
    """

    def __init__(
        self,
        summed: Summed,
        app_context: Callable[[], AbstractContextManager[Any]],
        listens: Callable[[str], bool],
        signal: Callable[[str, str, Json], object],
        tell_now: Callable[[], object],
    ) -> None:
        self._summed = summed
        self._app_context = app_context
        self._listens = listens
        self._signal = signal
        self._tell_now = tell_now
        self._news = threading.Event()
        self._closing = threading.Event()
        self._told: Json = {}
        self.thread = threading.Thread(target=self._go_on, name="stream_summary", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self.thread.start()

    def close(self) -> None:
        """Let the thread end."""
        self._closing.set()
        self._news.set()

    def news(self) -> None:
        """Something has happened."""
        self._news.set()

    def tell(self) -> None:
        """Work it out and tell it, where somebody listens and it is not what was told last."""
        type, audience, work_out = self._summed
        if not self._listens(audience):
            self._told = {}  # who comes next has read it with the page, and not what was told here
            return
        with self._app_context():
            now = work_out()
        if now != self._told:
            self._told = now
            self._signal(type, audience, now)

    def _go_on(self) -> None:
        while not self._closing.is_set():
            self._news.wait(_ANYWAY)
            self._news.clear()
            try:
                self.tell()
            except Exception as error:  # noqa: BLE001 - what was handed in may raise anything
                # The log itself is read by others, who say so when it cannot be.
                log.warning("%s could not be worked out: %r", self._summed.type, error)
            self._closing.wait(WITH_OTHERS)
            self._tell_now()
            self._closing.wait(PAUSE - WITH_OTHERS)


def summaries(hub: Hub[E], source: Source[E]) -> list[Summary]:
    """All that a process sums up for the listeners of its hub."""

    def signal(type: str, audience: str, data: Json) -> None:
        hub.signal(audience, signal_frame(type, data), at_once=False)

    listens = hub.groups.__contains__
    context, tell_now = source.app_context, hub.bell.set
    return [Summary(one, context, listens, signal, tell_now) for one in source.summaries]
