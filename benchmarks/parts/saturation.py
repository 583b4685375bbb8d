"""How much is told when orders come as fast as they are answered."""

import threading
import time
from functools import partial

from benchmarks.asking import flood
from benchmarks.parts.run import Run, own_cpu, rounds
from benchmarks.receiver import Report

_CLIENTS = 4
_LOOKED_AT = 16
"""Of every so many connections one is read; of the others the bytes are counted."""
_UNDER_WAY = 1.0
"""Seconds after which the count begins."""


def saturation(runs: list[Run]) -> None:
    """What arrives in a second while it is flooded."""
    for run in rounds(runs):
        run.have(run.sizes.flooded)
        _round(run)
        run.settled(1 << 60)
        run.contender.server.wait_until_quiet()


def _round(run: Run) -> None:
    end = threading.Event()
    posted: list[list[float]] = []
    contender = run.contender
    work = partial(flood, contender.server.port, contender.batch, end.is_set, _CLIENTS)
    flooding = threading.Thread(target=lambda: posted.append(work()))
    flooding.start()
    time.sleep(_UNDER_WAY)
    run.receiver.begin(_LOOKED_AT)
    own = own_cpu()
    time.sleep(run.sizes.seconds)
    report = run.receiver.report()
    own = own_cpu() - own
    end.set()
    flooding.join()
    _add(run, report, own)


def _add(run: Run, report: Report, own: float) -> None:
    run.add("saturated", report.deliveries / report.seconds)
    run.add("saturated-bytes", report.bytes / report.seconds / 1e6)
    run.add("generator-saturated", (report.cpu + own) / report.seconds * 100)
