"""All listeners come back at once, and each has missed a hundred events."""

from benchmarks.asking import paced
from benchmarks.contenders.floor import MISSED
from benchmarks.parts.run import Run, asked, rounds

_IN_FLIGHT = 2000
"""Connections that wait for their answer at one time: more than half of what a listen queue has
room for, and few enough that none is lost in front of it."""
_PATIENCE = 40.0


def storm(runs: list[Run]) -> None:
    """Seconds until the last one has everything. The server has just been started anew."""
    for run in rounds(asked(runs, "storm")):
        run.have(run.sizes.few)  # somebody listens, as always
        contender, port = run.contender, run.contender.server.port
        after = contender.last_id()
        run.drop()
        paced(port, contender.order, [0.0] * MISSED, clients=1)
        contender.restart()
        reads = contender.log_reads()
        run.receiver.begin()
        count = run.sizes.many
        run.receiver.open(count, contender.asking(after), _IN_FLIGHT, _PATIENCE)
        run.listeners = count
        seconds, caught_up = run.receiver.wait_for(MISSED, _PATIENCE)
        if caught_up < count:
            run.results.note(f"{contender.name}, storm: {count - caught_up} did not catch up.")
        run.add("storm", seconds)
        if reads is not None:
            run.add("storm-reads", (contender.log_reads() or 0) - reads)
