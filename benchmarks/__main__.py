"""The benchmark: ``python -m benchmarks``. What it measures and how is in docs/benchmarks.md."""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks import machine, questions
from benchmarks.contenders import GROUPS, Contender
from benchmarks.contenders.contender import Place
from benchmarks.parts import PARTS, Run
from benchmarks.placing import measured
from benchmarks.receiver import Receiver
from benchmarks.results import Results
from benchmarks.sizes import FULL, QUICK, Sizes
from benchmarks.table import table

_PARTS = [*PARTS, "placing", "history"]


def main() -> None:
    """Measure everything that was asked for, and print one table."""
    options = _options()
    sizes = QUICK if options.quick else FULL
    if reason := machine.unfit(sizes.many):
        raise SystemExit(reason)
    chosen = options.only or _PARTS
    results, began = Results(), time.monotonic()
    columns: list[str] = []
    load = machine.load_average()
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as folder:
        place = Place(Path(folder), machine.Cores.of_this_process())
        parts = [part for part in PARTS if part in chosen]
        for group in GROUPS if parts else []:
            columns += _measure_group(group, parts, place, results, sizes, options.without_peers)
        if "placing" in chosen:
            _measure_placing(place, results, sizes)
            columns = columns or ["orderboard"]
    if columns:
        print(table(results, sizes, columns))
    if "history" in chosen:
        _measure_history(sizes, options.orders or sizes.past)
    _print_remarks(results, place, load, time.monotonic() - began)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller numbers, about a minute")
    parser.add_argument("--only", action="append", choices=_PARTS, help="one part (repeatable)")
    parser.add_argument("--orders", type=int, help="past orders of the part history")
    parser.add_argument("--without-peers", action="store_true", help="orderboard and floors only")
    return parser.parse_args()


def _measure_group(
    group: list[type[Contender]],
    parts: list[str],
    place: Place,
    results: Results,
    sizes: Sizes,
    without_peers: bool,
) -> list[str]:
    """Measure some contenders in turns; answers the names of those that are there."""
    if without_peers and len(group) == 1:
        return []
    contenders = [kind(place) for kind in group]
    for contender in contenders:
        if what := contender.missing():
            results.note(f"{contender.name} is not measured. It needs {what}")
            return []
    with ExitStack() as stack:
        runs = [_started(contender, place, results, sizes, stack) for contender in contenders]
        for part in parts:
            _say(f"{part}: {', '.join(contender.name for contender in contenders)}")
            PARTS[part](runs)
    return [contender.name for contender in contenders]


def _started(
    contender: Contender, place: Place, results: Results, sizes: Sizes, stack: ExitStack
) -> Run:
    contender.start()
    stack.callback(contender.server.stop)
    results.versions[contender.name] = contender.version
    program = place.folder / "receiver"
    if not program.exists():
        machine.compiled("receiver", place.folder)
    receiver = Receiver(program, contender.server.port, place.cores.receiver)
    stack.callback(receiver.close)
    return Run(contender, receiver, results, sizes)


def _measure_placing(place: Place, results: Results, sizes: Sizes) -> None:
    _say("placing: orderboard, plain Flask")
    for placed in measured(sizes.seconds / 2, 16, sizes.rounds, place.cores.server):
        results.add("placing", placed.server, len(placed.times) / placed.seconds)
    if plain := results.of("placing", "plain Flask"):
        results.note(f"A plain Flask view that inserts the same rows takes {plain:,.0f} orders/s.")


def _measure_history(sizes: Sizes, orders: int) -> None:
    for database in questions.DATABASES:
        _say(f"history: {database}, {sizes.past_few:,} and {orders:,} orders")
        found = {
            size: questions.measured(database, size, sizes.questions)
            for size in (sizes.past_few, orders)
        }
        print(f"\nhistory, {database}\n{questions.table(found)}", flush=True)


def _print_remarks(results: Results, place: Place, load: float, seconds: float) -> None:
    print()
    for note in results.notes:
        print(f"- {note}")
    print()
    for name, version in results.versions.items():
        print(f"{name}: {version}")
    print(machine.described())
    if place.samples:
        print(f"Frames of {len(place.sample.frame):,} bytes.", end=" ")
    where = "shared one core" if place.cores.shared else "had cores of their own"
    print(f"Server and load generator {where}.")
    print(f"Load average before: {load:.1f}. It took {seconds / 60:.1f} minutes.")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
