"""What a connection's reader holds, and for whom."""

import socket
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from orderboard.edge.fair_queue import FairQueue
from orderboard.edge.memory import Memory, NoMemory
from orderboard.edge.reader import Reader


@pytest.fixture
def shared() -> SimpleNamespace:
    """What all connections share: little memory."""
    queue = FairQueue()
    return SimpleNamespace(fair_queue=queue, memory=Memory(100), most_raw=1000, send_timeout=5.0)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A connection's two ends."""
    client, server = socket.socketpair()
    with client, server:
        client.settimeout(5)
        yield client, server


def asked(reader: Reader, length: int | None) -> None:
    """Take in a request's head."""
    assert reader.wait()
    assert reader.fetch_head()
    reader.take_buffered()
    reader.begin_body(False, length)


def test_a_body_holds_its_length_from_its_first_piece_to_the_next_request(
    shared: SimpleNamespace, ends: tuple[socket.socket, socket.socket]
) -> None:
    client, server = ends
    reader = Reader(server, shared, "a")
    client.sendall(b"POST / HTTP/1.1\r\n\r\n" + b"x" * 10)
    asked(reader, 50)
    assert shared.memory.used == 0
    assert reader.chunk() == b"x" * 10
    assert shared.memory.used == 50
    client.sendall(b"x" * 40 + b"GET / HTTP/1.1\r\n\r\n")
    assert len(reader.chunk(40)) >= 40
    assert shared.memory.used == 50
    client.sendall(b"GET / HTTP/1.1\r\n\r\n")
    asked(reader, 0)
    assert shared.memory.used == 0


def test_a_body_without_a_length_holds_what_came(
    shared: SimpleNamespace, ends: tuple[socket.socket, socket.socket]
) -> None:
    client, server = ends
    reader = Reader(server, shared, "a")
    client.sendall(b"POST / HTTP/1.1\r\n\r\n" + b"x" * 30)
    asked(reader, None)
    reader.chunk()
    assert shared.memory.used == 30
    client.sendall(b"x" * 50)
    with pytest.raises(NoMemory):
        reader.chunk()
    reader.let_go()
    reader.let_go()
    assert shared.memory.used == 0


def test_a_proxys_connection_is_the_proxys_again_at_its_next_request(
    shared: SimpleNamespace, ends: tuple[socket.socket, socket.socket]
) -> None:
    client, server = ends
    reader = Reader(server, shared, "proxy")
    client.sendall(b"POST / HTTP/1.1\r\n\r\nx")
    asked(reader, 1)
    reader.whose = "client"
    reader.chunk()
    client.sendall(b"GET / HTTP/1.1\r\n\r\n")
    assert reader.wait()
    assert reader.whose == "proxy"
    shared.memory.take("client", 50)  # all that one address may have
