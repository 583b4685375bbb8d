"""The running shop of a journey: its server, its staff, its log."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.journeys.listening import Listener, listening
from tests.pages.shop import Shop
from tests.servers import BoardServer, board_server, wait_until

Json = dict[str, Any]
HEARTBEAT = 2


class House(Shop):
    """A shop with its server at hand, to be troubled in many ways."""

    def __init__(self, server: BoardServer) -> None:
        self.server = server
        self.key = server.key("admin")
        super().__init__(server.base_url, self.key)

    @property
    def credentials(self) -> dict[str, str]:
        """The headers of a script that may do all that staff may."""
        return {"Authorization": f"Bearer {self.key}"}

    def link(self, who: str = "ada", port: int | None = None) -> str:
        """A link that signs in, of the server itself or of what listens at another port."""
        path = self.server.sign_in_link(f"{who}@example.com").removeprefix(self.address)
        return f"http://127.0.0.1:{port or self.server.port}{path}"

    def log(self) -> list[Json]:
        """The whole log."""
        events: list[Json] = []
        while True:
            after = events[-1]["id"] if events else ""
            answer = self.ask("GET", f"/api/events?limit=1000&after={after}")
            assert answer["reset"] is None
            if not answer["events"]:
                return events
            events += answer["events"]

    def head(self) -> str:
        """The id of the log's newest position."""
        return str(self.ask("GET", "/api/orders?limit=1")["position"])

    def orders(self) -> list[Json]:
        """Every order, newest first."""
        answer = self.ask("GET", "/api/orders?limit=200")
        found: list[Json] = answer["orders"]
        while answer["next"]:
            answer = self.ask("GET", f"/api/orders?limit=200&cursor={answer['next']}")
            found += answer["orders"]
        return found

    @contextmanager
    def listener(self) -> Iterator[Listener]:
        """An independent listener to everything from now on."""
        with listening(f"{self.address}/api/stream", self.credentials, self.head()) as listener:
            yield listener

    def kill_worker(self) -> None:
        """Kill the oldest worker with -9."""
        os.kill(min(self.server.workers()), signal.SIGKILL)

    def keep_store_away(self, seconds: float) -> None:
        """Kill the embedded server, and each that takes its place, for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(AssertionError, ProcessLookupError):
                os.kill(self.server.embedded_server(), signal.SIGKILL)
            time.sleep(0.1)

    def wait_for_store(self) -> None:
        """Wait until the embedded server is back."""
        wait_until(lambda: self.ask("GET", "/readyz")["redis"] == "ok", 20, "Redis back")

    def pause_store(self, seconds: float) -> None:
        """Stop the embedded server in its tracks for so long."""
        pid = self.server.embedded_server()
        os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(pid, signal.SIGCONT)

    def flush_store(self) -> None:
        """Empty the embedded server."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self.server.home / "redis.sock"))
            connection.sendall(b"FLUSHALL\r\n")
            assert connection.recv(16).startswith(b"+OK")


@contextmanager
def open_house(home: Path, **settings: str) -> Iterator[House]:
    """A shop whose doors are open until the block ends."""
    with board_server(home, ORDERBOARD_STREAM_HEARTBEAT=str(HEARTBEAT), **settings) as server:
        house = House(server)
        with house.staff:
            yield house


def curl(url: str, body: str) -> str:
    """Post JSON with the real curl; its answer."""
    command = ["curl", "-fsS", "--max-time", "10", "-H", "Content-Type: application/json"]
    done = subprocess.run([*command, "-d", body, url], capture_output=True, text=True, check=True)
    return done.stdout
