"""A stand-in for a printer: a TCP server that keeps what it is sent, or behaves badly."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ASKED = b"\x1b@\x10\x04\x01\x10\x04\x02\x10\x04\x04"
"""What every printer is sent first: its start, and how it is."""
READY = b"\x16\x12\x12"
DONE = b"\x1dr\x01"


@dataclass
class Printer:
    """``manner``: ``reads`` until the end and says nothing; ``speaks`` of how it is (``status``)
    and that it is done; ``hangs``: takes the connection and never reads; ``closes`` midway;
    ``web``: is a web server.
    """

    manner: str = "reads"
    status: bytes = READY
    tickets: list[bytes] = field(default_factory=list)
    connections: int = 0
    address: str = ""

    def serve(self, line: socket.socket) -> None:
        """Do with one connection what this one does."""
        line.settimeout(10)
        self.connections += 1
        if self.manner == "hangs":
            self._held.wait(20)
        elif self.manner == "closes":
            left = len(ASKED) + 20
            while left > 0:
                left -= len(line.recv(left)) or left
        else:
            self._read(line)

    def _read(self, line: socket.socket) -> None:
        data = b""
        while piece := line.recv(65536):
            data += piece
            if self.manner == "speaks" and data == ASKED:
                line.sendall(self.status)
            if self.manner == "speaks" and data.endswith(DONE):
                line.sendall(b"\x00")
            if self.manner == "web" and b"\n" in data:
                line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
        if len(data) > len(ASKED):
            self.tickets.append(data.removeprefix(ASKED).removesuffix(DONE))

    _held: threading.Event = field(default_factory=threading.Event)


@contextmanager
def printer(manner: str = "reads", port: int = 0) -> Iterator[Printer]:
    """A printer at an address of its own until the end of the block."""
    found = Printer(manner)
    with socket.create_server(("127.0.0.1", port)) as server:
        found.address = f"127.0.0.1:{server.getsockname()[1]}"
        threading.Thread(target=_listen, args=(server, found), daemon=True).start()
        yield found
        found._held.set()
        server.shutdown(socket.SHUT_RDWR)


def nobody() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def _listen(server: socket.socket, found: Printer) -> None:
    while True:
        try:
            line, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(line, found), daemon=True).start()


def _serve(line: socket.socket, found: Printer) -> None:
    with line:
        try:
            found.serve(line)
        except OSError:
            return
