"""How many orders a second one worker takes, and what one costs.

Starts the real thing (one gunicorn worker, SQLite with ``synchronous=FULL``, the embedded
Redis-compatible server), posts orders of two lines from 16 connections that each wait for the
answer before the next, and prints orders per second, CPU per order of the server and of this
load generator, and the times of an answer. In turn with it runs the yardstick: a plain Flask
view that inserts the same rows and does nothing else; it takes no batches (``--batch 50``). Run it
as ``python -m benchmarks.placing``.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from benchmarks.asking import flood, for_seconds, request
from benchmarks.servers import ROOT, Server, environment, free_port, start, start_orderboard
from benchmarks.shop import ORDER


@dataclass(frozen=True, slots=True)
class Placed:
    """One measured round of a server."""

    server: str
    seconds: float
    server_cpu: float
    own_cpu: float
    times: list[float]
    batch: int = 1

    def __str__(self) -> str:
        count = len(self.times) * self.batch
        p99 = statistics.quantiles(self.times, n=100)[98]
        return (
            f"{self.server:12}  {count / self.seconds:8.0f}"
            f"  {self.server_cpu / count * 1e6:13.0f}  {self.own_cpu / count * 1e6:16.0f}"
            f"  {statistics.median(self.times) * 1e3:6.1f}  {p99 * 1e3:6.1f}"
        )


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--batch", type=int, default=1, help="orders in each POST")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--database", metavar="URL", help="an empty PostgreSQL database")
    options = parser.parse_args()
    settings = {"WEB_CONCURRENCY": str(options.workers)}
    if options.database:
        settings["DATABASE_URL"] = options.database
    print("              orders/s  server CPU us  generator CPU us  p50 ms  p99 ms")
    rounds = measured(
        options.seconds, options.clients, options.rounds, settings=settings, batch=options.batch
    )
    for placed in rounds:
        print(placed)


def measured(
    seconds: float,
    clients: int,
    rounds: int,
    core: int | None = None,
    settings: Mapping[str, str] = MappingProxyType({}),
    batch: int = 1,
) -> Iterator[Placed]:
    """Measure orderboard, with some settings of its own, and the yardstick in turns."""
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as folder:
        home = Path(folder)
        servers = [("orderboard", start_orderboard(home, core, **settings))]
        try:
            if batch == 1:
                servers.append(("plain Flask", start_plain(home, core)))
            post = _post({**environment(home, servers[0][1].port), **settings}, batch)
            for _, server in servers:
                flood(server.port, post, for_seconds(1.0), clients)
                server.wait_until_quiet()  # its courier starts for two seconds of CPU
            for _ in range(rounds):
                for name, server in servers:
                    yield replace(_round(name, server, post, seconds, clients), batch=batch)
        finally:
            for _, server in servers:
                server.stop()


def start_plain(home: Path, core: int | None = None) -> Server:
    """Start the yardstick with one worker."""
    port = free_port()
    settings = home / "plain.conf.py"  # or it would take those of the current folder
    settings.write_text(f'bind = "127.0.0.1:{port}"\nworker_class = "gevent"\nworkers = 1\n')
    command = [sys.executable, "-m", "gunicorn", "-c", str(settings), "benchmarks.plain_flask:app"]
    env = {**os.environ, "PLAIN_DATABASE": str(home / "plain.db"), "PYTHONPATH": str(ROOT)}
    return start(command, port, env, home / "plain.log", core)


def _post(env: Mapping[str, str], batch: int) -> bytes:
    """The request that both get."""
    command = [sys.executable, "-m", "orderboard", "key", "create", "bench", "--scope", "intake"]
    key = subprocess.check_output(command, env=env, text=True, cwd=ROOT).strip()
    key_head = f"Authorization: Bearer {key}"
    if batch == 1:
        return request("POST", "/api/orders", json.dumps(ORDER).encode(), key_head)
    body = json.dumps({"orders": [ORDER] * batch}).encode()
    return request("POST", "/api/orders/batch", body, key_head)


def _round(name: str, server: Server, post: bytes, seconds: float, clients: int) -> Placed:
    before, own, began = server.cpu(), time.process_time(), time.monotonic()
    times = flood(server.port, post, for_seconds(seconds), clients)
    wall = time.monotonic() - began
    return Placed(name, wall, server.cpu() - before, time.process_time() - own, times)


if __name__ == "__main__":
    main()
