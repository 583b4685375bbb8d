"""The stream under the server it is made for: gunicorn with gevent workers."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
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
        self.handoff = handoff
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        (home / "conf.py").write_text(CONFIG)
        with sqlite3.connect(home / "log.db") as log:
            log.execute("PRAGMA journal_mode = WAL")
            log.execute("CREATE TABLE events (position INTEGER PRIMARY KEY, name, text)")
        log.close()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", home / "conf.py", "-k", "gevent"]
            + ["-w", str(workers), "-b", f"127.0.0.1:{self.port}", "--worker-connections", "20000"]
            + ["--graceful-timeout", "5", "tests.stream.server_app:app"],
            cwd=ROOT,
            stderr=(home / "log.txt").open("wb"),
            env=os.environ
            | {
                "STREAM_HOME": str(home),
                "STREAM_REDIS": redis_url,
                "STREAM_HANDOFF": "yes" if handoff else "no",
                "STREAM_HEARTBEAT": "10",
                "STREAM_WINDOW": "200",
            }
            | more,
        )
        wait_until(self.answers, 10, "gunicorn answers")

    def answers(self) -> bool:
        try:
            return bool(self.figures()["counters"]["head_reads"])
        except httpx.TransportError:
            return False

    def figures(self) -> dict:
        return httpx.get(f"{self.url}/figures").json()

    def place(self, name: str, count: int = 1, text: str = "") -> int:
        answer = httpx.post(
            f"{self.url}/orders/{name}", params={"count": count, "text": text}, timeout=30
        )
        return answer.json()["position"]

    def listen(self, audience: str, after: str = "", **query: str) -> "Listener":
        listener = Listener(f"{self.url}/stream", {"audience": audience, "after": after, **query})
        wait_until(lambda: listener.events, 5, "the stream begins")
        return listener

    def log(self) -> str:
        return (self.home / "log.txt").read_text()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(15)


class Listener:
    """An ordinary client of another's making, in a thread."""

    def __init__(self, url: str, query: dict[str, str]) -> None:
        self.events: list[ServerSentEvent] = []
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
                    self.events.append(event)
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
        return [int(e.id.partition("-")[2]) for e in self.events if e.event.startswith("order.")]

    def types(self) -> list[str]:
        return [event.event for event in self.events]
