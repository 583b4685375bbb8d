"""What a long past costs: the board's questions asked of a few orders and of many.

``python -m benchmarks.questions`` makes two pasts (``benchmarks.history``) on each database, asks
every question again and again, and prints the times side by side. Meanwhile boards listen, ten
orders a second are placed, and /healthz is asked. What works through the log in the background
(``orderboard consumers``) is paused: in years of a shop it would not have fallen behind.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.asking import Connection, NotTaken, request
from benchmarks.meanwhile import Felt, felt, key_of, p99
from benchmarks.servers import ROOT, Server, environment, free_port, start_orderboard
from orderboard import clock
from tests.postgres import postgres

Json = dict[str, Any]
DATABASES = ("sqlite", "postgresql")
QUESTIONS: dict[str, str] = {
    "overview": "/api/overview",
    "first page": "/api/orders?limit=50",
    "status=processing": "/api/orders?limit=50&status=processing",
    "type=donation": "/api/orders?limit=50&type=donation",
    "sort=-total": "/api/orders?limit=50&sort=-total",
    "q= a word that is nowhere": "/api/orders?limit=50&q=zyxwvut",
    "q= a number": "/api/orders?limit=50&q=517",
    "q= part of a name": "/api/orders?limit=50&q=vedtso",
    "q= a common word, status=on_hold": "/api/orders?limit=50&q=oolong&status=on_hold",
    "type=return, status=completed, sort=total": (
        "/api/orders?limit=50&type=return&status=completed&sort=total"
    ),
    "q= two words, type=exchange": "/api/orders?limit=50&q=lantern%20chai&type=exchange",
    "q= one letter": "/api/orders?limit=50&q=a",
    "q= two letters, status=on_hold": "/api/orders?limit=50&q=me&status=on_hold",
    "q= a telephone's number": "/api/orders?limit=50&q=%28555%29%20000-0042",
    "q= punctuation": "/api/orders?limit=50&q=...%20%21%3F",
    "q= the index's own language": "/api/orders?limit=50&q=NEAR%28%22oolong%20OR%20%2A%20NOT%20tea",
    "updated_after, sort=created": "/api/orders?limit=50&sort=created&updated_after={month}",
    "created_from, sort=-total": "/api/orders?limit=50&sort=-total&created_from={month}",
}
PAGES = (101, 1000)
_LISTENERS, _ORDERS_A_SECOND = 100, 10.0
_LONGEST, _LEAST = 5.0, 5
"""Seconds after which a slow question is asked no more, but for the least number of times."""
_SHORTEST = 10.0
"""Seconds that the others are looked at, at least."""
_CONSUMERS = ("customers",)


@dataclass(slots=True)
class Answers:
    """Milliseconds by question, what others felt, and the memory of the server's largest process.

    A question whose answer was no 2xx has no times. ``cpu``: of all the server's processes, also
    milliseconds, each with nobody else there; a database server's own is not in it.
    """

    took: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    others: Felt = field(default_factory=Felt)
    megabytes: float = 0.0


def main() -> None:
    """Measure what was asked for and print the table."""
    options = _options()
    load = machine.load_average()
    for database in options.database or DATABASES:
        found = {size: measured(database, size, options.times) for size in options.orders}
        print(f"{database}\n{table(found)}\n", flush=True)
    print(f"{machine.described()}\nLoad average before: {load:.1f}")


def measured(database: str, orders: int, times: int) -> Answers:
    """Ask a board with so many past orders every question so many times."""
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as folder:
        home = Path(folder) / "home"
        home.mkdir()
        with _filled(database, home, orders) as settings:
            core = machine.Cores.of_this_process().server
            server = start_orderboard(home, core, **settings)
            try:
                key = key_of(environment(home, server.port) | settings)
                return _asked(server, key, times, Path(folder))
            finally:
                server.stop()


def table(found: Mapping[int, Answers]) -> str:
    """A line for each question: p50, p99 and CPU at each number of orders, last by first.

    The ratio is that of the CPU, which other programs on the machine change least.
    """
    sizes = list(found)
    heads = [f"{size:,}: p50" + "     p99     CPU" for size in sizes]
    lines = [f"{'ms':42}" + "".join(f"{head:>34}" for head in heads) + "   ratio"]
    names = dict.fromkeys(name for size in sizes for name in found[size].took)
    lines += [_line(name, [found[size] for size in sizes]) for name in names]
    for name, value in (
        ("meanwhile: /healthz p99", lambda a: a.others.health_p99),
        ("meanwhile: delivery p99", lambda a: a.others.delivery_p99),
        ("meanwhile: heard, %", lambda a: a.others.heard * 100),
        ("MB of the worker", lambda a: a.megabytes),
    ):
        lines.append(f"{name:42}" + "".join(f"{value(found[size]):34.1f}" for size in sizes))
    return "\n".join(lines)


def _line(name: str, columns: Sequence[Answers]) -> str:
    cells = [
        f"{statistics.median(took):18.1f}{p99(took):8.1f}{answers.cpu[name]:8.1f}"
        if (took := answers.took.get(name))
        else f"{'-':>18}{'-':>8}{'-':>8}"
        for answers in columns
    ]
    first, last = (answers.cpu.get(name) for answers in (columns[0], columns[-1]))
    ratio = f"{last / first:8.2f}" if first and last else ""
    return f"{name:42}{''.join(cells)}{ratio}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--orders", type=int, nargs="+", default=[1000, 1_000_000])
    parser.add_argument("--database", action="append", choices=DATABASES, help="by default both")
    parser.add_argument("--times", type=int, default=100, help="how often each is asked")
    return parser.parse_args()


@contextmanager
def _filled(database: str, home: Path, orders: int) -> Iterator[dict[str, str]]:
    """The settings of a board with so many past orders."""
    if database == "sqlite":
        _fill(home, {}, orders)
        yield {}
        return
    with postgres() as cluster, cluster.database() as url:
        settings = {"DATABASE_URL": url}
        _fill(home, settings, orders)
        yield settings


def _fill(home: Path, settings: Mapping[str, str], orders: int) -> None:
    env = environment(home, free_port()) | settings
    command = [sys.executable, "-m", "benchmarks.history", "--orders", str(orders)]
    subprocess.run(command, env=env, cwd=ROOT, check=True)
    consumers = [sys.executable, "-m", "orderboard", "consumers"]
    for words in ((), *(("pause", name) for name in _CONSUMERS)):  # the list gives them their row
        subprocess.run(
            [*consumers, *words], env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )


def _asked(server: Server, key: str, times: int, folder: Path) -> Answers:
    found = Answers()
    server.wait_until_quiet()
    with Connection(server.port) as connection:
        month = (clock.now() - timedelta(days=30)).strftime("%Y-%m-%dT00:00:00Z")
        questions = {name: path.format(month=month) for name, path in QUESTIONS.items()}
        questions |= _pages(connection, key)
        found.cpu = {n: _spent(server, path, key, times) for n, path in questions.items()}
        began = time.monotonic()
        with felt(server, key, _LISTENERS, _ORDERS_A_SECOND, folder) as found.others:
            for name, path in questions.items():
                found.took[name] = _times(server.port, path, key, times)
            time.sleep(max(0.0, began + _SHORTEST - time.monotonic()))
    found.megabytes = server.largest() / 2**20
    return found


def _times(port: int, path: str, key: str, times: int) -> list[float]:
    took: list[float] = []
    try:
        with Connection(port) as connection:
            end = time.monotonic() + _LONGEST
            while len(took) < times and (len(took) < _LEAST or time.monotonic() < end):
                began = time.monotonic()
                _get(connection, path, key)
                took.append((time.monotonic() - began) * 1000)
    except NotTaken as refused:
        print(f"{path}: {refused}", file=sys.stderr)
        return []
    return took


def _spent(server: Server, path: str, key: str, times: int) -> float:
    """Milliseconds of CPU that one answer takes of the server."""
    before = server.cpu()
    asked = len(_times(server.port, path, key, times))
    return (server.cpu() - before) * 1000 / asked if asked else 0.0


def _pages(connection: Connection, key: str) -> dict[str, str]:
    """The paths of pages far down the list, as far as it goes."""
    found: dict[str, str] = {}
    path = QUESTIONS["first page"]
    for number in range(2, max(PAGES) + 1):
        after = json.loads(_get(connection, path, key))["next"]
        if after is None:
            break
        path = f"{QUESTIONS['first page']}&cursor={after}"
        if number in PAGES:
            found[f"page {number:,}"] = path
    return found


def _get(connection: Connection, path: str, key: str) -> bytes:
    return connection.ask(request("GET", path, b"", f"Authorization: Bearer {key}"))


if __name__ == "__main__":
    main()
