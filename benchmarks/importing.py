"""What an import costs those who order meanwhile, and how fast it is.

Starts the real thing on SQLite (or ``--database``), posts orders at a steady pace from a few
connections: first alone, then while ``orderboard import`` files new orders, then while it passes
over the same file again. Run it as ``python -m benchmarks.importing``.
"""

import argparse
import json
import math
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.asking import Connection, request
from benchmarks.servers import ROOT, environment, start_orderboard
from benchmarks.shop import ORDER

_PACE = 20.0
"""Orders a second that come from customers."""
_CLIENTS = 4
_ALONE = 10.0
_REPEATED = 100
"""How often each line stands in the file that has nothing new: it is short work otherwise."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What customers' orders took, in seconds, while ``rate`` lines a second were imported."""

    name: str
    rate: float | None
    posts: list[float]

    def __str__(self) -> str:
        parts = statistics.quantiles(self.posts, n=100)
        rate = f"{self.rate:10.0f}" if self.rate else " " * 10
        found = (statistics.median(self.posts), parts[94], parts[98], max(self.posts))
        return f"{self.name:22}{rate}  " + "".join(f"{one * 1e3:8.1f}" for one in found)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database", metavar="URL", help="an empty PostgreSQL database")
    options = parser.parse_args()
    settings = {"WEB_CONCURRENCY": str(options.workers)}
    if options.database:
        settings["DATABASE_URL"] = options.database
    print("                      lines/s     POST ms: p50     p95     p99     max")
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as folder:
        measure(Path(folder), options.lines, settings)


def measure(home: Path, count: int, settings: Mapping[str, str]) -> None:
    """Run the three rounds and print what was found."""
    server = start_orderboard(home, **settings)
    try:
        env = environment(home, server.port) | settings
        post = _post(env)
        with Connection(server.port) as connection:
            for _ in range(20):  # until all workers are there
                connection.ask(post)
        new, old = _file(home / "new.jsonl", count, 1), _file(home / "old.jsonl", count, _REPEATED)
        print(_while("nothing else", server.port, post, lambda: time.sleep(_ALONE)))
        for name, path in (("importing", new), ("importing it again", old)):
            print(_while(name, server.port, post, partial(_imported, env, path)))
    finally:
        server.stop()


def _while(name: str, port: int, post: bytes, work: Callable[[], float | None]) -> Measured:
    over, took = threading.Event(), list[float]()

    def ask() -> None:
        with Connection(port) as connection:
            while not over.wait(_CLIENTS / _PACE):
                sent = time.monotonic()
                connection.ask(post)
                took.append(time.monotonic() - sent)

    threads = [threading.Thread(target=ask) for _ in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    rate = work()
    over.set()
    for thread in threads:
        thread.join()
    return Measured(name, rate, took)


def _imported(env: Mapping[str, str], path: Path) -> float:
    """Import a file; lines a second, as the import itself said last."""
    command = [sys.executable, "-m", "orderboard", "import", str(path)]
    said = subprocess.run(
        command, env=env, cwd=ROOT, check=True, capture_output=True, text=True
    ).stderr
    rates = re.findall(r"(\d+) a second", said)
    return float(rates[-1]) if rates else math.nan


def _post(env: Mapping[str, str]) -> bytes:
    command = [sys.executable, "-m", "orderboard", "key", "create", "bench", "--scope", "intake"]
    key = subprocess.check_output(command, env=env, text=True, cwd=ROOT).strip()
    return request(
        "POST", "/api/orders", json.dumps(ORDER).encode(), f"Authorization: Bearer {key}"
    )


def _file(path: Path, count: int, times: int) -> Path:
    orders = [json.dumps({**ORDER, "external_id": f"old-{number}"}) for number in range(count)]
    path.write_text("".join(f"{order}\n" for order in orders) * times)
    return path


if __name__ == "__main__":
    main()
