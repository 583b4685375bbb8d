"""Counts of listeners: who is here, where from, and how those left who are not."""

from collections import Counter

from orderboard.stream.counters import Counters
from orderboard.stream.listener import Listener


class ListenerCounts:
    """The listeners of one process in numbers."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._of_address: Counter[str] = Counter()
        self._endings: Counter[tuple[str, str]] = Counter()

    def __len__(self) -> int:
        return self._counters.joined - self._counters.left

    def of_address(self, address: str) -> int:
        """How many listen from an address."""
        return self._of_address[address]

    def came(self, listener: Listener) -> None:
        """A listener is here."""
        self._counters.joined += 1
        self._of_address[listener.address] += 1

    def went(self, listener: Listener, why: str) -> None:
        """A listener is here no longer."""
        self._counters.left += 1
        self._of_address[listener.address] -= 1
        if not self._of_address[listener.address]:
            del self._of_address[listener.address]
        self._endings[listener.audience.partition(":")[0], why] += 1

    def endings(self) -> str:
        """How streams have ended since this was last asked; empty if none has."""
        endings, self._endings = self._endings, Counter()
        return ", ".join(f"{count} of {kind} {why}" for (kind, why), count in endings.items())
