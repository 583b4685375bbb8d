"""What a listener costs who hears nothing."""

from benchmarks.parts.run import Run


def memory(runs: list[Run]) -> None:
    """Memory of all processes of the server, shared pages counted once, for each listener more.

    Some are there before: with them comes what is loaded and made only once, and what so many
    as come at the same time need for a moment.
    """
    for run in runs:
        server = run.contender.server
        run.have(run.sizes.few)
        before = server.memory()
        run.have(run.sizes.many)
        grown = server.memory() - before
        run.add("memory", grown / 1024 / (run.sizes.many - run.sizes.few))
