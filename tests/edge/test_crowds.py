"""Too many connections, and streams, which are none."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.edge.support import many
from tests.servers import BoardServer, board_server, wait_until

BEGUN = b"GET /healthz HT"
STREAM = b"GET /api/stream HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardServer]:
    """A server with room for 20 connections of one address."""
    home = tmp_path_factory.mktemp("narrow") / "home"
    narrow = {"ORDERBOARD_CONNECTIONS_PER_ADDRESS": "20", "WEB_CONCURRENCY": "1"}
    with board_server(home, **narrow) as running:
        yield running


@pytest.fixture
def proxied(folder: Path) -> Iterator[BoardServer]:
    """A server behind a proxy, with room for two requests under way of one address."""
    narrow = {"ORDERBOARD_CONNECTIONS_PER_ADDRESS": "2", "ORDERBOARD_TRUSTED_PROXIES": "1"}
    with board_server(folder / "home", WEB_CONCURRENCY="1", **narrow) as running:
        yield running


def taken(board: BoardServer, begun: bytes, count: int) -> list[socket.socket]:
    """Connections that hold their places."""
    with many(board, count, begun) as connections:
        return [connection.dup() for connection in connections]


def status(board: BoardServer, **headers: str) -> int:
    """What a new connection is answered."""
    return httpx.get(f"{board.base_url}/healthz", headers=headers).status_code


def test_one_address_has_so_many_connections_and_gets_them_back(narrow: BoardServer) -> None:
    connections = taken(narrow, BEGUN, 20)
    wait_until(lambda: status(narrow) == 503)
    answer = httpx.get(f"{narrow.base_url}/healthz")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"]
    assert answer.headers["Connection"] == "close"
    for connection in connections:
        connection.close()
    wait_until(lambda: status(narrow) == 200)
    figures = httpx.get(f"{narrow.base_url}/metrics").text
    line = next(line for line in figures.splitlines() if 'reason="address"' in line)
    assert float(line.rpartition(" ")[2]) >= 2


def test_however_many_are_refused_each_is_told(narrow: BoardServer) -> None:
    connections = taken(narrow, BEGUN, 20)
    wait_until(lambda: status(narrow) == 503)
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    for _ in range(10):
        with many(narrow, 30, request) as refused:
            for each in refused:
                assert each.recv(100).startswith(b"HTTP/1.1 503")
        for connection in connections:
            connection.close()
        connections = taken(narrow, BEGUN, 20)
        wait_until(lambda: status(narrow) == 503)
    for connection in connections:
        connection.close()
    wait_until(lambda: status(narrow) == 200)


def test_a_browsers_stream_that_is_refused_comes_back(narrow: BoardServer) -> None:
    connections = taken(narrow, BEGUN, 20)
    wait_until(lambda: status(narrow) == 503)
    answer = httpx.get(
        f"{narrow.base_url}/api/stream", headers={"Accept": "text/event-stream"}, timeout=10
    )
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.text.startswith("retry: ")
    assert "event: end\ndata: {" in answer.text
    for connection in connections:
        connection.close()
    wait_until(lambda: status(narrow) == 200)


def test_streams_take_no_connections_places(narrow: BoardServer) -> None:
    bearer = f"Authorization: Bearer {narrow.key()}\r\n\r\n".encode()
    streams = taken(narrow, STREAM + bearer, 30)
    for stream in streams:
        stream.settimeout(10)
        assert stream.recv(100).startswith(b"HTTP/1.1 200")
    assert status(narrow) == 200
    for stream in streams:
        stream.close()


def test_no_deadline_ends_a_stream(live: BoardServer, key: str) -> None:
    body = b"Authorization: Bearer %s\r\nContent-Length: 99999\r\n\r\n" % key.encode()
    with socket.create_connection(("127.0.0.1", live.port), 15) as stream:
        stream.sendall(STREAM + body)
        heard, ends = b"", time.monotonic() + 25
        while heard.count(b"event: heartbeat") < 4 and time.monotonic() < ends:
            piece = stream.recv(65536)
            assert piece, heard
            heard += piece
    assert heard.count(b"event: heartbeat") >= 3


def test_behind_a_proxy_each_of_its_clients_is_counted(proxied: BoardServer) -> None:
    post = (
        b"POST /api/orders HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: %s\r\n"
        b"Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
    )
    others = taken(proxied, post % b"198.51.100.7", 2)
    forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    wait_until(lambda: status(proxied, **forged) == 503)
    assert status(proxied, **{"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}) == 200
    stream = httpx.get(
        f"{proxied.base_url}/api/stream", headers={**forged, "Accept": "text/event-stream"}
    )
    assert stream.status_code == 200
    for connection in others:
        connection.close()
    wait_until(lambda: status(proxied, **forged) == 200)
