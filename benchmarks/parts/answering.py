"""How long a POST waits for its answer while many listeners are being written to."""

import random
import statistics

from benchmarks.asking import paced
from benchmarks.parts.run import Run, asked, rounds

_ORDERS_A_SECOND = 20
"""At random moments. Telling everybody takes so long that hardly a moment is without writes."""


def answering(runs: list[Run]) -> None:
    """The 99th of 100 answers, in milliseconds, over all rounds."""
    chosen = asked(runs, "answering")
    took: dict[str, list[float]] = {run.contender.name: [] for run in chosen}
    for run in rounds(chosen):
        run.have(run.sizes.many)
        run.receiver.begin()
        seconds = run.sizes.seconds
        count = int(seconds * _ORDERS_A_SECOND)
        moments = sorted(random.uniform(0, seconds) for _ in range(count))
        posted = paced(run.contender.server.port, run.contender.order, moments, clients=16)
        run.settled(len(posted))
        took[run.contender.name] += posted
    for run in chosen:
        parts = statistics.quantiles(took[run.contender.name], n=100)
        run.add("post-p50", parts[49] * 1000)
        run.add("post-p99", parts[98] * 1000)
