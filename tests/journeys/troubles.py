"""What goes wrong in a house: processes that die, stand still or forget."""

import os
import signal
import socket
import time
from contextlib import suppress

from tests.journeys.house import House
from tests.servers import wait_until


def kill_worker(house: House) -> None:
    """Kill the oldest worker with -9."""
    os.kill(min(house.server.workers()), signal.SIGKILL)


def keep_store_away(house: House, seconds: float) -> None:
    """Kill the embedded server, and each that takes its place, for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(AssertionError, ProcessLookupError):
            os.kill(house.server.embedded_server(), signal.SIGKILL)
        time.sleep(0.1)


def wait_for_store(house: House) -> None:
    """Wait until the embedded server is back."""
    wait_until(lambda: house.ask("GET", "/readyz")["redis"] == "ok", 20, "Redis back")


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
