"""A proxy between a browser and the server that lets through only what it is told to."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE = 65_536
STREAM = r"GET /api/([^? ]*/)?stream[? ]"
"""How the line of a request for a stream begins."""


class Proxy:
    """Passes bytes on; can hold back or cut off streams, and lose connections altogether."""

    def __init__(self, server_port: int) -> None:
        self.requests: list[str] = []
        self.flowing = threading.Event()
        self.flowing.set()
        self.refused: re.Pattern[str] | None = None
        self.there = threading.Event()
        self.there.set()
        self._server_port = server_port
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._connections: set[_Connection] = set()
        self._thread = threading.Thread(target=self._accept, name="proxy", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        return int(self._listening.getsockname()[1])

    def hold_streams(self) -> None:
        """Keep back, from now on, what streams answer, as a buffering proxy does."""
        self.flowing.clear()

    def refuse_streams(self) -> None:
        """Cut off all streams, and each new one right when it is asked for."""
        self.refuse(STREAM)

    def refuse(self, requests: str) -> None:
        """Hang up, now and from now on, on whoever asks with a line that begins like this."""
        self.refused = re.compile(requests)
        for connection in self._now():
            if self.refuses(connection.asked):
                connection.hang_up()

    def refuses(self, line: str) -> bool:
        """Whether it hangs up on a request with this line."""
        return self.refused is not None and self.refused.match(line) is not None

    def go_away(self) -> None:
        """Streams are dead for ever, and nobody is told; who connects anew waits for its return."""
        self.there.clear()
        for connection in self._now():
            if connection.is_stream:
                connection.is_lost = True
            else:
                connection.hang_up()

    def recover(self) -> None:
        """All is well, but for streams that were lost."""
        self.refused = None
        self.flowing.set()
        self.there.set()

    def asked(self, requests: str) -> int:
        """How many requests there were whose line begins like this."""
        return sum(re.match(requests, line) is not None for line in self.requests)

    def close(self) -> None:
        """End it and all that goes through it."""
        self.recover()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)
        for connection in self._now():
            connection.end()

    def _now(self) -> list["_Connection"]:
        return list(self._connections)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            over = {one for one in self._connections if one.is_over}
            for connection in over:
                connection.end()
            self._connections -= over
            self._connections.add(_Connection(self, client, self._server_port))


class _Connection:
    """One connection of the browser and its counterpart to the server."""

    def __init__(self, proxy: Proxy, client: socket.socket, server_port: int) -> None:
        self.asked = ""
        self.is_lost = False
        self._proxy = proxy
        self._client = client
        self._server = socket.socket()
        self._server_port = server_port
        self._up = threading.Thread(target=self._run, daemon=True)
        self._down = threading.Thread(target=self._carry_down, daemon=True)
        self._up.start()

    @property
    def is_stream(self) -> bool:
        """Whether what was asked for last is a stream."""
        return re.match(STREAM, self.asked) is not None

    @property
    def is_over(self) -> bool:
        """Whether nothing can come of it any more."""
        return not self._up.is_alive()

    def hang_up(self) -> None:
        """Let both sides know that it is over."""
        for side in (self._client, self._server):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Hang up, and wait until it is over."""
        self.hang_up()
        self._up.join(10)

    def _run(self) -> None:
        self._proxy.there.wait()
        # Where nobody listens just now the client hears it by the end of its connection.
        with self._client, self._server, suppress(ConnectionRefusedError):
            self._server.connect(("127.0.0.1", self._server_port))
            self._down.start()
            self._carry_up()
            self.hang_up()
            self._down.join(10)

    def _carry_up(self) -> None:
        for piece in _pieces(self._client):
            # A browser begins a request only after the answer to the one before, in a new piece.
            line = piece.split(b"\r\n", 1)[0].decode("latin-1")
            if line.endswith(" HTTP/1.1"):
                self._proxy.requests.append(line)
                self.asked = line
            if self._proxy.refuses(self.asked):
                return
            with suppress(OSError):
                self._server.sendall(piece)

    def _carry_down(self) -> None:
        for piece in _pieces(self._server):
            if self.is_stream:
                self._proxy.flowing.wait()
            if not self.is_lost:
                with suppress(OSError):
                    self._client.sendall(piece)
        if not self.is_lost:
            self.hang_up()


def _pieces(side: socket.socket) -> Iterator[bytes]:
    with suppress(OSError):
        while piece := side.recv(_PIECE):
            yield piece


@contextmanager
def proxy_to(server_port: int) -> Iterator[Proxy]:
    """A proxy that is there until the block ends."""
    proxy = Proxy(server_port)
    try:
        yield proxy
    finally:
        proxy.close()
