"""``make soak``: one storm after the other, each from a seed of its own, until the time is over."""

import argparse
import faulthandler
import secrets
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from tests.browsers import chromium
from tests.faults import npm
from tests.faults.cast import Tools
from tests.faults.run import Summary, storm
from tests.postgres import postgres

STORM = 20.0
"""Seconds for which things go wrong in one storm."""
LONGEST = 400.0
"""Seconds after which a run that does not end is ended, with a word about where it stands."""
DATABASES = ("sqlite", "postgresql")
_HEARD = ("lost", "doubled", "swapped")
_COLUMNS = ("seconds", "faults", "events", "listeners", "applied", "resets")


def main() -> int:
    """Storm until the time is over; the exit code is 1 when anything went wrong."""
    wanted = _arguments()
    summaries: list[Summary] = []
    with postgres() as cluster, chromium() as browser:
        tools = Tools(browser, npm.eventsource(), cluster)
        until = time.monotonic() + wanted.seconds
        for seed, database in _plan(wanted):
            summaries.append(_one(seed, database, tools))
            if time.monotonic() > until:
                break
    print_table(summaries)
    return int(any(summary.failed for summary in summaries))


def again(seed: int, database: str) -> str:
    """The command that lets the same storm pass once more."""
    return f"make soak SEED={seed} DATABASE={database}"


def print_table(summaries: list[Summary]) -> None:
    """A line for each storm, and one for all of them."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    names = (
        "seed",
        "database",
        "seconds",
        "faults",
        "events",
        "listeners",
        "applied",
        "resets",
        *_HEARD,
    )
    for name in (*names, "other", "leaks", "broken"):
        table.add_column(name, justify="left" if name == "database" else "right")
    for summary in summaries:
        table.add_row(str(summary.seed), summary.database, *_figures([summary]))
    table.add_section()
    table.add_row(str(len(summaries)), "all", *_figures(summaries))
    console = Console(width=max(120, shutil.get_terminal_size().columns))
    console.print(table)
    kinds: Counter[str] = sum((summary.kinds for summary in summaries), start=Counter())
    console.print("\nFaults:", ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())))
    for summary in summaries:
        if summary.failed:
            console.print("Again:", again(summary.seed, summary.database), highlight=False)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, help="this storm alone, once")
    parser.add_argument("--database", choices=DATABASES)
    return parser.parse_args()


def _plan(wanted: argparse.Namespace) -> Iterator[tuple[int, str]]:
    databases = (wanted.database,) if wanted.database else DATABASES
    if wanted.seed is not None:
        yield from ((wanted.seed, database) for database in databases)
        return
    while True:
        seed = secrets.randbelow(10**6)
        yield from ((seed, database) for database in databases)


def _one(seed: int, database: str, tools: Tools) -> Summary:
    print(f"{again(seed, database)} ...", flush=True)
    # Everything that is waited for has a limit of its own; this is for what nobody thought of.
    faulthandler.dump_traceback_later(LONGEST, exit=True)
    try:
        summary = storm(seed, database, STORM, tools)
    finally:
        faulthandler.cancel_dump_traceback_later()
    for wrong in (*summary.flaws, *summary.leaks):
        print(f"  {wrong}", flush=True)
    if summary.failed:
        print(f"The server said last:\n{summary.said}", flush=True)
    return summary


def _figures(summaries: list[Summary]) -> list[str]:
    def total(what: str) -> str:
        return f"{sum(getattr(summary, what) for summary in summaries):,.0f}"

    heard = [str(sum(summary.count(kind) for summary in summaries)) for kind in _HEARD]
    other = sum(len(s.flaws) - s.count(*_HEARD) for s in summaries)
    return [
        *map(total, _COLUMNS),
        *heard,
        str(other),
        str(sum(len(summary.leaks) for summary in summaries)),
        str(sum(bool(summary.broken) for summary in summaries)),
    ]


if __name__ == "__main__":
    sys.exit(main())
