"""What the system keeps of what is sent and not taken, and how many who have come are let in."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import gevent
import gevent.socket
import pytest

from orderboard.config import Settings
from orderboard.edge import Edge
from orderboard.edge.service import ACCEPTED, BUFFER


@pytest.fixture
def listener() -> Iterator[gevent.socket.socket]:
    """A socket that listens, as a worker has it."""
    with socket.create_server(("127.0.0.1", 0), backlog=2 * ACCEPTED) as made:
        yield gevent.socket.socket(made.family, made.type, fileno=made.detach())


def test_connections_have_small_buffers_from_their_listener(
    settings: Settings, listener: gevent.socket.socket
) -> None:
    worker = SimpleNamespace(sockets=[listener], handle=None)
    Edge(settings, 1000).serve(worker)
    with socket.create_connection(listener.getsockname(), 5):
        connection, _ = listener.accept()
        for side in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            assert connection.getsockopt(socket.SOL_SOCKET, side) <= 2 * BUFFER
        connection.close()
    listener.close()


def test_those_who_came_at_once_are_let_in_at_once(
    settings: Settings, listener: gevent.socket.socket
) -> None:
    worker, rounds, come = SimpleNamespace(sockets=[listener]), list[int](), list[int]()
    Edge(settings, 1000).serve(worker)
    worker.handle = lambda *_: come.append(len(rounds))
    server = worker.server_class(listener, spawn=gevent.spawn, application=None, environ={})
    with gevent.Timeout(10), ExitStack() as clients:
        for _ in range(ACCEPTED + 1):
            clients.enter_context(socket.create_connection(listener.getsockname(), 5))
        server.start()
        while len(come) <= ACCEPTED:
            rounds.append(1)
            gevent.sleep(1e-6)
    server.close()
    assert come[-1] - come[0] < ACCEPTED // 2, "one in each round of the loop"
