"""Heads of requests that are too long, too many, too slow or no heads at all."""

import socket
import time
from contextlib import suppress

import httpx
import pytest

from tests.edge.support import Watch, answer_to, hung_up, many, problem_to, refused
from tests.servers import BoardServer, wait_until

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
MEGABYTES = 20_000_000


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /" + b"x" * MEGABYTES, 414),
        (GET + b"X: " + b"y" * MEGABYTES, 431),
        (GET + b"X: y\r\n" * 1_000_000, 431),
        (GET + (b"X: " + b"y" * 8000 + b"\r\n") * 5, 431),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01", 400),
        (b"GET / HTTP/1.1\n\n", 400),
        (GET + b"no field\r\n\r\n", 400),
        (GET + b"Transfer-Encoding: gzip, chunked, nonsense\r\n\r\n", 501),
        (GET + b"Expect: the unexpected\r\n\r\n", 417),
    ],
    ids=lambda value: value[:40] if isinstance(value, bytes) else str(value),
)
def test_what_cannot_be_read_is_refused_in_problem_details(
    live: BoardServer, request_: bytes, status: int
) -> None:
    with Watch(live) as watch:
        problem_to(live, request_, status)
    assert max(watch.took) < 1.0


def test_refusals_are_counted(live: BoardServer) -> None:
    before = refused(live, "line"), refused(live, "fields")
    problem_to(live, b"GET /" + b"x" * 9000, 414)
    problem_to(live, GET + b"X: y\r\n" * 65 + b"\r\n", 431)
    assert (refused(live, "line"), refused(live, "fields")) == (before[0] + 1, before[1] + 1)


def test_few_of_one_address_are_waited_for_after_a_refusal(live: BoardServer) -> None:
    def is_closed(connection: socket.socket) -> bool:
        try:
            connection.send(b"x")
        except (ConnectionResetError, BrokenPipeError):
            return True
        return False

    with many(live, 20, GET + b"no field\r\n\r\n") as refused_:
        for each in refused_:
            while each.recv(4096):
                pass
        # Eight of an address may still be sending; of all the others nothing is taken any more.
        wait_until(lambda: sum(map(is_closed, refused_)) >= 12, 4, "closed")


def test_a_head_of_a_browsers_size_is_served(live: BoardServer) -> None:
    cookies = "; ".join(f"c{n}=" + "v" * 200 for n in range(35))
    more = {f"X-{n}": "y" * 300 for n in range(50)}
    answer = httpx.get(f"{live.base_url}/healthz", headers={"Cookie": cookies, **more})
    assert answer.status_code == 200


def test_slow_heads_are_refused_in_time_while_others_are_served(live: BoardServer) -> None:
    with many(live, 300, b"GET /healthz HT") as slow, Watch(live) as watch:
        assert hung_up(slow, 20) == 300
    assert sorted(watch.took)[len(watch.took) // 2] < 0.1


def test_a_head_that_trickles_is_too_slow(live: BoardServer) -> None:
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", live.port), 10) as connection:
        connection.settimeout(0.5)
        connection.sendall(GET + b"X: ")
        said = b""
        while not said and time.monotonic() < began + 20:
            connection.sendall(b"y")
            with suppress(TimeoutError):
                said = connection.recv(100)
    assert said.startswith(b"HTTP/1.1 408")


def test_requests_in_one_piece_are_answered_one_after_the_other(live: BoardServer) -> None:
    last = GET + b"Connection: close\r\n\r\n"
    post = b"POST /api/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    order = b'{"customer": "Ada"}'
    posted = post + b"Content-Length: %d\r\n\r\n" % len(order) + order
    head, body = answer_to(live, (GET + b"\r\n") * 500 + posted + last)
    assert (head + body).count(b"HTTP/1.1 200 OK") == 501
    assert (head + body).count(b"HTTP/1.1 201 CREATED") == 1


def test_a_head_may_come_in_single_bytes(live: BoardServer) -> None:
    with socket.create_connection(("127.0.0.1", live.port), 10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in GET + b"Connection: close\r\n\r\n":
            connection.send(bytes([byte]))
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
