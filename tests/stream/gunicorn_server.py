"""The stream under the server it is made for: gunicorn with gevent workers."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from http.client import HTTPConnection
from pathlib import Path

import httpx
from httpx_sse import EventSource, ServerSentEvent

from tests.servers import ROOT, free_port, wait_until

CONFIG = """
from gevent import monkey
monkey.patch_all()
import gevent

def post_worker_init(worker):
    from tests.stream.server_app import stream
    stream.start()
    gevent.spawn(close_when_told, worker, stream)

def close_when_told(worker, stream):
    while worker.alive:
        gevent.sleep(0.05)
    stream.close(over=1.0)

def worker_exit(server, worker):
    from tests.stream.server_app import stream
    stream.close(over=1.0)
"""


class Gunicorn:
    """A server of ``tests.stream.server_app``."""

    def __init__(self, home: Path, redis_url: str, handoff: bool, workers: int, **more: str):
        self.home = home
        self.base = 0
        self.listeners: list[Listener] = []
        self.handoff = handoff
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        (home / "conf.py").write_text(CONFIG)
        with sqlite3.connect(home / "log.db") as log:
            log.execute("PRAGMA journal_mode = WAL")
            log.execute("CREATE TABLE events (position INTEGER PRIMARY KEY, name, text)")
        log.close()
        command = ["gunicorn", "-c", home / "conf.py", "-k", "gevent", "-w", str(workers)]
        options = ["-b", f"127.0.0.1:{self.port}", "--worker-connections", "20000"]
        options += ["--graceful-timeout", "10", "tests.stream.server_app:app"]
        settings = {
            "STREAM_HOME": str(home),
            "STREAM_REDIS": redis_url,
            "STREAM_HANDOFF": "yes" if handoff else "no",
            "STREAM_HEARTBEAT": "10",
            "STREAM_WINDOW": "200",
        }
        with (home / "log.txt").open("wb") as log_file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command, *options],
                cwd=ROOT,
                stderr=log_file,
                env=os.environ | settings | more,
            )
        wait_until(self.answers, 20, "gunicorn answers")

    def answers(self) -> bool:
        try:
            return bool(self.figures()["counters"]["head_reads"])
        except OSError:
            return False

    def figures(self) -> dict:
        return self._ask("GET", "/figures")

    def kept(self) -> dict:
        return self._ask("GET", "/kept")

    def place(self, name: str, count: int = 1, text: str = "") -> int:
        return (
            self._ask("POST", f"/orders/{name}?count={count}&text={text}")["position"] - self.base
        )

    def begin_anew(self) -> None:
        """Count positions from here, so that tests can share a server."""
        self.base = self.figures()["gauges"]["stream_head"]

    def send_all_away(self) -> None:
        """Have all listeners leave; they do so with the next thing they hear."""
        for listener in self.listeners:
            listener.leave()
        wait_until(lambda: not self.figures()["listeners"])

    def id(self, position: int) -> str:
        return f"e1-{self.base + position}"

    def _ask(self, method: str, path: str) -> dict:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, (answer.status, body)
            return json.loads(body)
        finally:
            connection.close()

    def listen(self, audience: str, after: str = "", **query: str) -> "Listener":
        """A listener that has heard something; it comes again if it was sent away with a retry."""
        while True:
            query |= {"audience": audience, "after": after}
            listener = Listener(f"{self.url}/stream", query, self.base)
            wait_until(lambda: listener.events or listener.ended.is_set(), 10, "an answer")  # noqa: B023
            if listener.events:
                self.listeners.append(listener)
                return listener

    def log(self) -> str:
        return (self.home / "log.txt").read_text()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
        self.process.wait(15)


class Listener:
    """An ordinary client of another's making, in a thread."""

    def __init__(self, url: str, query: dict[str, str], base: int) -> None:
        self._base = base
        self.events: list[ServerSentEvent] = []
        self.ends: list[ServerSentEvent] = []
        self.ended = threading.Event()
        self.status = 0
        self._leave = threading.Event()
        self._thread = threading.Thread(target=self._listen, args=(url, query), daemon=True)
        self._thread.start()

    def _listen(self, url: str, query: dict[str, str]) -> None:
        try:
            with (
                httpx.Client(timeout=30) as client,
                client.stream("GET", url, params=query) as response,
            ):
                self.status = response.status_code
                self.headers = response.headers
                for event in EventSource(response).iter_sse():
                    (self.ends if event.event == "end" else self.events).append(event)
                    if self._leave.is_set():
                        break
        except httpx.TransportError:
            pass
        finally:
            self.ended.set()

    def leave(self) -> None:
        self._leave.set()

    @property
    def last_id(self) -> str:
        return self.events[-1].id

    def hears(self) -> list[int]:
        """The positions of the orders' events."""
        told = [e for e in self.events if e.event.startswith("order.")]
        return [int(e.id.partition("-")[2]) - self._base for e in told]

    def types(self) -> list[str]:
        return [event.event for event in self.events]
