"""The whole stream in one process, as any WSGI server would iterate it, without Redis."""

import contextlib
import json
import logging
import threading
import time
from dataclasses import asdict

import pytest

from orderboard.stream import EventId, Stream
from orderboard.stream import engine as engines
from orderboard.stream.authorization import AuthorizationChecks
from orderboard.stream.counters import Counters
from orderboard.stream.group import Group
from orderboard.stream.listener import Waiter
from tests.stream.spec import read
from tests.stream.support import Event, Log, Settings, audiences_of, positions, until, view, within


class House:
    """A stream over a log in memory, and clients that listen to it in threads."""

    def __init__(self, **settings):
        self.log = Log()
        self.clients = []
        self.stream = Stream(
            Settings(**settings),
            contextlib.nullcontext,
            self.log.head,
            self.log.since,
            str,
            audiences_of,
            view,
            asdict,
            lambda data: Event(**data),
        )

    def commit(self, *orders, text=""):
        self.stream.announce(self.log.epoch, self.log.add(*orders, text=text))

    def listen(self, audience, after=None, guard=None):
        client = Client(self.stream.respond({}, audience, after, guard))
        self.clients.append(client)
        until(lambda: client.pieces)
        return client

    def counters(self):
        return self.stream.figures()["counters"]

    def close(self):
        self.stream.close()
        for client in self.clients:
            client.thread.join(5)
            assert not client.thread.is_alive()


class Client:
    def __init__(self, response):
        self.response = response
        self.pieces = []
        self.leaving = False
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        for piece in self.response.response:
            self.pieces.append(piece)
            if self.leaving:
                break
        self.response.close()

    @property
    def reading(self):
        return read(b"".join(self.pieces))

    def types(self):
        return [message.type for message in self.reading.messages]

    def hears(self):
        return positions(self.reading.messages)


@pytest.fixture
def no_looking(monkeypatch):
    """What is heard is heard without a look at the log."""
    monkeypatch.setattr(engines, "LOOK_EVERY", 30.0)


@pytest.fixture
def house():
    house = House()
    yield house
    house.close()


@pytest.fixture
def lively():
    house = House(stream_heartbeat=0.2)
    yield house
    house.close()


def test_an_event_is_heard_at_once_by_those_it_concerns_and_by_nobody_else(house, no_looking):
    board, mine, other = (house.listen(a) for a in ("board", "order:a", "order:b"))
    with within(3):
        house.commit("a")
        until(lambda: board.hears() and mine.hears())
    assert (board.hears(), mine.hears(), other.hears()) == ([1], [1], [])


def test_the_first_piece_gives_a_retry_and_an_id_to_come_back_with(house):
    house.commit("a")
    until(lambda: house.stream.figures()["gauges"]["stream_head"] == 1)
    reading = house.listen("order:b").reading
    assert (reading.retry, reading.last_id) == (2600, "e1-1")


def test_the_answer_can_be_cached_and_buffered_by_nobody(house):
    response = house.stream.respond({}, "board", None)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Accel-Buffering"] == "no"
    assert house.stream.figures()["listeners"] == {}


def test_resuming_tells_what_was_missed_and_goes_on_live(house):
    house.commit("a", "b", "a")
    board = house.listen("board", EventId("e1", 1))
    mine = house.listen("order:a", EventId("e1", 1))
    house.commit("a")
    until(lambda: board.hears()[-1:] == mine.hears()[-1:] == [4])
    assert (board.hears(), mine.hears()) == ([2, 3, 4], [3, 4])


def test_what_nobody_announced_is_found_in_the_log_within_about_a_second(house):
    board, other = house.listen("board"), house.listen("order:b")
    house.log.add("a", "a")
    with within(3):
        until(lambda: board.hears() == [1, 2])
    assert other.hears() == []


def test_a_page_that_read_more_of_the_log_than_the_hub_is_not_reset(house):
    house.listen("board")
    house.log.add("a", "a", "a")
    page = house.listen("board", EventId("e1", 3))
    house.commit("b")
    until(page.hears)
    assert (page.hears(), "reset" in page.types()) == ([4], False)


def test_silence_is_broken_by_heartbeats_with_the_newest_position(lively):
    other = lively.listen("order:b")
    lively.commit("a", "a")
    until(lambda: other.types().count("heartbeat") >= 3 and other.reading.last_id == "e1-2")
    assert other.hears() == []


def test_heartbeats_come_only_when_nothing_else_was_said():
    house = House(stream_heartbeat=0.4)
    board = house.listen("board")
    for _ in range(20):
        house.commit("a")
        time.sleep(0.05)
    assert board.types().count("heartbeat") == 1
    house.close()


def test_a_revoked_stream_ends_within_a_heartbeat_and_no_other_does(lively):
    allowed = {"ada": True, "bob": True}
    ada = lively.listen("board", guard=lambda: allowed["ada"])
    bob = lively.listen("board", guard=lambda: allowed["bob"])
    allowed["ada"] = False
    ada.thread.join(2)
    assert not ada.thread.is_alive()
    assert bob.thread.is_alive()
    lively.commit("a")
    until(bob.hears)
    assert ada.hears() == []
    assert lively.counters()["revoked"] == 1


def test_a_recheck_ends_a_revoked_stream_at_once():
    house = House(stream_heartbeat=60.0)
    allowed = [True]
    board = house.listen("board", guard=lambda: allowed[0])
    stays = house.listen("board", guard=lambda: True)
    allowed[0] = False
    house.stream.recheck()
    board.thread.join(1)
    assert not board.thread.is_alive()
    assert stays.thread.is_alive()
    house.close()


def test_what_is_revoked_while_the_guards_are_asked_ends_at_once_too():
    allowed, asked = [True], []
    checks = AuthorizationChecks(contextlib.nullcontext, 60.0, Counters())

    def other():
        asked.append(1)
        if len(asked) == 2:  # each is asked twice in a hurry, and ada was before this
            allowed[0] = False
            checks.recheck()
        return True

    ada, bob = Waiter("board", lambda: allowed[0]), Waiter("board", other)
    for waiter in (ada, bob):
        waiter.group = Group("board", 0)
        checks.watch(waiter)
    checks.recheck()
    checks.start()
    until(lambda: ada.ended == "revoked")
    assert bob.ended == ""
    checks.close()
    checks.thread.join(5)
    assert not checks.thread.is_alive()


def test_a_guard_that_cannot_be_asked_ends_nothing(lively, caplog):
    def guard():
        raise ConnectionError("database is locked")

    board = lively.listen("board", guard=guard)
    until(lambda: "could not be asked" in caplog.text)
    lively.commit("a")
    until(board.hears)


def test_who_has_left_is_forgotten(lively):
    board, stays = lively.listen("board"), lively.listen("board")
    board.leaving = True
    board.thread.join(2)
    assert lively.stream.figures()["listeners"] == {"board": 1}
    lively.commit("a")
    until(stays.hears)
    assert board.hears() == []


def test_a_response_nobody_iterates_leaves_no_listener(house):
    house.stream.respond({}, "board", None).close()
    assert house.stream.figures()["listeners"] == {}


def test_the_log_being_away_neither_ends_streams_nor_loses_anything(house, caplog):
    caplog.set_level(logging.WARNING)
    board = house.listen("board")
    house.log.broken = True
    house.log.add("a", "b")
    until(lambda: "cannot be read" in caplog.text)
    house.log.broken = False
    until(lambda: board.hears() == [1, 2])
    assert "reset" not in board.types()


def test_live_events_go_on_while_the_log_cannot_be_read(house):
    board = house.listen("board")
    house.log.broken = True
    time.sleep(1.2)
    house.commit("a")
    until(board.hears)
    house.log.broken = False


def test_a_replay_waits_for_the_log_instead_of_ending(lively):
    lively.log.add(*"abc")
    lively.listen("order:z")
    lively.log.broken = True
    late = lively.listen("board", EventId("e1", 1))
    assert late.reading.last_id == "e1-1"
    lively.log.broken = False
    until(lambda: late.hears() == [2, 3])


def test_without_a_log_the_answer_is_still_one_a_browser_comes_back_after(monkeypatch):
    monkeypatch.setattr("orderboard.stream.service._READY_WITHIN", 0.1)
    house = House()
    house.log.broken = True
    response = house.stream.respond({}, "board", None)
    assert response.status_code == 200
    reading = read(response.get_data())
    assert reading.retry
    assert [json.loads(m.data)["reason"] for m in reading.messages] == ["unavailable"]
    assert house.counters()["turned_away"] == 1
    house.close()


def test_a_new_epoch_resets_those_who_listen(house):
    board = house.listen("board")
    house.log.epoch = "e2"
    until(lambda: "reset" in board.types())
    house.commit("a")
    until(board.hears)
    assert board.reading.last_id == "e2-1"


@contextlib.contextmanager
def ringing(ring):
    """Somebody rings twenty times a second until the block ends."""
    over = threading.Event()

    def on_and_on():
        while not over.wait(0.05):
            ring()

    thread = threading.Thread(target=on_and_on)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_new_epoch_is_heard_of_at_once_when_orders_come_without_a_pause(house, no_looking):
    boards = [house.listen("board") for _ in range(3)]
    other = house.listen("order:b")
    house.commit("a", "a")
    until(lambda: boards[0].hears() == [1, 2])
    house.log.epoch = "e2"
    with ringing(lambda: house.commit("a")), within(2):
        for board in boards:
            until(lambda board=board: board.reading.last_id > "e2-4", 2)
    for board in boards:
        ids = [m.last_id for m in board.reading.messages if m.type.startswith("order.")]
        assert ids[:2] == ["e1-1", "e1-2"]
        start = int(next(m for m in board.reading.messages if m.type == "reset").last_id[3:])
        assert ids[2:] == [f"e2-{n}" for n in range(start + 1, start + len(ids) - 1)]
    assert [board.types().count("reset") for board in (*boards, other)] == [1] * 4
    assert other.hears() == []


def test_the_log_is_looked_at_each_second_however_often_somebody_rings(house):
    board = house.listen("board")

    def two_the_wrong_way_round():
        first, second = house.log.add("a", "a")
        house.stream.announce("e1", [second])
        house.stream.announce("e1", [first])

    with ringing(two_the_wrong_way_round):
        until(lambda: len(board.hears()) > 4)
        reads = house.counters()["head_reads"]
        house.log.epoch = "e2"
        until(lambda: "reset" in board.types(), 3)
        assert house.counters()["head_reads"] - reads < 40
    assert board.types().count("reset") == 1


def test_closing_ends_every_stream_with_a_retry(house):
    clients = [house.listen("board") for _ in range(5)]
    house.stream.close()
    for client in clients:
        client.thread.join(2)
        assert not client.thread.is_alive()
        last = client.reading.messages[-1]
        assert (last.type, json.loads(last.data)["reason"]) == ("end", "closing")


def test_closing_ends_the_threads_that_read_the_log_and_waits_for_nobody_elses(house):
    house.listen("board")
    before = set(threading.enumerate())
    other = House(stream_heartbeat=60.0)
    other.listen("board", guard=lambda: True)
    readers = {"stream_look_on", "stream_deliver", "stream-authorization"}
    theirs = [t for t in set(threading.enumerate()) - before if t.name in readers]
    assert len(theirs) == 3
    with within(2):
        other.stream.close()
    assert not [thread for thread in theirs if thread.is_alive()]
    other.close()
    house.commit("a")
    until(lambda: house.clients[0].hears() == [1])


def test_a_signal_is_heard_by_those_who_are_here_and_has_no_id(house):
    board, other = house.listen("board"), house.listen("order:b")
    house.stream.signal("typing", "board", {"who": "Ada"})
    until(lambda: "typing" in board.types())
    assert board.reading.last_id == "e1-0"
    assert "typing" not in other.types()
    assert "typing" not in house.listen("board", EventId("e1", 0)).types()


def test_announcing_never_fails(house, caplog):
    house.stream.announce("e1", [Event("no position", "a")])
    assert "could not be announced" in caplog.text


def test_many_posting_at_once_lose_nothing(house):
    boards = [house.listen("board") for _ in range(3)]
    mine = house.listen("order:7")

    def post(who):
        for _ in range(60):
            house.commit(str(who))

    posters = [threading.Thread(target=post, args=(who,)) for who in range(8)]
    for poster in posters:
        poster.start()
    for poster in posters:
        poster.join()
    until(lambda: all(board.hears()[-1:] == [480] for board in boards))
    assert [board.hears() for board in boards] == [list(range(1, 481))] * 3
    until(lambda: len(mine.hears()) >= 60)
    assert mine.hears() == [e.position for e in house.log.events if e.order == "7"]
