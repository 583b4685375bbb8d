"""What gunicorn's parser reads a connection through: heads as a whole, bodies within a timeout."""

import socket
from typing import Protocol

from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from gunicorn.http.unreader import Unreader  # type: ignore[import-untyped]

from orderboard.edge.fair_queue import FairQueue
from orderboard.edge.head import Head
from orderboard.edge.memory import Memory
from orderboard.edge.read_timeout import BODY, HEAD, REST, Countdown, ReadTimeout

_PIECE = 8192
_FINE_PIECE = 4096
"""Bytes of chunks' heads to read at once: they may be many and small, and each costs something."""
_LARGE_PIECE = 64 * 1024
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class TooMuch(ParseException):  # type: ignore[misc]
    """A body, or what is around its chunks, is larger than anything of use."""


class Shared(Protocol):
    """What all connections share.

    ``most_raw``: bytes of a body, its chunks' heads included. ``send_timeout``: seconds in which a
    peer has to take each piece of what it asked for.
    """

    fair_queue: FairQueue
    memory: Memory
    most_raw: int
    send_timeout: float


class Reader(Unreader):  # type: ignore[misc]
    """Reads one connection, within what all share.

    ``whose`` turn in the fair queue each piece takes that comes: the peer's, until somebody knows
    whom the peer asks for.
    """

    def __init__(self, sock: socket.socket, shared: Shared, whose: str) -> None:
        super().__init__()
        self._sock, self._shared = sock, shared
        self._behind, self._peer, self.whose = b"", whose, whose
        self._held = 0
        self._length: int | None = None
        self._countdown: Countdown | None = None
        self.expects_continue = False

    def wait(self) -> bool:
        """Wait for the first byte of a request. False when the peer has hung up."""
        self.let_go()
        self._countdown, self.whose = None, self._peer
        self._behind = self.take_buffered() + self._behind
        if not self._behind:
            self._sock.settimeout(None)
            self._behind = self._sock.recv(_PIECE)
        return bool(self._behind)

    def turn(self) -> None:
        """Wait for a turn."""
        self._shared.fair_queue.enter(self.whose)

    def let_go(self) -> None:
        """The last request, and with it its body, is over."""
        if self._held:
            self._shared.memory.give_back(self.whose, self._held)
            self._held = 0

    def fetch_head(self) -> bytes:
        """Gather a request's head for the parser. Empty when the peer hangs up before its end.

        Raises what gunicorn raises when a bound is passed, and TooSlow.
        """
        head, countdown, piece = Head(), Countdown(HEAD), self._behind
        while piece:
            head.add(piece)
            if head.complete:
                whole, self._behind = head.take()
                self.unread(whole)
                return whole
            piece = self._receive(countdown, _PIECE)
            self.turn()
        return b""

    def begin_body(self, expects_continue: bool, length: int | None) -> None:
        """From here on it is the body that is read; None: its length is not known."""
        self._countdown, self.expects_continue = Countdown(BODY), expects_continue
        self._length = length

    def hurry(self, timeout: ReadTimeout = REST) -> None:
        """Nobody wants what is still to come of the body."""
        self._countdown = Countdown(timeout)

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next piece of a body. Nothing comes behind a head that the parser found too short."""
        if self._countdown is None:
            return b""
        if self._length is not None and not self._held:
            self._hold(self._length)  # all of it, or those who come at once would all fail halfway
        if self._behind:
            piece, self._behind = self._behind, b""
        else:
            piece = self._more(self._countdown, size_hint)
        self._countdown.received += len(piece)
        if self._countdown.received > self._shared.most_raw:
            raise TooMuch("The body, with all that is around its chunks, is too large.")
        if self._length is None:
            self._hold(len(piece))
        self.turn()
        return piece

    def _hold(self, count: int) -> None:
        self._shared.memory.take(self.whose, count)
        self._held += count

    def _more(self, countdown: Countdown, size_hint: int | None) -> bytes:
        if self.expects_continue:
            self.expects_continue = False
            self._sock.sendall(_CONTINUE)
        size = min(max(size_hint, _FINE_PIECE), _LARGE_PIECE) if size_hint else _FINE_PIECE
        return self._receive(countdown, size)

    def _receive(self, countdown: Countdown, size: int) -> bytes:
        self._sock.settimeout(countdown.left())
        try:
            return self._sock.recv(size)
        except TimeoutError:
            self.turn()  # a thousand that came together are late together, and each is answered
            raise countdown.late() from None
        finally:
            self._sock.settimeout(self._shared.send_timeout)
