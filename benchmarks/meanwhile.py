"""What others feel meanwhile: how late orders are heard of, and how long /healthz takes."""

import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import machine
from benchmarks.asking import MARK, Connection, NotTaken, request, stamped
from benchmarks.receiver import Receiver
from benchmarks.servers import ROOT, Server
from benchmarks.shop import ORDER

_HEALTH_PAUSE = 0.02
_POSTERS = 16


@dataclass(slots=True)
class Felt:
    """Milliseconds: the 99th of 100 deliveries, and each answer of /healthz."""

    delivery_p99: float = 0.0
    health: list[float] = field(default_factory=list)
    heard: float = 0.0
    """The part of the deliveries that came."""

    @property
    def health_p99(self) -> float:
        """The 99th of 100 answers."""
        return p99(self.health)


def p99(values: list[float]) -> float:
    """The 99th of 100; the largest of fewer."""
    return statistics.quantiles(values, n=100)[98] if len(values) > 99 else max(values)


def key_of(env: Mapping[str, str]) -> str:
    """A new key that may do everything."""
    command = [sys.executable, "-m", "orderboard", "key", "create", "bench", "--scope", "admin"]
    return subprocess.check_output(command, env=env, text=True, cwd=ROOT).strip()


@contextmanager
def felt(server: Server, key: str, listeners: int, rate: float, folder: Path) -> Iterator[Felt]:
    """Have boards listen, ``rate`` orders a second placed and /healthz asked during the block."""
    program = folder / "receiver"
    if not program.exists():
        machine.compiled("receiver", folder)
    receiver = Receiver(program, server.port, machine.Cores.of_this_process().receiver)
    over, found = threading.Event(), Felt()
    try:
        accept = "Accept: text/event-stream"
        receiver.open(listeners, (request("GET", "/api/stream", b"", _bearer(key), accept), b""))
        receiver.begin()
        posted: list[int] = []
        work = [threading.Thread(target=_look, args=(server.port, over, found.health))]
        work += [
            threading.Thread(target=_place, args=(server.port, key, over, rate / _POSTERS, posted))
            for _ in range(_POSTERS)
        ]
        for thread in work:
            thread.start()
        try:
            yield found
        finally:
            over.set()
            for thread in work:
                thread.join(60)
        report = receiver.settled(len(posted) * listeners, 10)
        found.delivery_p99 = report.p99
        found.heard = report.frames / max(1, len(posted) * listeners)
    finally:
        receiver.close()


def _bearer(key: str) -> str:
    return f"Authorization: Bearer {key}"


def _look(port: int, over: threading.Event, took: list[float]) -> None:
    with Connection(port) as connection:
        while not over.wait(_HEALTH_PAUSE):
            began = time.monotonic()
            connection.ask(request("GET", "/healthz"))
            took.append((time.monotonic() - began) * 1000)


def _place(port: int, key: str, over: threading.Event, rate: float, posted: list[int]) -> None:
    body = json.dumps({**ORDER, "note": MARK.decode()}).encode()
    post = request("POST", "/api/orders", body, _bearer(key))
    with Connection(port) as connection:
        while not over.wait(1 / rate):
            try:
                connection.ask(stamped(post))
            except NotTaken:
                return  # those that are missing are seen in what was heard
            posted.append(1)
