"""A contender with its listeners, and what was found out about it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.contenders import Contender
from benchmarks.receiver import Receiver, Report
from benchmarks.results import Results
from benchmarks.sizes import Sizes

_SETTLING = 6.0


@dataclass(slots=True)
class Run:
    """One contender that is being measured."""

    contender: Contender
    receiver: Receiver
    results: Results
    sizes: Sizes
    listeners: int = 0

    def add(self, figure: str, value: float) -> None:
        """Keep a value."""
        self.results.add(figure, self.contender.name, value)

    def have(self, listeners: int) -> None:
        """Have exactly so many listeners, and a server that has come to rest."""
        if self.listeners > listeners:
            self.drop()
        if self.listeners < listeners:
            self.receiver.open(listeners - self.listeners, self.contender.asking())
            self.listeners = listeners
            self.contender.server.wait_until_quiet()

    def drop(self) -> None:
        """Have no listeners."""
        self.receiver.drop()
        self.listeners = 0
        self.contender.server.wait_until_quiet()

    def settled(self, posts: int) -> Report:
        """What has come when everybody has heard of everything posted, or waited long enough."""
        return self.receiver.settled(posts * self.listeners, _SETTLING)


def asked(runs: list[Run], part: str) -> list[Run]:
    """Those for whom a part makes sense; of the others the reason is noted."""
    for run in runs:
        if reason := run.contender.unasked.get(part):
            run.results.note(f"{run.contender.name}, {part}: {reason}.")
    return [run for run in runs if part not in run.contender.unasked]


def rounds(runs: list[Run]) -> Iterator[Run]:
    """Each in turn, several times."""
    for _ in range(runs[0].sizes.rounds if runs else 0):
        yield from runs


def own_cpu() -> float:
    """Seconds of CPU that this process, the posting half of the load generator, has used."""
    return time.process_time()
