"""Bodies without an end, and bodies nobody has the right to send."""

import socket
import time

import httpx
import pytest

from tests.edge.support import POST, Watch, answer_to, hung_up, many, problem_to, refused
from tests.servers import BoardServer, wait_until

ORDERS = POST % b"/api/orders"
STAFFS = POST % b"/api/drivers"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


def test_a_thousand_bodies_of_one_byte_are_gone_in_time_while_others_are_served(
    live: BoardServer,
) -> None:
    before = refused(live, "slow")
    with many(live, 1000, ORDERS + b"Content-Length: 1000\r\n\r\n{") as slow, Watch(live) as watch:
        assert httpx.post(f"{live.base_url}/api/orders", json={"customer": "Ada"}).is_success
        assert hung_up(slow, 30) == 1000
    assert sorted(watch.took)[len(watch.took) // 2] < 0.1
    assert refused(live, "slow") == before + 1000


@pytest.mark.parametrize(
    "begun",
    [ORDERS + b"Content-Length: 1000\r\n\r\n{", ORDERS + CHUNKED + b"5\r\n{", ORDERS + CHUNKED],
    ids=["with its length", "within a chunk", "before a chunk"],
)
def test_a_body_that_does_not_come_is_answered_408(live: BoardServer, begun: bytes) -> None:
    problem_to(live, begun, 408)


def test_a_body_that_trickles_is_too_slow(live: BoardServer) -> None:
    with socket.create_connection(("127.0.0.1", live.port), 5) as connection:
        connection.sendall(ORDERS + b"Content-Length: 100000\r\n\r\n")
        began = time.monotonic()
        while time.monotonic() < began + 20 and not _answered(connection):
            connection.sendall(b" " * 20)
        assert connection.recv(100).startswith(b"HTTP/1.1 408")


def test_a_body_at_a_phones_pace_is_taken(live: BoardServer) -> None:
    order = b'{"customer": "Ada"}'.ljust(100_000)
    with socket.create_connection(("127.0.0.1", live.port), 5) as connection:
        connection.sendall(ORDERS + b"Content-Length: 100000\r\n\r\n")
        for begin in range(0, len(order), 1250):
            connection.sendall(order[begin : begin + 1250])
            time.sleep(0.15)
        assert connection.recv(100).startswith(b"HTTP/1.1 201")


@pytest.mark.parametrize("rest", [b"Content-Length: 1000000\r\n\r\n{", CHUNKED + b"5\r\n{"])
def test_who_may_ask_is_checked_before_the_body_is_read(live: BoardServer, rest: bytes) -> None:
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", live.port), 10) as connection:
        connection.sendall(STAFFS + rest)
        said = connection.recv(4096)
        assert said.startswith(b"HTTP/1.1 401")
        assert b"connection: close" in said.lower()
        while connection.recv(4096):
            pass
    assert time.monotonic() < began + 3


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (STAFFS + b"Content-Length: 10\r\n", 401),
        (ORDERS + b"Content-Length: 9000000\r\n", 413),
        (ORDERS.replace(b"application/json", b"text/plain") + b"Content-Length: 10\r\n", 415),
        (POST % b"/nowhere" + b"Content-Length: 10\r\n", 404),
    ],
)
def test_nobody_is_asked_for_a_body_that_will_be_refused(
    live: BoardServer, head: bytes, status: int
) -> None:
    began = time.monotonic()
    problem = problem_to(live, head + b"Expect: 100-continue\r\n\r\n", status)
    assert problem["status"] == status  # and nothing is said behind it, as that it may be sent
    assert time.monotonic() < began + 2, "nor is it waited for"


def test_a_body_that_is_wanted_is_asked_for(live: BoardServer) -> None:
    order = b'{"customer": "Ada"}'
    head = ORDERS + b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % len(order)
    with socket.create_connection(("127.0.0.1", live.port), 10) as connection:
        connection.sendall(head)
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(order)
        assert connection.recv(100).startswith(b"HTTP/1.1 201")


@pytest.mark.parametrize(
    "nonsense",
    [
        b"1;" + b"a" * 9000,
        b"1;a=b\r\n{\r\n" * 900_000,
        b"0\r\n" + b"X: y\r\n" * 10_000,
        b"ZZ\r\n",
        b"ffffffffffffffff\r\n{",
    ],
    ids=["extension", "many small", "trailers", "no number", "endless"],
)
def test_nonsense_in_chunks_stops_nobody_else(live: BoardServer, nonsense: bytes) -> None:
    with Watch(live) as watch:
        head, _ = answer_to(live, ORDERS + CHUNKED + nonsense, wait=60)
    assert head.startswith(b"HTTP/1.1 4"), head
    assert b"application/problem+json" in head
    assert max(watch.took) < 1.0


def test_a_refused_body_does_not_become_the_next_request(live: BoardServer) -> None:
    inner = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    head, body = answer_to(live, STAFFS + b"Content-Length: %d\r\n\r\n" % len(inner) + inner + last)
    assert head.startswith(b"HTTP/1.1 401")
    assert b'"database"' in body
    assert b'{"status":"ok"}' not in body


def test_bodies_of_one_address_share_their_memory_and_give_it_back(
    live: BoardServer, key: str
) -> None:
    batch = POST % b"/api/orders/batch" + b"Authorization: Bearer %s\r\n" % key.encode()
    begun = batch + b"Content-Length: 4000000\r\n\r\n" + b" " * 3_900_000
    before = refused(live, "memory")
    with many(live, 20, begun) as bodies:
        wait_until(lambda: refused(live, "memory") > before)
        refused_ = [body for body in bodies if _answered(body)]
        assert 0 < len(refused_) < 10
        for body in refused_:
            assert body.recv(100).startswith(b"HTTP/1.1 503")
    one = batch + b"Content-Length: 4000000\r\nConnection: close\r\n\r\n"
    whole = b'{"orders": [{"customer": "Ada"}]}'.ljust(4_000_000)
    wait_until(lambda: answer_to(live, one + whole)[0].startswith(b"HTTP/1.1 207"))


def _answered(connection: socket.socket) -> bool:
    connection.settimeout(0.2)
    try:
        return bool(connection.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False
