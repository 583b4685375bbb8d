"""Posts over connections that stay open, at a given pace or as fast as it is answered."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Self

BLANK = b"0" * 17
MARK = b"|" + BLANK + b"|"
"""What a frame is known by; the moment of posting takes the place of the zeros."""
_OVERDUE = 10.0
Stop = Callable[[], bool]


class NotTaken(Exception):
    """The server did not take what was posted."""


class Connection:
    """A connection that asks one request after the other."""

    def __init__(self, port: int, patience: float = 30.0) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), patience)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._told = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()

    def hang_up(self) -> None:
        """Have whoever reads from it stop."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def ask(self, request: bytes) -> bytes:
        """Send a request; the answer's body. Raises NotTaken unless its status is a 2xx."""
        self._socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        length = _length(head)
        pieces, missing = [body], length - len(body)
        while missing > 0:
            pieces.append(self._more())
            missing -= len(pieces[-1])
        body = b"".join(pieces)
        if head.split(b" ", 2)[1][:1] != b"2":
            raise NotTaken(f"{head[:60]!r} {body[:300]!r}")
        return body

    def listen(self, request: bytes) -> None:
        """Send the request for a stream, and read its answer's head."""
        self._socket.sendall(request)
        while b"\r\n\r\n" not in self._told:
            self._told += self._more()
        self._told = self._told.partition(b"\r\n\r\n")[2]

    def frame_with(self, text: bytes) -> bytes:
        """The next frame of the stream in which a text stands."""
        while True:
            frame, end, rest = self._told.partition(b"\n\n")
            if not end:
                self._told += self._more()
                continue
            self._told = rest
            if text in frame:
                return frame + end

    def _more(self) -> bytes:
        piece = self._socket.recv(1 << 18)
        if not piece:
            raise NotTaken("the connection was closed")
        return piece


def request(method: str, path: str, body: bytes = b"", *headers: str) -> bytes:
    """The bytes of a request with a JSON body."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def stamped(post: bytes) -> bytes:
    """The request with this moment as its mark."""
    return post.replace(BLANK, b"%017d" % time.monotonic_ns())


def paced(port: int, post: bytes, moments: Sequence[float], clients: int = 8) -> list[float]:
    """Post at given seconds from now; how many seconds each answer took.

    A server that does not keep pace is not waited for: what is long overdue is not posted at all.
    """
    began, took = time.monotonic(), []
    due, lock = iter(moments), threading.Lock()
    end = began + moments[-1] + _OVERDUE

    def work() -> None:
        with Connection(port) as connection:
            while (moment := _next(due, lock)) is not None and time.monotonic() < end:
                time.sleep(max(0.0, began + moment - time.monotonic()))
                sent = time.monotonic()
                connection.ask(stamped(post))
                took.append(time.monotonic() - sent)

    _together(clients, work)
    return took


def flood(port: int, post: bytes, stop: Stop, clients: int) -> list[float]:
    """Post as fast as it is answered until told to stop; how many seconds each answer took."""
    took: list[float] = []

    def work() -> None:
        with Connection(port) as connection:
            while not stop():
                sent = time.monotonic()
                connection.ask(stamped(post))
                took.append(time.monotonic() - sent)

    _together(clients, work)
    return took


def for_seconds(seconds: float) -> Stop:
    """Says stop when so many seconds from now have passed."""
    return partial(_over, time.monotonic() + seconds)


def _over(end: float) -> bool:
    return time.monotonic() >= end


def _next(due: Iterator[float], lock: threading.Lock) -> float | None:
    with lock:
        return next(due, None)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _together(count: int, work: Callable[[], None]) -> None:
    """Run something in several threads; raises what the first of them raised that failed."""
    failures: list[Exception] = []

    def guarded() -> None:
        try:
            work()
        except (OSError, NotTaken) as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
