"""What becomes of a socket that leaves its request."""

import os
import select
import socket
from collections.abc import Iterator
from typing import Any

import gevent.socket
import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from orderboard.stream.handoff import StreamResponse, hand_off

pytestmark = pytest.mark.skipif(
    not hasattr(select, "EPOLLRDHUP"), reason="sockets are handed over on Linux only"
)
Taken = list[tuple[socket.socket, bytes, bool]]


@pytest.fixture
def connection() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection over TCP; the server's is one of gevent's."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        far = socket.create_connection(server.getsockname())
        near, _ = server.accept()
    ours = gevent.socket.socket(fileno=near.detach())
    yield ours, far
    ours.close()
    far.close()


def asked(connection: socket.socket, version: str = "HTTP/1.1") -> Taken:
    """What is taken over when a stream is asked for with a version of HTTP."""
    taken: Taken = []

    def take_over(fd: int, head: bytes, chunked: bool) -> None:
        taken.append((socket.socket(fileno=fd), head, chunked))

    def app(environ: Any, start: Any) -> Any:
        return StreamResponse(iter(()), take_over, content_type="text/event-stream")(environ, start)

    environ = EnvironBuilder("/stream").get_environ()
    environ |= {"gunicorn.socket": connection, "SERVER_PROTOCOL": version}
    # StopIteration is how gunicorn hears of it.
    with pytest.raises(StopIteration):
        hand_off(app, patience=7.5)(environ, lambda *_: None)
    return taken


def test_a_half_open_connection_is_given_up_by_the_system(connection: Any) -> None:
    """Heartbeats that nobody acknowledges would else go on for a quarter of an hour."""
    [(taken, *_)] = asked(connection[0])
    assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 7500
    assert taken.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 2 * 128 * 1024
    taken.close()


@pytest.mark.parametrize(("version", "is_chunked"), [("HTTP/1.1", True), ("HTTP/1.0", False)])
def test_the_head_says_how_the_end_is_told(connection: Any, version: str, is_chunked: bool) -> None:
    [(taken, head, chunked)] = asked(connection[0], version)
    assert chunked is is_chunked
    assert (b"\r\nTransfer-Encoding: chunked\r\n" in head) is is_chunked
    assert head.count(b"\r\n\r\n") == 1
    assert b"\r\nConnection: close" in head
    taken.close()


def test_without_a_descriptor_the_answer_ends_properly(
    connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(_: int) -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "dup", none_left)
    assert asked(connection[0]) == []
    connection[1].settimeout(5)
    answer = connection[1].recv(4096)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\n0\r\n\r\n")


def test_other_answers_keep_their_socket(connection: Any) -> None:
    environ = EnvironBuilder("/").get_environ()
    environ |= {"gunicorn.socket": connection[0], "SERVER_PROTOCOL": "HTTP/1.1"}
    answer = hand_off(Response("well"), patience=7.5)(environ, lambda *_: None)
    assert b"".join(answer) == b"well"
