"""Who may still come in: so many listeners in all, so many of one address, and not too often.

Everything is counted by each process for itself: asking Redis would cost more than the opening of
a stream, and would be asked most when thousands come back at once.
"""

import logging
import resource
import time

from orderboard.stream.counters import Counters
from orderboard.stream.listener_counts import ListenerCounts
from orderboard.stream.source import Settings

log = logging.getLogger(__name__)

_KEPT_FREE = 512
"""Descriptors that streams leave to everything else."""
_MINUTE = 60.0


class Admission:
    """Knows how many are here, and who opened streams within this minute."""

    def __init__(
        self, settings: Settings, listener_counts: ListenerCounts, counters: Counters
    ) -> None:
        self._settings = settings
        self._listener_counts = listener_counts
        self._counters = counters
        self._opened: dict[str, int] = {}
        self._minute_ends = 0.0
        self._said = False

    @property
    def room(self) -> int:
        """How many listeners this process takes: as many as were set, or as there are files for."""
        limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        files = limit - min(_KEPT_FREE, limit // 4)
        if limit == resource.RLIM_INFINITY:
            return self._settings.stream_listeners
        return min(files, self._settings.stream_listeners)

    @property
    def full(self) -> bool:
        """Whether nobody more can be taken in."""
        return len(self._listener_counts) >= self.room

    def refusal(self, address: str) -> str:
        """Why nobody of an address may open one stream more, empty if somebody may.

        The reason is one of ``end_reasons``; either way it is counted.
        """
        if self.full:
            self._counters.refused_full += 1
            self._say_what_is_full()
            return "full"
        if self._listener_counts.of_address(address) >= self._settings.stream_listeners_per_address:
            self._counters.refused_address += 1
            return "address"
        if self._too_often(address):
            self._counters.refused_rate += 1
            return "rate"
        return ""

    def admits(self, address: str) -> bool:
        """Let an address open a stream. False, and nothing is counted, if it would be refused."""
        here = self._listener_counts.of_address(address)
        if (
            self.full
            or here >= self._settings.stream_listeners_per_address
            or self._opened.get(address, 0) >= self._settings.stream_limit
        ):
            return False
        return not self._too_often(address)

    def _say_what_is_full(self) -> None:
        # Not at every start: most never have so many, and nobody asked for that many.
        if not self._said and self.room < self._settings.stream_listeners:
            self._said = True
            log.warning(
                "no more than %d streams: so many files may be open (ulimit -n); with more there"
                " would be room for the %d of ORDERBOARD_STREAM_LISTENERS",
                self.room,
                self._settings.stream_listeners,
            )

    def _too_often(self, address: str) -> bool:
        now = time.monotonic()
        if now >= self._minute_ends:
            self._opened.clear()
            self._minute_ends = now + _MINUTE
        opened = self._opened[address] = self._opened.get(address, 0) + 1
        return opened > self._settings.stream_limit
