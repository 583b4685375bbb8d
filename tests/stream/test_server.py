"""The stream under gunicorn, both ways: iterated, and with the socket handed over to the hub.

What a listener hears must not depend on the way, so every test here runs on both.
"""

import json
import signal
import socket
import tempfile
import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from tests.servers import valkey, wait_until
from tests.stream.gunicorn_server import Gunicorn
from tests.stream.spec import dechunk, read

WAYS = ["iterated", "handed over"]


@pytest.fixture(scope="module", params=WAYS)
def shared(request):
    """One server for all tests that leave it as it was."""
    with one_server(request.param) as server:
        yield server


@pytest.fixture(scope="module", params=WAYS)
def shared_lively(request):
    """The same, with a quick heartbeat."""
    with one_server(request.param, STREAM_HEARTBEAT="0.6") as server:
        yield server


@pytest.fixture
def server(shared):
    shared.begin_anew()
    return shared


@pytest.fixture
def lively(shared_lively):
    shared_lively.begin_anew()
    yield shared_lively
    shared_lively.send_all_away()


@contextmanager
def one_server(way, **settings):
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as path, valkey(Path(path)) as redis:
        server = Gunicorn(Path(path), redis.url, way == "handed over", 1, **settings)
        yield server
        stopped(server)


@pytest.fixture(params=WAYS)
def serve(request, folder, redis_server):
    """Starts a server for one test."""
    servers = []

    def serve(workers=1, **more):
        server = Gunicorn(folder, redis_server.url, request.param == "handed over", workers, **more)
        servers.append(server)
        return server

    yield serve
    for server in servers:
        stopped(server)


def stopped(server):
    server.stop()
    log = server.log()
    assert "Traceback" not in log, log


def test_each_hears_what_is_theirs_and_nothing_else(server):
    board, mine, other = (server.listen(a) for a in ("board", "order:a", "order:b"))
    for n in range(1, 4):
        server.place("a" if n != 2 else "c")
        wait_until(lambda n=n: board.hears() == list(range(1, n + 1)), 1)
    wait_until(lambda: mine.hears() == [1, 3], 1)
    assert other.hears() == []


def test_the_answer_is_one_no_cache_or_buffer_keeps(server):
    board = server.listen("board")
    assert board.status == 200
    assert board.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert board.headers["Cache-Control"] == "no-store"
    assert board.headers["X-Accel-Buffering"] == "no"
    assert len(board.headers.get_list("Date")) == 1


def test_the_way_is_the_one_that_is_tested(server):
    before = server.kept()["StreamConnection"]
    server.listen("board")
    assert server.kept()["StreamConnection"] - before == int(server.handoff)


def test_who_reads_by_length_has_each_event_at_once(server):
    """As urllib3 does: a chunk is handed on when it is whole."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("GET", "/stream?audience=board")
    answer = connection.getresponse()
    assert answer.headers["Transfer-Encoding"] == "chunked"
    heard = b""
    while heard.count(b"\n\n") < 1:
        heard += answer.read1()
    for n in range(1, 4):
        server.place("a")
        heard += answer.read1()
        assert heard.endswith(b"\n\n")
        reading = read(heard)
        assert (reading.last_id, reading.blocks) == (server.id(n), n + 1)
        assert len(reading.messages) == n + 1
    connection.close()


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_streams_end_as_their_version_of_http_has_it(serve, version):
    server = serve()
    raw = raw_stream(server, "board", version)
    server.place("a")
    server.process.send_signal(signal.SIGTERM)
    head, _, body = read_to_end(raw).partition(b"\r\n\r\n")
    if version == "1.1":
        assert b"transfer-encoding: chunked" in head.lower()
        read_body = dechunk(body)
        assert read_body.ended
        body = read_body.data
    else:
        assert b"chunked" not in head.lower()
    reading = read(body)
    types = [message.type for message in reading.messages]
    assert types == ["heartbeat", "order.updated", "end"]
    assert (reading.blocks, reading.last_id) == (3, "e1-1")
    assert json.loads(reading.messages[-1].data)["reason"] == "closing"
    server.process.wait(10)


def test_two_workers_lose_nothing_and_double_nothing(serve):
    server = serve(workers=2)
    boards = [server.listen("board") for _ in range(8)]
    mine = server.listen("order:2")

    def post(who):
        for _ in range(40):
            server.place(str(who))

    posters = [threading.Thread(target=post, args=(who,)) for who in range(5)]
    for poster in posters:
        poster.start()
    for poster in posters:
        poster.join()
    for board in boards:
        wait_until(lambda board=board: board.hears()[-1:] == [200])
        assert board.hears() == list(range(1, 201))
    wait_until(lambda: len(mine.hears()) == 40)


def test_coming_back_continues_where_one_was_from_window_and_from_log(server):
    server.place("a", 700)
    server.place("b", 50)
    near = server.listen("board", server.id(720))
    far = server.listen("board", server.id(5))
    mine = server.listen("order:a", server.id(690))
    server.place("a")
    for listener, expected in (
        (near, list(range(721, 752))),
        (far, list(range(6, 752))),
        (mine, [*range(691, 701), 751]),
    ):
        wait_until(lambda who=listener, e=expected: who.hears()[-1:] == e[-1:])
        assert listener.hears() == expected


def test_no_seam_between_what_was_missed_and_what_comes(server):
    server.place("a", 3000, "x" * 200)
    placing = threading.Thread(target=lambda: [server.place("b") for _ in range(150)])
    placing.start()
    late = [server.listen("board", server.id(n)) for n in (0, 500, 2500, 2990)]
    placing.join()
    for listener, after in zip(late, (0, 500, 2500, 2990), strict=True):
        wait_until(lambda who=listener: who.hears()[-1:] == [3150])
        assert listener.hears() == list(range(after + 1, 3151))


def test_an_id_that_makes_no_sense_is_reset_and_then_live(server):
    server.place("a")
    for after in ("e0-1", server.id(99)):
        board = server.listen("board", after)
        assert (board.events[0].event, board.events[0].id) == ("reset", server.id(1))


def test_silence_is_broken_and_says_how_far_everything_is(lively):
    other = lively.listen("order:b")
    lively.place("a", 3)
    wait_until(lambda: other.types().count("heartbeat") >= 4 and other.last_id == lively.id(3), 3)
    assert other.hears() == []


def test_a_revoked_stream_ends_and_no_other(lively):
    revoked, stays = (lively.listen("board", **{"pass": name}) for name in ("ada", "bob"))
    (lively.home / "revoked-ada").touch()
    assert revoked.ended.wait(2)
    lively.place("a")
    wait_until(stays.hears)
    assert revoked.hears() == []
    assert lively.figures()["listeners"] == {"board": 1}


def test_who_leaves_is_forgotten(lively):
    stays = lively.listen("board")
    gone = [lively.listen("board") for _ in range(5)]
    for listener in gone:
        listener.leave()
    wait_until(lambda: lively.figures()["listeners"] == {"board": 1}, 5)
    lively.place("a")
    wait_until(stays.hears)


def test_a_head_request_opens_no_stream(server):
    before = server.figures()["counters"]["joined"]
    assert httpx.head(f"{server.url}/stream?audience=board").status_code == 200
    assert server.figures()["counters"]["joined"] == before


def test_other_answers_are_left_alone(server):
    with httpx.Client() as client:
        assert client.get(f"{server.url}/nowhere").status_code == 404
        assert client.get(f"{server.url}/figures").status_code == 200
        assert client.post(f"{server.url}/orders/a").json() == {"position": server.base + 1}


def test_a_slow_reader_keeps_nobody_waiting_and_gets_everything(server):
    slow = raw_stream(server, "board")
    board = server.listen("board")
    for n in range(8):
        began = time.monotonic()
        server.place("a", 150, "x" * 2000)
        assert time.monotonic() - began < 1
        wait_until(lambda n=n: board.hears()[-1:] == [150 * (n + 1)], 3)
    heard = b""
    while f"id: {server.id(1200)}\n".encode() not in heard:
        heard += slow.recv(1 << 20)
    heard = dechunk(heard.partition(b"\r\n\r\n")[2]).data
    ids = [int(line[7:]) for line in heard.split(b"\n") if line.startswith(b"id: e1-")]
    assert ids == list(range(server.base, server.base + 1201))
    slow.close()


def test_redis_and_the_log_away_end_no_stream_and_lose_nothing(serve, redis_server):
    server = serve(workers=2)
    boards = [server.listen("board") for _ in range(6)]
    other = server.listen("order:z")
    server.place("a")
    redis_server.kill()
    for _ in range(5):
        server.place("a")
    (server.home / "broken").touch()
    for _ in range(5):
        server.place("a")
    time.sleep(1.2)
    (server.home / "broken").unlink()
    redis_server.restart()
    for _ in range(5):
        server.place("a")
    for board in boards:
        wait_until(lambda board=board: board.hears()[-1:] == [16], 5)
        assert board.hears() == list(range(1, 17))
        assert "reset" not in board.types()
    assert other.hears() == []
    assert not any(listener.ended.is_set() for listener in (*boards, other))


def test_a_worker_that_is_told_to_end_says_goodbye_within_its_time(serve):
    server = serve()
    raw = [raw_stream(server, "board") for _ in range(20)]
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    last_words = [read_to_end(stream) for stream in raw]
    server.process.wait(10)
    assert time.monotonic() - began < 8
    bodies = [dechunk(words.partition(b"\r\n\r\n")[2]) for words in last_words]
    assert all(body.ended for body in bodies)
    readings = [read(body.data) for body in bodies]
    assert {reading.messages[-1].type for reading in readings} == {"end"}
    assert len({reading.retry for reading in readings}) > 5


def test_a_new_generation_of_workers_takes_over_without_a_loss(serve):
    server = serve()
    board = server.listen("board")
    placed = []
    placing = threading.Thread(target=lambda: placed.extend(server.place("a") for _ in range(150)))
    placing.start()
    server.process.send_signal(signal.SIGHUP)
    assert board.ended.wait(8)
    again = server.listen("board", board.last_id)
    placing.join()
    assert placed == list(range(1, 151))
    wait_until(lambda: again.last_id == "e1-150")
    assert board.hears() + again.hears() == placed


def raw_stream(server, audience, version="1.1"):
    stream = socket.create_connection(("127.0.0.1", server.port))
    stream.settimeout(10)
    stream.sendall(f"GET /stream?audience={audience} HTTP/{version}\r\nHost: x\r\n\r\n".encode())
    stream.recv(15)
    return stream


def read_to_end(stream):
    heard = b""
    while piece := stream.recv(65536):
        heard += piece
    stream.close()
    return heard


def test_no_descriptor_stays_behind(lively):
    pid = lively.figures()["pid"]
    lively.listen("board").leave()

    def descriptors():
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))

    wait_until(lambda: not lively.figures()["listeners"], 5)
    before = descriptors()
    raw = [raw_stream(lively, "board") for _ in range(50)]
    wait_until(lambda: lively.figures()["listeners"] == {"board": 50})
    assert descriptors() >= before + 45
    for stream in raw:
        stream.close()
    wait_until(lambda: not lively.figures()["listeners"], 5)
    wait_until(lambda: descriptors() <= before + 1, 5)


def test_a_stream_handed_over_leaves_nothing_of_its_request_behind(serve):
    server = serve()
    before = server.kept()
    raw = [raw_stream(server, "board") for _ in range(40)]
    wait_until(lambda: server.figures()["listeners"].get("board", 0) == 40)

    def more():
        return {kind: count - before[kind] for kind, count in server.kept().items()}

    if server.handoff:
        assert more()["StreamConnection"] == 40
        # A request that is just being done with may still be there; one that stays is a leak.
        wait_until(
            lambda: max(count for kind, count in more().items() if kind != "StreamConnection") < 5
        )
    else:
        assert max(more().values()) >= 40
    for stream in raw:
        stream.close()
