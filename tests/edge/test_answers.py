"""Answers that nobody takes."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.edge.support import refused
from tests.servers import BoardServer, board_server, wait_until

DOCUMENT = b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
STREAM = b"GET /api/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardServer]:
    """A server that waits for nobody longer than a second."""
    home = tmp_path_factory.mktemp("hasty") / "home"
    with board_server(home, WEB_CONCURRENCY="1", ORDERBOARD_SEND_TIMEOUT="1") as running:
        yield running


def test_whoever_takes_no_answer_is_cut_off_in_time(hasty: BoardServer) -> None:
    before = refused(hasty, "stalled")
    with _connected(hasty) as greedy:
        greedy.sendall(DOCUMENT * 300)
        wait_until(lambda: refused(hasty, "stalled") == before + 1)
        with pytest.raises(ConnectionResetError):
            _read_all(greedy)
    figures = httpx.get(f"{hasty.base_url}/metrics").text
    open_now = [line for line in figures.splitlines() if line.startswith("orderboard_connections{")]
    assert sum(float(line.rpartition(" ")[2]) for line in open_now) <= 2, open_now


def test_a_quiet_stream_is_not_cut_off(hasty: BoardServer) -> None:
    request = STREAM % hasty.key("read").encode()
    with _connected(hasty) as stream:
        stream.sendall(request)
        stream.settimeout(30)
        heard = b""
        while b"heartbeat" not in heard:
            piece = stream.recv(65536)
            assert piece, heard
            heard += piece


def _read_all(connection: socket.socket) -> None:
    while connection.recv(1 << 20):
        pass


def _connected(board: BoardServer) -> socket.socket:
    """A connection for which the system keeps little."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(20)
    connection.connect(("127.0.0.1", board.port))
    return connection
