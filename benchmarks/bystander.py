"""Somebody who means no harm, at an address of their own, while others attack."""

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from benchmarks.asking import BLANK, MARK, Connection, NotTaken, request, stamped
from benchmarks.shop import ORDER

LONGEST = 10.0
"""Seconds after which an answer is not waited for any more, and counts as that long."""
_PAUSE = 0.01
_CLOSE = "Connection: close"
_ORDER = request("POST", "/api/orders", json.dumps({**ORDER, "note": MARK.decode()}).encode())


@dataclass(slots=True)
class Bystander:
    """Asks, orders and listens during a block; how many seconds each of them took.

    Every question and every order comes over a new connection; the board's stream stays open.
    """

    port: int
    key: str
    asked: list[float] = field(default_factory=list)
    ordered: list[float] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _board: Connection | None = None

    def __enter__(self) -> Self:
        self._board = Connection(self.port, LONGEST)
        bearer = f"Authorization: Bearer {self.key}"
        self._board.listen(request("GET", "/api/stream", b"", bearer, "Accept: text/event-stream"))
        for work in (self._ask, self._order, self._listen):
            self._threads.append(threading.Thread(target=work, daemon=True))
            self._threads[-1].start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads[:2]:
            thread.join(3 * LONGEST)
        ends = time.monotonic() + LONGEST
        while len(self.heard) < len(self.ordered) and time.monotonic() < ends:
            time.sleep(0.01)
        self.heard += [LONGEST] * (len(self.ordered) - len(self.heard))
        if self._board is not None:
            self._board.hang_up()
        self._threads[2].join(LONGEST)

    def _ask(self) -> None:
        self._repeat(self.asked, lambda: request("GET", "/healthz", b"", _CLOSE))

    def _order(self) -> None:
        post = _ORDER.replace(b"\r\n", f"\r\n{_CLOSE}\r\n".encode(), 1)
        self._repeat(self.ordered, lambda: stamped(post))

    def _repeat(self, took: list[float], asked: Callable[[], bytes]) -> None:
        while not self._over.wait(_PAUSE):
            took.append(seconds_for(self.port, asked()))

    def _listen(self) -> None:
        before, _, behind = MARK.partition(BLANK)
        before_note = b'"note":"' + before
        with suppress(OSError, NotTaken):
            while self._board is not None:
                frame = self._board.frame_with(before_note)
                posted = frame.partition(before_note)[2].partition(behind)[0]
                if len(posted) == len(BLANK):
                    self.heard.append(time.monotonic() - int(posted) / 1e9)


def seconds_for(port: int, question: bytes) -> float:
    """How long the answer to a request took over a new connection; LONGEST where it was refused."""
    began = time.monotonic()
    try:
        with socket.create_connection(("127.0.0.1", port), LONGEST) as connection:
            connection.sendall(question)
            if not connection.recv(16).startswith(b"HTTP/1.1 20"):
                return LONGEST
    except OSError:
        return LONGEST
    return time.monotonic() - began
