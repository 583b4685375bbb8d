"""Real servers for tests, each in a process of its own that ends with the test run."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from orderboard import embedded
from orderboard.children import Child
from tests.processes import Process, descendants

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")
_SETTINGS = re.compile("ORDERBOARD_.*|PORT|HOST|DATABASE_URL|REDIS_URL|SECRET_KEY|WEB_CONCURRENCY")
HIGH_LIMITS = {
    "ORDERBOARD_INTAKE_LIMIT": "1000000",
    "ORDERBOARD_SIGN_IN_LIMIT": "1000000",
    "ORDERBOARD_STREAM_LIMIT": "1000000",
    "ORDERBOARD_STREAM_LISTENERS_PER_ADDRESS": "20000",
}


def wait_until(condition: Callable[[], T], seconds: float = 10, what: str = "") -> T:
    """Wait until a condition holds, and answer what it answered."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what or condition}")
        time.sleep(0.02)
    return found


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Valkey:
    """A Redis-compatible server at a Unix socket, to be troubled in many ways."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "redis.sock"
        self.url = f"unix://{self.path}"
        self.child = self._start()

    @property
    def pid(self) -> int:
        """The server's process."""
        return self.child.process.pid

    def pause(self) -> None:
        """Stop it in its tracks: connections stay open, nothing answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it with kill -9."""
        self.child.end()

    def restart(self) -> None:
        """Start it again, empty."""
        self.child.end()
        self.child = self._start()

    def flush(self) -> None:
        """Empty it."""
        assert self._told("FLUSHALL").startswith(b"+OK")

    def drop_subscriptions(self) -> None:
        """Break off every connection that is subscribed to anything."""
        assert self._told("CLIENT KILL TYPE pubsub").startswith(b":")

    def _told(self, command: str) -> bytes:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self.path))
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(64)

    def _start(self) -> Child:
        embedded.prepare_folder(self.path)
        child = Child(embedded.command(embedded.find_server(), self.path), output=self._log)
        if not embedded.wait_for_answer(self.path, child.alive):
            child.end()
            raise AssertionError(
                f"the Redis-compatible server did not start: {self._log.read_text()}"
            )
        return child

    @property
    def _log(self) -> Path:
        return self.path.with_suffix(".log")


@contextmanager
def valkey(folder: Path) -> Iterator[Valkey]:
    """A Redis-compatible server with a folder of its own (whose path must be short)."""
    server = Valkey(folder)
    try:
        yield server
    finally:
        server.kill()


@dataclass
class BoardServer:
    """``orderboard run`` (or another ``verb``) with a data folder of its own."""

    home: Path
    environ: dict[str, str]
    verb: str = "run"
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        return int(self.environ["PORT"])

    @property
    def base_url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        """What it has printed so far, to standard output and standard error."""
        return self._log.read_text()

    def start(self, *options: str) -> None:
        """Start it and wait until it says that it runs."""
        self.launch(*options)
        wait_until(lambda: "Ctrl-C stops it" in self.output or self.process.poll() is not None, 30)
        assert self.process.poll() is None, f"the board did not start:\n{self.output}"

    def launch(self, *options: str) -> None:
        """Start it without waiting."""
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "orderboard", self.verb, *options],
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def command(self, *arguments: str) -> str:
        """What another ``orderboard`` command prints, run with the same settings."""
        found = subprocess.run(
            [sys.executable, "-m", "orderboard", *arguments],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 0, found.stderr
        return found.stdout.strip()

    def key(self, scope: str = "admin") -> str:
        """A new key with this scope."""
        return self.command("key", "create", f"test {scope}", "--scope", scope)

    def sign_in_link(self, email: str = "ada@example.com") -> str:
        """A link that signs in somebody of the staff, once."""
        return self.command("admin", "link", email)

    def family(self) -> list[Process]:
        """All processes it consists of."""
        return descendants(self.process.pid)

    def web_server(self) -> int:
        """The process of gunicorn's master."""
        return self._child("gunicorn")

    def workers(self) -> list[int]:
        """The processes of gunicorn's workers."""
        master = self.web_server()
        return [
            p.pid
            for p in self.family()
            if p.parent == master and "gunicorn" in p.command and "watched" not in p.command
        ]

    def couriers(self) -> list[int]:
        """The processes that work through the log."""
        return [
            p.pid
            for p in self.family()
            if p.command.endswith("orderboard courier") and "watched" not in p.command
        ]

    def embedded_server(self) -> int:
        """The process of the embedded Redis-compatible server."""
        return self._child("valkey-server|redis-server")

    def stop(self) -> None:
        """Stop it as an administrator would, and wait for its end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.process.kill()
        self.process.wait()

    def _child(self, pattern: str) -> int:
        for process in self.family():
            if process.parent == self.process.pid and re.search(pattern, process.command):
                return process.pid
        raise AssertionError(f"no process {pattern} among {self.family()}")

    @property
    def _log(self) -> Path:
        return self.home.parent / f"{self.home.name}.log"


def new_board(home: Path, **settings: str) -> BoardServer:
    """A board that is not started yet. ``settings`` are variables of its environment."""
    environ = {name: value for name, value in os.environ.items() if not _SETTINGS.fullmatch(name)}
    environ |= HIGH_LIMITS | {"ORDERBOARD_HOME": str(home), "PORT": str(free_port())} | settings
    return BoardServer(home, environ)


@contextmanager
def board_server(home: Path, **settings: str) -> Iterator[BoardServer]:
    """A running board. It ends with the block, and with the test run however that ends."""
    board = new_board(home, **settings)
    try:
        board.start("--with-parent", str(os.getpid()))
        yield board
    finally:
        board.stop()
