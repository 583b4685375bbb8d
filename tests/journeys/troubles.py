"""What goes wrong in a house: processes that die, stand still or forget."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.journeys.house import House
from tests.servers import wait_until


def kill_worker(house: House) -> None:
    """Kill the oldest worker with -9."""
    os.kill(min(house.server.workers()), signal.SIGKILL)


@contextmanager
def without_store(house: House) -> Iterator[None]:
    """In this block the embedded server is dead: whoever would start it again stands still."""
    store = house.server.embedded_server()
    house.server.process.send_signal(signal.SIGSTOP)
    os.kill(store, signal.SIGKILL)
    wait_until(lambda: _store(house) == "away", what="Redis gone")
    try:
        yield
        assert _store(house) == "away"
    finally:
        house.server.process.send_signal(signal.SIGCONT)
    wait_until(lambda: _store(house) == "ok", what="Redis back")


def pause_store(house: House, seconds: float) -> None:
    """Stop the embedded server in its tracks for so long."""
    pid = house.server.embedded_server()
    os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(pid, signal.SIGCONT)


def flush_store(house: House) -> None:
    """Empty the embedded server."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(house.server.home / "redis.sock"))
        connection.sendall(b"FLUSHALL\r\n")
        assert connection.recv(16).startswith(b"+OK")


def _store(house: House) -> str:
    return str(house.ask("GET", "/readyz")["redis"])
