"""What hostile clients say, and connections that go on saying it."""

import selectors
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

GET = b"GET %s HTTP/1.1\r\nHost: x\r\n"
POST = b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
ORDERS = POST % b"/api/orders"
CHUNKED = ORDERS + b"Transfer-Encoding: chunked\r\n\r\n"
_ADDRESS = "127.0.0.66"
"""Where they come from; others are somewhere else. Linux takes all of 127.0.0.0/8 for its own."""
_PATIENCE = 0.02
_BACKLOG = 50
"""Connections to open in one go."""


@dataclass(frozen=True, slots=True)
class Attack:
    """``first`` is said once, ``then`` again and again with ``gap`` seconds in between."""

    first: bytes
    then: bytes = b""
    gap: float = 0.0
    reads: bool = True


def _order(body: bytes) -> bytes:
    return ORDERS + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _items(item: bytes, count: int) -> bytes:
    return _order(b'{"customer": "A", "items": [' + b",".join([item] * count) + b"]}")


ATTACKS: Mapping[str, Attack] = {
    "nothing": Attack(b""),
    "an endless request line": Attack(b"GET /", b"x" * 65536),
    "the same, byte by byte": Attack(b"GET /", b"x", 0.001),
    "an endless field": Attack(GET % b"/" + b"X: ", b"y" * 65536),
    "fields without end": Attack(GET % b"/", b"X: y\r\n" * 10_000),
    "a field now and then": Attack(GET % b"/", b"X: y\r\n", 0.2),
    "the first bytes of TLS": Attack(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
    "a body of one byte": Attack(ORDERS + b"Content-Length: 1000\r\n\r\n{"),
    "a body nobody may send": Attack(
        POST % b"/api/drivers" + b"Content-Length: 999999999\r\n\r\n", b"x" * 65536
    ),
    "an endless chunk extension": Attack(CHUNKED + b"1;", b"a" * 65536),
    "chunks of one byte": Attack(CHUNKED, b"1;a=b\r\n \r\n" * 6000),
    "trailers without end": Attack(CHUNKED + b"0\r\n", b"X: y\r\n" * 10_000),
    "requests in a row": Attack(b"", (GET % b"/healthz" + b"\r\n") * 500),
    "the same, answers not read": Attack(
        b"", (GET % b"/api/openapi.json" + b"\r\n") * 500, reads=False
    ),
    "wrong API keys": Attack(
        b"", (GET % b"/api/orders" + b"Authorization: Bearer ob_wrong\r\n\r\n") * 500
    ),
    "deep JSON": Attack(b"", _order(b"[" * 1_000_000)),
    "4 MB of numbers": Attack(b"", _order(b"1.5555555555555," * 262_000 + b"1")),
    "2 MB of long numbers": Attack(b"", _items(b"1." + b"5" * 390, 5000)),
    "200 items of 100 wrong keys": Attack(
        b"", _items(b"{" + b",".join(b'"k%d":1' % n for n in range(100)) + b"}", 200)
    ),
    "a million empty items": Attack(b"", _items(b"{}", 600_000)),
}


@dataclass(slots=True)
class _Line:
    sock: socket.socket
    rest: memoryview
    due: float = 0.0


@dataclass(slots=True)
class Crowd:
    """So many connections that do the same until the end; each is opened anew when it is closed."""

    port: int
    attack: Attack
    count: int
    selector: selectors.DefaultSelector = field(default_factory=selectors.DefaultSelector)

    def go_on(self, seconds: float) -> None:
        """Attack for some seconds, and hang up."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            missing = self.count - len(self.selector.get_map())
            for _ in range(min(missing, _BACKLOG)):
                self._open()
            for key, events in self.selector.select(_PATIENCE):
                try:
                    self._serve(key.data, events)
                except BlockingIOError:
                    continue
                except OSError:
                    self._close(key.data)
        for key in list(self.selector.get_map().values()):
            self._close(key.data)

    def _open(self) -> None:
        line = _Line(socket.socket(), memoryview(self.attack.first))
        line.sock.setblocking(False)
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sock.bind((_ADDRESS, 0))
        with suppress(BlockingIOError):
            line.sock.connect(("127.0.0.1", self.port))
        self.selector.register(line.sock, self._wanted(line), line)

    def _wanted(self, line: _Line) -> int:
        writes = line.rest or self.attack.then
        reads = selectors.EVENT_READ if self.attack.reads or not writes else 0
        return reads | (selectors.EVENT_WRITE if writes else 0)

    def _serve(self, line: _Line, events: int) -> None:
        if events & selectors.EVENT_READ and not line.sock.recv(1 << 16):
            raise ConnectionResetError
        if events & selectors.EVENT_WRITE and time.monotonic() >= line.due:
            if not line.rest:
                line.rest = memoryview(self.attack.then)
            line.rest = line.rest[line.sock.send(line.rest) :]
            if not line.rest:
                line.due = time.monotonic() + self.attack.gap
                self.selector.modify(line.sock, self._wanted(line), line)
        elif events & selectors.EVENT_WRITE:
            time.sleep(0.0001)  # it is not time yet

    def _close(self, line: _Line) -> None:
        self.selector.unregister(line.sock)
        line.sock.close()
