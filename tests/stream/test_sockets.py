"""The sockets of all connections, however many descriptors the process has open already."""

import os
import resource
import socket
from collections.abc import Iterator

import pytest

from orderboard.stream.connection import StreamConnection
from orderboard.stream.sockets import Sockets


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    yield
    for descriptor in opened:
        os.close(descriptor)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_hang_up_is_noticed_beyond_a_thousand_descriptors(many_descriptors: None) -> None:
    left: list[str] = []
    sockets = Sockets(lambda _conn, why: left.append(why))
    near, far = socket.socketpair()
    conn = StreamConnection(near.detach(), "board", None, "", lambda _conn: None)
    assert conn.fd > 1023
    sockets.add(conn)
    far.close()
    sockets.wait()
    assert sockets.events(10) == []
    assert left == ["gone"]


def test_a_connection_that_cannot_be_written_to_is_dropped_at_once() -> None:
    left: list[str] = []
    sockets = Sockets(lambda _conn, why: left.append(why))
    near, far = socket.socketpair()
    conn = StreamConnection(near.detach(), "board", None, "", lambda _conn: None)
    sockets.add(conn)
    far.close()
    assert not sockets.write(conn, b"data", 0.0)
    assert left == ["gone"]
    assert len(sockets) == 0
