"""The listening half of the load generator: one C program that holds thousands of connections."""

import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.machine import on_core

Asking = tuple[bytes, bytes]
"""What a listener sends, and what it sends when the answer has begun."""


@dataclass(frozen=True, slots=True)
class Report:
    """What has come since the count began. Delays are milliseconds from posting to arrival."""

    seconds: float
    cpu: float
    open: int
    closed: int
    frames: int
    bytes: int
    bytes_looked_at: int
    p50: float
    p99: float

    @property
    def deliveries(self) -> int:
        """Frames that have come on all connections, also on those only counted by bytes."""
        if not self.bytes_looked_at:
            return 0
        return round(self.frames * self.bytes / self.bytes_looked_at)


class Receiver:
    """Holds the listeners of one server."""

    def __init__(self, program: Path, port: int, core: int) -> None:
        with on_core(core):
            self._process = subprocess.Popen(
                [str(program), str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )

    def open(
        self, count: int, request: Asking, in_flight: int = 256, seconds: float = 60.0
    ) -> float:
        """Have more listeners; the seconds until all had heard something.

        Raises RuntimeError when some were refused or not heard in time.
        """
        first, then = request
        command = f"open {count} {in_flight} {seconds} {len(first)} {len(then)}\n".encode()
        took, opened, closed = self._ask(command + first + then).split()
        if int(closed) or int(opened) < count:
            raise RuntimeError(f"of {count} listeners {opened.decode()} are there after {took!r} s")
        return float(took)

    def begin(self, every: int = 1) -> None:
        """Count anew; look for frames on every so manieth connection."""
        self._ask(f"begin {every}\n".encode())

    def report(self) -> Report:
        """What has come since."""
        values: dict[str, Any] = json.loads(self._ask(b"report\n"))
        return Report(**values)

    def settled(self, frames: int, seconds: float) -> Report:
        """What has come when so many frames are here, or nothing more comes, or time is up."""
        deadline = time.monotonic() + seconds
        before, report = -1, self.report()
        while before < report.frames < frames and time.monotonic() < deadline:
            time.sleep(0.3)
            before, report = report.frames, self.report()
        return report

    def wait_for(self, frames: int, seconds: float) -> tuple[float, int]:
        """When the last listener had so many frames, and how many had them in time."""
        took, reached = self._ask(f"await {frames} {seconds}\n".encode()).split()
        return float(took), int(reached)

    def drop(self) -> None:
        """Have no listeners any more."""
        self._ask(b"drop\n")

    def close(self) -> None:
        """End the program."""
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()

    def _ask(self, command: bytes) -> bytes:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(command)
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the receiver ended")
        return answer
