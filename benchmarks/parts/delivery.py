"""What it costs, and how long it takes, to tell every listener of one order after the other."""

from benchmarks.asking import paced
from benchmarks.parts.run import Run, own_cpu, rounds


def delivery_to_few(runs: list[Run]) -> None:
    """To some listeners."""
    _deliver(runs, "few", runs[0].sizes.few)


def delivery_to_many(runs: list[Run]) -> None:
    """To many listeners."""
    _deliver(runs, "many", runs[0].sizes.many)


def _deliver(runs: list[Run], name: str, listeners: int) -> None:
    for run in rounds(runs):
        run.have(listeners)
        _round(run, name)


def _round(run: Run, name: str) -> None:
    server, sizes = run.contender.server, run.sizes
    count = int(sizes.seconds * sizes.orders_a_second)
    moments = [number / sizes.orders_a_second for number in range(count)]
    run.receiver.begin()
    server_before, own_before = server.cpu(), own_cpu()
    posted = paced(server.port, run.contender.order, moments)
    report = run.settled(len(posted))
    server_cpu, own = server.cpu() - server_before, own_cpu() - own_before
    if report.frames < len(posted) * run.listeners:
        run.results.note(f"{run.contender.name}, {run.listeners} listeners: it fell behind.")
    if report.frames:
        run.add(f"cpu-{name}", server_cpu / report.frames * 1e6)
        run.add(f"p50-{name}", report.p50)
        run.add(f"p99-{name}", report.p99)
        run.add(f"generator-{name}", (report.cpu + own) / report.seconds * 100)
