"""How fast listeners are taken in."""

from benchmarks.parts.run import Run, rounds

_IN_FLIGHT = 256


def connecting(runs: list[Run]) -> None:
    """Connections a second, each with a request and the first byte of its answer."""
    for run in rounds(runs):
        run.drop()
        count = run.sizes.connecting
        seconds = run.receiver.open(count, run.contender.asking(), _IN_FLIGHT)
        run.listeners = count
        run.add("connecting", count / seconds)
