"""orderboard itself: one worker, SQLite with synchronous=FULL, its own embedded Redis."""

import json
import re
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from typing import ClassVar

from benchmarks.asking import MARK, Connection, request
from benchmarks.contenders.contender import Contender, Sample
from benchmarks.servers import ROOT, environment, start_orderboard
from benchmarks.shop import ORDER
from orderboard.version import VERSION

_RESTART_SECONDS = 30


class Orderboard(Contender):
    """The real thing."""

    name = "orderboard"
    unasked: ClassVar[dict[str, str]] = {}
    in_batch = 50
    _key = ""

    def start(self) -> None:
        """Start it, make a key, and keep a frame for all others to send."""
        home = self.place.folder / "orderboard"
        home.mkdir()
        self.server = start_orderboard(home, self.place.cores.server)
        self.version = f"{VERSION}, gunicorn {version('gunicorn')}, gevent {version('gevent')}"
        command = [sys.executable, "-m", "orderboard", "key", "create", "bench", "--scope", "admin"]
        env = environment(home, self.server.port)
        self._key = subprocess.check_output(command, env=env, text=True, cwd=ROOT).strip()
        marked = {**ORDER, "note": MARK.decode()}
        self.order = self._post("/api/orders", marked)
        self.batch = self._post("/api/orders/batch", {"orders": [marked] * self.in_batch})
        self.place.samples.append(self._sample())

    def listen(self, after: str | None = None) -> bytes:
        """The request of a board."""
        headers = [f"Authorization: Bearer {self._key}", "Accept: text/event-stream"]
        if after:
            headers.append(f"Last-Event-ID: {after}")
        return request("GET", "/api/stream", b"", *headers)

    def restart(self) -> None:
        """Have a new worker take the old one's place: its window is empty."""
        before = set(self.server.pids())
        self.server.child.send(signal.SIGHUP)
        deadline = time.monotonic() + _RESTART_SECONDS
        while time.monotonic() < deadline:
            time.sleep(0.2)
            now = set(self.server.pids())
            if now - before and before - now and len(now) == len(before):
                break
        self.server.wait_until_quiet()

    def log_reads(self) -> int:
        """How many pages of the log this worker has read."""
        return self.figure("log_reads")

    def figure(self, name: str) -> int:
        """One of the stream's counts."""
        with Connection(self.server.port) as connection:
            metrics = connection.ask(request("GET", "/metrics")).decode()
        for line in metrics.splitlines():
            if line.startswith(f"orderboard_stream_{name}_total{{"):
                return int(float(line.split()[1]))
        raise KeyError(name)

    def _post(self, path: str, body: object) -> bytes:
        text = json.dumps(body).encode()
        return request("POST", path, text, f"Authorization: Bearer {self._key}")

    def _sample(self) -> Sample:
        frame = re.sub(rb"\|[0-9]{17}\|", MARK, self.event())
        return Sample(frame, frame.partition(b"\ndata: ")[2].rstrip(b"\n"))
