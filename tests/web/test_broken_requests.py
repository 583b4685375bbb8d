"""Requests that no client sends, to a real server."""

from collections.abc import Iterator

import httpx

from tests.servers import BoardServer
from tests.web.support import said

JSON = {"Content-Type": "application/json"}


def pieces(size: int) -> Iterator[bytes]:
    """A body that comes in pieces, without its length: an order, and blanks without an end."""
    yield b'{"customer": "Ada"}'
    for _ in range(size // 50_000):
        yield b" " * 50_000


def position(live: BoardServer, key: str) -> str:
    """How far the log has come."""
    headers = {"Authorization": f"Bearer {key}"}
    return str(httpx.get(f"{live.base_url}/api/overview", headers=headers).json()["position"])


def test_a_body_that_is_too_large_is_refused_however_it_comes(
    live: BoardServer, live_keys: dict[str, str]
) -> None:
    address, before = f"{live.base_url}/api/orders", position(live, live_keys["read"])
    for body in (b" " * 5_000_000, pieces(5_000_000), pieces(20_000_000)):
        answer = httpx.post(address, content=body, headers=JSON)
        assert answer.status_code == 413
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert position(live, live_keys["read"]) == before
    assert httpx.post(address, content=pieces(400_000), headers=JSON).status_code == 201


def test_a_body_that_nests_too_deep_is_refused(live: BoardServer) -> None:
    for body in (b"[" * 100_000, b'{"a":' * 100_000, b'{"note":' + b"[" * 500_000):
        answer = httpx.post(f"{live.base_url}/api/orders", content=body, headers=JSON)
        assert answer.status_code == 400
    assert httpx.get(f"{live.base_url}/healthz").status_code == 200


CHUNKED = b"POST %s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
BROKEN = [
    CHUNKED % b"/api/orders" + b"\r\nZZ\r\n",
    CHUNKED % b"/api/orders" + b"\r\n-1\r\n{}\r\n0\r\n\r\n",
    CHUNKED % b"/api/orders" + b"Content-Length: 1\r\n\r\n0\r\n\r\n",
    CHUNKED % b"/" + FORM + b"\r\nZZ\r\n",
    b"POST /api/orders HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"GET /api/orders?q=\xff HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nX: \x00\r\n\r\n",
    b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nno header\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"\r\n\r\n\r\n",
]


def test_what_is_no_http_is_refused_without_a_fault(live: BoardServer) -> None:
    before = live.output.count('"level": "error"')
    for request in BROKEN:
        head = b"HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        answer = said(live, request.replace(b"HTTP/1.1\r\n", head, 1))
        assert answer == b"" or answer.startswith(b"HTTP/1.1 4"), (request[:80], answer[:200])
    assert live.output.count('"level": "error"') == before


def test_an_address_that_is_too_long_is_refused_as_such(live: BoardServer) -> None:
    answer = httpx.get(f"{live.base_url}/api/track/{'x' * 50_000}")
    assert answer.status_code == 414
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert httpx.get(f"{live.base_url}/api/track/{'x' * 8000}").status_code == 404
