"""The network of the storms does what it is told to, and nothing else."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from random import Random

import pytest

from tests.faults.network import Network, network_to
from tests.servers import wait_until

RANDOM = Random(1)


class Echo:
    """A server that says again what it hears; ``heard`` in all, ``ended`` connections."""

    def __init__(self) -> None:
        self.heard = 0
        self.ended = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._repeat, args=(connection,), daemon=True).start()

    def _repeat(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            while piece := connection.recv(4096):
                self.heard += len(piece)
                connection.sendall(piece)
        self.ended += 1


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.close()


@pytest.fixture
def network(echo: Echo) -> Iterator[Network]:
    with network_to(echo.port) as running:
        yield running


@pytest.fixture
def client(network: Network) -> Iterator[socket.socket]:
    with connected(network) as connection:
        yield connection


def connected(network: Network) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", network.port))
    connection.settimeout(5)
    assert ask(connection, b"there?") == b"there?"
    return connection


def ask(connection: socket.socket, text: bytes) -> bytes:
    connection.sendall(text)
    answer = b""
    while len(answer) < len(text):
        answer += connection.recv(65_536)
    return answer


def seconds(connection: socket.socket, text: bytes) -> float:
    began = time.monotonic()
    assert ask(connection, text) == text
    return time.monotonic() - began


def test_it_carries_everything_as_it_is(client: socket.socket) -> None:
    text = RANDOM.randbytes(10_000)
    assert [ask(client, text) for _ in range(5)] == [text] * 5


def test_both_sides_know_of_a_cut(network: Network, client: socket.socket, echo: Echo) -> None:
    assert network.cut(RANDOM) == 1
    with suppress(ConnectionResetError):
        assert client.recv(1) == b""
    wait_until(lambda: echo.ended == 1)
    connected(network).close()


def test_neither_side_knows_that_a_connection_is_lost(
    network: Network, client: socket.socket, echo: Echo
) -> None:
    heard = echo.heard
    assert network.lose(RANDOM) == 1
    client.sendall(b"anybody?")
    client.settimeout(0.3)
    with pytest.raises(TimeoutError):
        client.recv(1)
    network.heal()
    with pytest.raises(TimeoutError):
        client.recv(1)
    assert (echo.heard, echo.ended) == (heard, 0)
    connected(network).close()


def test_it_takes_longer_for_a_while(network: Network, client: socket.socket) -> None:
    network.delay = 0.1
    assert seconds(client, b"slow") >= 0.2
    network.heal()
    assert seconds(client, b"quick") < 0.1


def test_a_slow_reader_is_felt_at_the_other_end(network: Network, client: socket.socket) -> None:
    network.rate = 20_000
    assert seconds(client, bytes(8000)) >= 0.3
    network.heal()
    assert seconds(client, bytes(8000)) < 0.3


def test_where_nobody_listens_the_client_is_told(network: Network, echo: Echo) -> None:
    echo.close()
    with (
        socket.create_connection(("127.0.0.1", network.port)) as connection,
        suppress(ConnectionResetError),
    ):
        connection.settimeout(5)
        assert connection.recv(1) == b""
    wait_until(lambda: network.connections == 0)
