"""What a listener costs who hears nothing."""

from benchmarks.parts.run import Run

_FIRST = 200
"""Listeners who are there before: with them comes what is loaded and made only once."""


def memory(runs: list[Run]) -> None:
    """Memory of all processes of the server, shared pages counted once, for each listener."""
    for run in runs:
        server = run.contender.server
        run.have(_FIRST)
        before = server.memory()
        run.have(run.sizes.many)
        grown = server.memory() - before
        run.add("memory", grown / 1024 / (run.sizes.many - _FIRST))
