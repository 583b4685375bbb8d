"""The peers: other processes that serve streams, as they tell of their listeners and counters."""

import time
from collections import Counter
from dataclasses import dataclass

from orderboard.stream.source import Json

TELL_EVERY = 2.0
"""Seconds between two tellings of one process."""
_BELIEVED = 3.5 * TELL_EVERY


@dataclass(frozen=True, slots=True)
class _Said:
    at: float
    listeners: dict[str, int]
    counters: dict[str, int]


class Peers:
    """What other processes said of themselves, believed for a few seconds."""

    def __init__(self) -> None:
        self._told: dict[str, _Said] = {}

    def note(self, process: str, listeners: Json, counters: Json) -> None:
        """Another process has told its listeners by kind of audience, and its counters."""
        self._told[process] = _Said(time.monotonic(), _numbers(listeners), _numbers(counters))

    def others(self) -> dict[str, int]:
        """The listeners of all other processes, by kind of audience."""
        total: Counter[str] = Counter()
        for said in self._believed().values():
            total.update(said.listeners)
        return dict(total)

    def processes(self) -> list[Json]:
        """The other processes by name; ``age`` is how many seconds ago each spoke."""
        now = time.monotonic()
        return [
            {
                "process": name,
                "age": now - said.at,
                "listeners": said.listeners,
                "counters": said.counters,
            }
            for name, said in sorted(self._believed().items())
        ]

    def _believed(self) -> dict[str, _Said]:
        oldest = time.monotonic() - _BELIEVED
        self._told = {name: said for name, said in self._told.items() if said.at > oldest}
        return self._told


def _numbers(told: Json) -> dict[str, int]:
    return {str(name): int(number) for name, number in told.items()}
