"""Servers to be measured, each in processes of its own that end with this one."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import on_core
from orderboard.children import Child

ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS = 30
_STOP_SECONDS = 20
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Server:
    """A running server with all processes below it."""

    child: Child
    port: int

    def pids(self) -> list[int]:
        """The numbers of all its processes."""
        children: dict[int, list[int]] = {}
        for pid, fields in _processes():
            children.setdefault(int(fields[1]), []).append(pid)
        found = [self.child.process.pid]
        for pid in found:
            found += children.get(pid, [])
        return found

    def cpu(self) -> float:
        """Seconds of CPU that all of them have used."""
        mine = set(self.pids())
        spent = (f for pid, f in _processes() if pid in mine)
        return sum(int(fields[11]) + int(fields[12]) for fields in spent) / _TICK

    def memory(self) -> int:
        """Bytes of memory that all of them have; what they share counts once."""
        return sum(_memory(pid) for pid in self.pids())

    def largest(self) -> int:
        """Bytes of memory that the largest of them has: the worker, where there is one."""
        return max(_memory(pid) for pid in self.pids())

    def wait_until_quiet(self, seconds: float = 15.0) -> None:
        """Wait until it has nothing more to do, but not for ever."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            before = self.cpu()
            time.sleep(0.4)
            if self.cpu() - before <= 0.04:
                return

    def stop(self) -> None:
        """End it and everything it started."""
        self.child.send(signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        while self.child.alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.child.end()


def start(
    command: Sequence[str],
    port: int,
    environ: Mapping[str, str] | None = None,
    output: Path | None = None,
    core: int | None = None,
) -> Server:
    """Start a server and wait until it listens. Raises SystemExit when it does not."""
    if core is None:
        child = Child(command, environ, output)
    else:
        with on_core(core):
            child = Child(command, environ, output)
    deadline = time.monotonic() + _START_SECONDS
    while child.alive() and time.monotonic() < deadline:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return Server(child, port)
        time.sleep(0.05)
    child.end()
    raise SystemExit(f"{Path(command[0]).name} did not start")


def start_orderboard(home: Path, core: int | None = None, **settings: str) -> Server:
    """Start the real thing, with one worker unless ``settings`` say otherwise."""
    port = free_port()
    command = [sys.executable, "-m", "orderboard", "run"]
    env = environment(home, port) | settings
    server = start(command, port, env, home / "orderboard.log", core)
    time.sleep(1)
    return server


def environment(home: Path, port: int) -> dict[str, str]:
    """The settings of the measured server: as they come, but for limits on single addresses."""
    ours = ("ORDERBOARD_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "HOST")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {
        **kept,
        "ORDERBOARD_HOME": str(home),
        "ORDERBOARD_STREAM_LIMIT": "1000000",
        "ORDERBOARD_STREAM_LISTENERS_PER_ADDRESS": "20000",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "PYTHONPATH": str(ROOT),
    }


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _processes() -> Iterator[tuple[int, list[str]]]:
    """All processes, with what /proc says behind their names."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                yield int(folder.name), (folder / "stat").read_text().rpartition(")")[2].split()


def _memory(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
