"""Streams that leave their request behind.

A WSGI server keeps a thread or greenlet, a parser and an environ for as long as an answer lasts.
gunicorn's gevent worker also lets the app have the socket. There the answer to a stream's request
is written by the app: the socket's descriptor is duplicated and given to the hub's writer, and the
request ends with StopIteration, which gunicorn's connection handler takes for "this connection is
done": it closes its own descriptor and forgets everything.
"""

import logging
import os
import select
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from email.utils import formatdate
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import gevent.socket
from flask import Response
from werkzeug.wsgi import ClosingIterator

from orderboard.stream.wire import LAST_CHUNK

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

_OFFER = "orderboard.handoff"
_SENT_HERE = ("connection", "content-length", "date", "transfer-encoding")
_SEND_BUFFER = 128 * 1024
"""Bytes the system may keep for one slow listener; it would otherwise grow to megabytes."""

TakeOver = Callable[[int, bytes, bool], None]
"""Given a descriptor that is the callee's from now on, the answer's head, and whether its body is
to be chunked."""


class _Offer:
    """A socket that this request's answer may take over."""

    __slots__ = ("head", "take_over")

    def __init__(self) -> None:
        self.take_over: TakeOver | None = None
        self.head = b""


class StreamResponse(Response):
    """An event stream: it takes over the socket where one is offered, and else is iterated."""

    def __init__(self, body: Iterator[bytes], take_over: TakeOver, **more: Any) -> None:
        super().__init__(body, **more)
        self._take_over = take_over

    def get_app_iter(self, environ: "WSGIEnvironment") -> Iterable[bytes]:
        """The body; nothing where the answer goes another way."""
        offer = environ.get(_OFFER)
        if offer is None:
            return super().get_app_iter(environ)
        offer.take_over = self._take_over
        return ClosingIterator((), self.close)


def hand_off(app: "WSGIApplication", patience: float) -> "WSGIApplication":
    """Wrap an app so that its streams may leave their requests.

    ``patience``: seconds until a peer that acknowledges nothing counts as gone.
    """

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if not _can_be_handed_over(environ):
            return app(environ, start)
        offer = environ[_OFFER] = _Offer()
        chunked = environ["SERVER_PROTOCOL"] == "HTTP/1.1"

        def start_or_keep(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            if offer.take_over is None:
                return start(status, headers, exc_info)
            offer.head = head_of(status, headers, chunked)
            return None

        answer = app(environ, start_or_keep)
        if offer.take_over is None:
            return answer
        _close(answer)
        _prepare(environ["gunicorn.socket"], patience)
        _give(environ["gunicorn.socket"], offer.take_over, offer.head, chunked)
        raise StopIteration("the connection goes on elsewhere")

    return wrapped


def can_leave(sock: object) -> bool:
    """Whether a socket can leave its request."""
    # A TLS socket is a subclass.
    return type(sock) is gevent.socket.socket and hasattr(select, "EPOLLRDHUP")


def leave(sock: gevent.socket.socket, patience: float) -> int:
    """Have a socket's descriptor for a stream; the socket itself is of no use any more."""
    _prepare(sock, patience)
    return int(sock.detach())


def _can_be_handed_over(environ: "WSGIEnvironment") -> bool:
    # Under HTTP/2 the socket carries other requests too.
    return (
        can_leave(environ.get("gunicorn.socket"))
        and environ["REQUEST_METHOD"] == "GET"
        and environ["SERVER_PROTOCOL"] in ("HTTP/1.1", "HTTP/1.0")
    )


def head_of(status: str, headers: list[tuple[str, str]], chunked: bool) -> bytes:
    """The head of a stream that goes on by itself, as it is to be sent within this second."""
    kept = [(name, value) for name, value in headers if name.lower() not in _SENT_HERE]
    kept += [("Date", _date(int(time.time()))), ("Connection", "close")]
    if chunked:
        kept.append(("Transfer-Encoding", "chunked"))
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in kept)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


@lru_cache(1)  # thousands may come within a second
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


def _prepare(sock: socket.socket, patience: float) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
    if sock.family != socket.AF_UNIX:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(patience * 1000))


def _give(sock: socket.socket, take_over: TakeOver, head: bytes, chunked: bool) -> None:
    try:
        fd = os.dup(sock.fileno())
    except OSError:
        # No descriptor is left. The answer ends here, and a browser comes back after it.
        log.exception("a stream could not leave its request")
        sock.sendall(head + LAST_CHUNK if chunked else head)
    else:
        take_over(fd, head, chunked)


def _close(answer: Iterable[bytes]) -> None:
    close = getattr(answer, "close", None)
    if close:
        close()
