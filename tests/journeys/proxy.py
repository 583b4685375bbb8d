"""A proxy between a browser and the server that lets through only what it is told to."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE = 65_536
_STREAM = re.compile(r"GET /api/([^? ]*/)?stream[? ]")


class Proxy:
    """Passes bytes on; can hold back or cut off streams, and lose connections altogether."""

    def __init__(self, server_port: int) -> None:
        self.requests: list[str] = []
        self.flowing = threading.Event()
        self.flowing.set()
        self.refusing = False
        self.losing = False
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
        self.refusing = True
        for connection in self._now():
            if connection.is_stream:
                connection.hang_up()

    def lose_connections(self) -> None:
        """Nothing comes through any more, and nobody is told; as when a laptop has left."""
        self.losing = True
        for connection in self._now():
            connection.is_lost = True

    def recover(self) -> None:
        """All is well, but for connections that were lost: those stay dead for ever."""
        self.refusing = self.losing = False
        self.flowing.set()

    def asked(self, beginning: str) -> int:
        """How many requests have begun like this."""
        return sum(line.startswith(beginning) for line in self.requests)

    def close(self) -> None:
        """End it and all that goes through it."""
        self.flowing.set()
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
        self.is_stream = False
        self.is_lost = proxy.losing
        self._proxy = proxy
        self._client = client
        self._server = socket.create_connection(("127.0.0.1", server_port))
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._carry_up, self._carry_down)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def is_over(self) -> bool:
        """Whether nothing can come of it any more."""
        return not any(thread.is_alive() for thread in self._threads)

    def hang_up(self) -> None:
        """Let both sides know that it is over."""
        for side in (self._client, self._server):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Hang up, and wait until it is over."""
        self.hang_up()
        for thread in self._threads:
            thread.join(5)
        self._client.close()
        self._server.close()

    def _carry_up(self) -> None:
        for piece in _pieces(self._client):
            if self.is_lost:
                continue
            # A browser begins a request only after the answer to the one before, in a new piece.
            line = piece.split(b"\r\n", 1)[0].decode("latin-1")
            if line.endswith(" HTTP/1.1"):
                self._proxy.requests.append(line)
                self.is_stream = _STREAM.match(line) is not None
            if self.is_stream and self._proxy.refusing:
                break
            with suppress(OSError):
                self._server.sendall(piece)
        self.hang_up()

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
