"""Two processes' streams over one log, told of each other by a real server that is ill-treated.

Each has a stream of its own in this process, which to Redis is the same as two processes.
"""

import contextlib
import json
import time
from dataclasses import asdict

import pytest
import redis

from orderboard.stream import Stream
from orderboard.stream import engine as engines
from tests.stream.support import Event, Log, Settings, audiences_of, until, view, within
from tests.stream.test_service import Client


class Town:
    """Two houses with one log between them. Looking at it by themselves is put off."""

    def __init__(self, url):
        self.log = Log()
        self.here, self.there = (self._stream(url) for _ in range(2))
        for stream in (self.here, self.there):
            stream.start()
        until(lambda: connected(self.here) and connected(self.there))

    def _stream(self, url):
        return Stream(
            Settings(redis_url=url, stream_replay_limit=10_000),
            contextlib.nullcontext,
            self.log.head,
            self.log.since,
            str,
            audiences_of,
            view,
            asdict,
            lambda data: Event(**data),
        )

    def commit(self, *orders):
        self.here.announce(self.log.epoch, self.log.add(*orders))

    def listen(self, stream, audience):
        client = Client(stream.respond({}, audience, None))
        until(lambda: client.pieces)
        return client


def command(server, *words):
    with redis.Redis.from_url(server.url) as client:
        client.execute_command(*words)


def connected(stream):
    return stream.figures()["gauges"]["doorbell_connected"]


def counters(stream):
    return stream.figures()["counters"]


@pytest.fixture
def town(redis_server, monkeypatch):
    monkeypatch.setattr(engines, "LOOK_EVERY", 30.0)
    town = Town(redis_server.url)
    yield town
    town.here.close()
    town.there.close()


@pytest.fixture
def watchful_town(redis_server):
    town = Town(redis_server.url)
    yield town
    town.here.close()
    town.there.close()


def test_what_happens_here_is_heard_there_at_once_by_those_it_concerns(town):
    board, other = town.listen(town.there, "board"), town.listen(town.there, "order:b")
    for n in range(1, 6):
        with within(3):
            town.commit("a")
            until(lambda n=n: board.hears() == list(range(1, n + 1)))
    assert other.hears() == []


def test_once_another_process_is_known_events_need_no_reading_of_the_log(town):
    board = town.listen(town.there, "board")
    town.commit("a")
    until(board.hears)
    reads = counters(town.there)["log_reads"]
    for _ in range(50):
        town.commit("a")
    until(lambda: len(board.hears()) == 51)
    assert counters(town.there)["log_reads"] <= reads + 1
    assert counters(town.here)["log_reads"] == 0


def test_events_told_in_the_wrong_order_are_heard_in_the_right_one(town):
    board = town.listen(town.there, "board")
    first, second = town.log.add("a", "b")
    town.here.announce("e1", [second])
    town.here.announce("e1", [first])
    until(lambda: board.hears() == [1, 2])


def test_another_epoch_next_door_is_not_heard(redis_server):
    one, two = Town(redis_server.url), Town(redis_server.url)
    two.log.epoch = "e2"
    until(lambda: two.here.figures()["epoch"] == two.there.figures()["epoch"] == "e2")
    until(lambda: connected(two.here) and connected(two.there))
    board, neighbour = one.listen(one.there, "board"), two.listen(two.there, "board")
    one.commit("a")
    until(board.hears)
    assert neighbour.hears() == []
    for stream in (one.here, one.there, two.here, two.there):
        stream.close()


def test_a_process_that_finds_a_new_epoch_tells_the_others_at_once(town):
    board = town.listen(town.there, "board")
    town.log.epoch = "e2"
    with within(3):
        town.commit("a")
        until(lambda: "reset" in board.types())
    assert town.there.figures()["epoch"] == "e2"


def test_what_another_epoch_says_on_this_ones_channel_is_a_reason_to_look_and_no_more(
    town, redis_server
):
    board = town.listen(town.there, "board")
    town.commit("a")
    until(board.hears)
    looks = counters(town.there)["head_reads"]
    strange = [asdict(Event(2, "a", "of another log")), asdict(Event(99, "a"))]
    for epoch in ('"e0"', "null", "7"):
        body = f'{{"epoch":{epoch},"head":99,"events":{json.dumps(strange)}}}'
        command(redis_server, "PUBLISH", "orderboard:e1:events", f"x\n{body}")
    until(lambda: counters(town.there)["head_reads"] > looks)
    town.commit("a")
    until(lambda: board.hears() == [1, 2])
    assert "of another log" not in "".join(m.data for m in board.reading.messages)
    assert "reset" not in board.types()


def test_what_was_to_be_told_of_the_last_epoch_is_not_told_in_the_new_one(town, redis_server):
    """A slow Redis, and a database that was restored to an older state meanwhile."""
    board = town.listen(town.there, "board")
    town.commit(*"aaa")
    until(lambda: board.hears() == [1, 2, 3])
    redis_server.pause()
    for _ in range(5):
        town.commit("a")
    town.log.epoch, town.log.events = "e2", town.log.events[:2]
    town.here.announce("e2", town.log.add("b"))
    until(lambda: town.here.figures()["epoch"] == "e2")
    redis_server.resume()
    town.there.announce("e2", town.log.add("b"))
    until(lambda: board.reading.last_id.startswith("e2-"))
    until(lambda: connected(town.here) and connected(town.there))
    town.commit("b")
    until(lambda: board.reading.last_id == "e2-5")
    assert board.types().count("reset") == 1
    told = [m for m in board.reading.messages if m.last_id.startswith("e2-")]
    assert not [m for m in told if '"order":"a"' in m.data]


def test_a_signal_is_heard_there_and_nowhere_repeated(town):
    board, other = town.listen(town.there, "board"), town.listen(town.there, "order:b")
    town.here.signal("typing", "board", {"who": "Ada"})
    until(lambda: "typing" in board.types())
    late = town.listen(town.there, "board")
    assert "typing" not in other.types() + late.types()


def test_listeners_are_counted_over_all_processes(town):
    for stream, count in ((town.here, 2), (town.there, 3)):
        for _ in range(count):
            town.listen(stream, "board")
    until(lambda: town.here.subscribers() == town.there.subscribers() == 5)


def test_without_redis_only_ones_own_listeners_are_counted(town, redis_server):
    town.listen(town.here, "board")
    town.listen(town.there, "board")
    until(lambda: town.here.subscribers() == 2)
    redis_server.kill()
    until(lambda: town.here.subscribers() == 1)
    assert not town.here.redis_reachable()
    redis_server.restart()
    until(town.here.redis_reachable)


def test_a_revocation_here_is_checked_there_at_once(town):
    allowed = [True]
    response = town.there.respond({}, "board", None, lambda: allowed[0])
    client = Client(response)
    until(lambda: client.pieces)
    allowed[0] = False
    town.here.recheck()
    client.thread.join(2)
    assert not client.thread.is_alive()


def restart(server):
    server.kill()
    time.sleep(0.5)
    server.restart()


def cut(server):
    command(server, "CLIENT", "KILL", "TYPE", "pubsub")


def pause(server):
    server.pause()
    time.sleep(4)
    server.resume()


@pytest.mark.parametrize("ill_treat", [restart, cut, pause])
def test_what_was_missed_while_redis_was_away_is_read_when_it_is_back(
    town, redis_server, ill_treat
):
    board, other = town.listen(town.there, "board"), town.listen(town.there, "order:b")
    town.commit("a")
    until(board.hears)
    ill_treat(redis_server)
    town.log.add("a", "a")
    until(lambda: board.hears() == [1, 2, 3])
    assert counters(town.there)["doorbell_gaps"] == 1
    until(lambda: connected(town.here))
    town.commit("a")
    until(lambda: board.hears() == [1, 2, 3, 4])
    assert other.hears() == []
    assert "reset" not in board.types()


def test_a_flush_is_not_even_noticed(town, redis_server):
    board = town.listen(town.there, "board")
    town.commit("a")
    until(board.hears)
    command(redis_server, "FLUSHALL")
    with within(3):
        town.commit("a")
        until(lambda: board.hears() == [1, 2])


@pytest.mark.parametrize("away", ["pause", "kill"])
def test_posting_waits_for_nothing_while_redis_is_away(watchful_town, redis_server, away):
    town = watchful_town
    near, far = town.listen(town.here, "board"), town.listen(town.there, "board")
    getattr(redis_server, away)()
    spent = 0.0
    for n in range(1, 31):
        began = time.monotonic()
        town.commit("a")
        spent += time.monotonic() - began
        time.sleep(0.05)
        until(lambda n=n: near.hears()[-1:] == [n])
    assert spent < 3  # a single wait for Redis would take 0.4 s
    until(lambda: far.hears() == list(range(1, 31)))
    assert near.hears() == list(range(1, 31))
    if away == "kill":
        redis_server.restart()


def test_more_than_redis_takes_is_given_up_and_read_from_the_log(town, redis_server):
    board = town.listen(town.there, "board")
    town.commit("a")
    until(board.hears)
    redis_server.pause()
    for _ in range(60):
        town.commit(*"a" * 100)
    until(lambda: counters(town.here)["doorbell_drops"] > 0)
    redis_server.resume()
    town.commit("a")
    until(lambda: board.reading.last_id == "e1-6002", 8)
    assert board.hears() == list(range(1, 6003))


def test_rubbish_on_the_channel_harms_nobody(town, redis_server, caplog):
    board = town.listen(town.there, "board")
    town.commit("a")
    until(board.hears)
    known = '"epoch":"e1"'
    for rubbish in (
        "",
        "x",
        "x\n{",
        "x\n[]",
        f'x\n{{{known},"events":[{{}}]}}',
        f'x\n{{{known},"head":"far"}}',
        "x\n\xff",
    ):
        command(redis_server, "PUBLISH", "orderboard:e1:events", rubbish)
    until(lambda: caplog.text.count("could not be read") >= 6)
    town.commit("a")
    until(lambda: board.hears() == [1, 2])


def test_who_comes_is_known_at_once_to_one_that_was_alone(town, redis_server):
    publisher = town.here._running().pubsub._publisher
    town.there.close()
    until(lambda: publisher._hearers == 1)
    town.commit("a")
    town.there = town._stream(redis_server.url)
    town.there.start()
    with within(2):
        until(lambda: publisher._hearers == 2)
    board = town.listen(town.there, "board")
    with within(3):
        town.commit("b")
        until(lambda: board.hears() == [2])
