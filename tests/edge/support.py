"""Connections that say what no client says, and what becomes of them."""

import json
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from typing import Any, Self

import httpx

from tests.servers import BoardServer

POST = b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def answer_to(board: BoardServer, request: bytes, wait: float = 30) -> tuple[bytes, bytes]:
    """Head and body of the answer to a request, after which the server must hang up."""
    said = b""
    with socket.create_connection(("127.0.0.1", board.port), wait) as connection:
        with suppress(ConnectionError):
            connection.sendall(request)
        while piece := connection.recv(65536):
            said += piece
    head, _, body = said.partition(b"\r\n\r\n")
    return head, body


def problem_to(board: BoardServer, request: bytes, status: int) -> dict[str, Any]:
    """The problem that a request is answered with; checks its head, and its status."""
    head, body = answer_to(board, request)
    lines = head.lower().split(b"\r\n")
    assert lines[0].startswith(b"http/1.1 %d " % status), head
    assert b"content-type: application/problem+json" in lines
    assert b"connection: close" in lines
    found = json.loads(body)
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    return dict(found)


def refused(board: BoardServer, reason: str) -> float:
    """How often something was refused for a reason."""
    for line in httpx.get(f"{board.base_url}/metrics").text.splitlines():
        if line.startswith("orderboard_refused_total") and f'reason="{reason}"' in line:
            return float(line.rpartition(" ")[2])
    raise AssertionError(f"no figure for {reason}")


@contextmanager
def many(board: BoardServer, count: int, request: bytes) -> Iterator[list[socket.socket]]:
    """So many connections, each of which has said this."""
    connections = []
    try:
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", board.port), 10)
            connection.sendall(request)
            connections.append(connection)
        yield connections
    finally:
        for connection in connections:
            connection.close()


def hung_up(connections: list[socket.socket], seconds: float) -> int:
    """How many of them the server closed within so many seconds."""
    ends, gone = time.monotonic() + seconds, 0
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            connection.setblocking(False)
            selector.register(connection, selectors.EVENT_READ)
        while gone < len(connections) and time.monotonic() < ends:
            for found, _ in selector.select(0.1):
                with suppress(BlockingIOError):
                    if not _more(found.fileobj):
                        selector.unregister(found.fileobj)
                        gone += 1
    return gone


def _more(connection: Any) -> bytes:
    try:
        return bytes(connection.recv(65536))
    except ConnectionError:
        return b""


class Watch:
    """Asks ``/healthz`` again and again, over a new connection each time."""

    def __init__(self, board: BoardServer) -> None:
        self.took: list[float] = []
        self._board, self._enough = board, threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join(60)
        assert not self._thread.is_alive()
        assert self.took

    def _ask(self) -> None:
        while not self.took or not self._enough.wait(0.02):
            began = time.monotonic()
            # httpx would take longer to make ready than the answer takes to come.
            connection = HTTPConnection("127.0.0.1", self._board.port, timeout=60)
            connection.request("GET", "/healthz")
            assert connection.getresponse().status == 200
            connection.close()
            self.took.append(time.monotonic() - began)
