"""What is looked at before anything is started, and the signals that are listened to."""

import errno
import fcntl
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TextIO

from orderboard.errors import ConfigurationError, StartFailed

_LOCK_SECONDS = 1.0
_PORT_SECONDS = 2.0
"""How long a server of ours that was just ended by force may take to let go of its port."""


class Held(StartFailed):
    """Another process, whose number is given, runs on the data folder."""

    def __init__(self, home: Path, process: str) -> None:
        super().__init__(
            f"ORDERBOARD_HOME: another one runs on the data folder {home} (process {process});"
            " end that one, or name another folder"
        )
        self.process = process


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the data folder for one process. Raises Held while another one has it."""
    try:
        file = (home / "run.lock").open("a+")
    except OSError as error:
        raise ConfigurationError(
            f"ORDERBOARD_HOME: the data folder {home} cannot be written to:"
            f" run.lock: {_reason(error)}; name one that can, or set that right"
        ) from None
    with file:
        _lock(file, home)
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def runs_on(home: Path) -> bool:
    """Whether a process holds the data folder."""
    try:
        with (home / "run.lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def check_port(host: str, port: int) -> None:
    """Raise StartFailed when nothing of ours could listen there."""
    deadline = time.monotonic() + _PORT_SECONDS
    while refusal := _refusal(host.strip("[]"), port):
        if time.monotonic() > deadline:
            raise StartFailed(refusal)
        time.sleep(0.1)


def reachable(host: str) -> str:
    """Where this machine reaches a server that listens there."""
    plain = host.strip("[]")
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(plain, plain)  # noqa: S104


def web_server_answers(host: str, port: int) -> bool:
    """Whether the web server answers a request yet."""
    connection = HTTPConnection(reachable(host), port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def terminal_works() -> bool:
    """Whether this process has a terminal that is still there."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


class Bell:
    """Rung by every signal that is listened to."""

    def __init__(self, end: int) -> None:
        self._end = end

    def wait(self, seconds: float) -> None:
        """Return at the next signal, or after so many seconds."""
        if select.select([self._end], [], [], seconds)[0]:
            with suppress(BlockingIOError):
                os.read(self._end, 4096)


@contextmanager
def listening(
    signals: tuple[signal.Signals, ...], heard: Callable[[signal.Signals], None]
) -> Iterator[Bell]:
    """Call ``heard`` with each of these signals that comes, and ring the bell."""
    receiving, sending = os.pipe()
    os.set_blocking(receiving, False)
    os.set_blocking(sending, False)
    before = {number: signal.getsignal(number) for number in signals}
    wakeup = signal.set_wakeup_fd(sending, warn_on_full_buffer=False)
    try:
        for number in signals:
            signal.signal(number, lambda number, _frame: heard(signal.Signals(number)))
        yield Bell(receiving)
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(receiving)
        os.close(sending)


def _lock(file: TextIO, home: Path) -> None:
    # Whoever only looks whether the folder is free has it for a moment, too.
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                file.seek(0)
                number = file.read().strip() or "unknown"
                raise Held(home, number) from None
        time.sleep(0.05)


def _refusal(host: str, port: int) -> str | None:
    variable = "HOST"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            candidate.bind(address)
    except OSError as error:
        if not isinstance(error, socket.gaierror) and error.errno != errno.EADDRNOTAVAIL:
            variable = "PORT"
        at = f"[{host}]" if ":" in host else host
        return (
            f"{variable}: cannot listen on {at}:{port}: {_reason(error)}; name another {variable}"
            + (", or end what listens there" if error.errno == errno.EADDRINUSE else "")
        )
    return None


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
