"""How many listeners there are in all processes, as the processes tell each other."""

import time
from collections import Counter

from orderboard.stream.source import Json

TELL_EVERY = 2.0
"""Seconds between two tellings of one process."""
_BELIEVED = 3.5 * TELL_EVERY


class Census:
    """What other processes said of their listeners, believed for a few seconds."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[float, dict[str, int]]] = {}

    def note(self, process: str, listeners: Json) -> None:
        """Another process has told its numbers, by kind of audience."""
        self._told[process] = (time.monotonic(), {str(k): int(n) for k, n in listeners.items()})

    def others(self) -> dict[str, int]:
        """The listeners of all other processes, by kind of audience."""
        oldest = time.monotonic() - _BELIEVED
        self._told = {name: said for name, said in self._told.items() if said[0] > oldest}
        total: Counter[str] = Counter()
        for _, listeners in self._told.values():
            total.update(listeners)
        return dict(total)
