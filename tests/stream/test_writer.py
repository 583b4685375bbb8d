"""The writer of sockets, one step at a time: the test says when a round is and when time passes."""

import os
import select
import socket
import sys
import time

import pytest

from orderboard.stream import listener as listeners
from orderboard.stream.connection import COHORT, GONE, PlainStreamConnection, StreamConnection
from orderboard.stream.frame import EventId, end_frame, retry_field, signal_frame
from orderboard.stream.wire import Frames
from orderboard.stream.writer import Writer
from tests.stream.spec import dechunk, read
from tests.stream.support import Desk, Log, positions

pytestmark = pytest.mark.skipif(
    not hasattr(select, "EPOLLRDHUP"), reason="sockets are handed over on Linux only"
)
HEARTBEAT = 10.0


def last_frame(reason):
    return end_frame(reason, "", 1)


@pytest.fixture(autouse=True, params=[StreamConnection, PlainStreamConnection])
def kind(request, monkeypatch):
    """Whatever is told must not depend on how the answer's end is marked."""
    monkeypatch.setattr(Room, "kind", request.param)
    return request.param


class Room:
    """A desk with connections: each listener is the far end of a socket."""

    kind = StreamConnection

    def __init__(self, log=None, **desk):
        self.desk = Desk(log or Log(), **desk)
        self.writer = Writer(self.desk.hub, self.desk.reader, HEARTBEAT, last_frame)
        self.ends = []

    def sit(self, audience="board", after=None, guard=None, kind=None):
        near, far = socket.socketpair()
        near.setblocking(False)
        near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
        far.setblocking(False)
        self.ends.append(far)
        conn = (kind or self.kind)(
            near.detach(), audience, guard, "", self.writer.end_of_connection
        )
        self.writer.admit(conn, Frames([retry_field(2600)]).wire(conn.chunked), after)
        return Sitter(self, conn, far, str(after or ""))

    def commit(self, *orders, text=""):
        self.desk.commit(*orders, text=text)
        self.round()

    def round(self):
        due = self.desk.hub.next_round()
        if due:
            self.writer.write(due)

    def catch_up(self):
        while self.writer._behind:
            self.writer.tell_next_behind()

    def counters(self):
        return self.desk.hub.counters

    def close(self):
        for conn in self.writer._sockets.connections():
            self.writer.end(conn)
        for end in self.ends:
            end.close()


class Sitter:
    def __init__(self, room, conn, far, after):
        self.room = room
        self.after = after
        self.conn = conn
        self.far = far
        self.wire = b""
        self.ended = False

    def look(self):
        try:
            while piece := self.far.recv(1 << 20):
                self.wire += piece
            self.ended = True
        except BlockingIOError:
            pass
        return read(self.heard)

    @property
    def heard(self):
        return self.body.data if self.conn.chunked else self.wire

    @property
    def body(self):
        return dechunk(self.wire)

    def read_on(self):
        """Take whatever is there until nothing more comes."""
        size = -1
        while size != len(self.wire):
            size = len(self.wire)
            self.look()
            if self.conn.waits:
                self.room.writer.serve_ready()
            self.room.catch_up()
            self.look()
        return self

    def hears(self):
        return positions(self.look().messages)

    def types(self):
        return [message.type for message in self.look().messages]


@pytest.fixture
def room():
    room = Room()
    yield room
    room.close()


def test_a_round_tells_all_whom_it_concerns_and_nobody_else(room):
    boards = [room.sit() for _ in range(COHORT + 5)]
    mine, other = room.sit("order:a"), room.sit("order:b")
    room.commit("a", "c")
    room.commit("a")
    assert [board.hears() for board in boards] == [[1, 2, 3]] * (COHORT + 5)
    assert (mine.hears(), other.hears()) == ([1, 3], [])
    assert room.counters().frames_encoded == 5


def test_the_first_thing_heard_has_an_id(room):
    room.commit("a")
    reading = room.sit("order:b").look()
    assert (reading.retry, reading.last_id) == (2600, "e1-1")
    assert [m.type for m in reading.messages] == ["heartbeat"]


def test_who_reads_slowly_gets_every_frame_whole_and_once(room):
    slow, quick = room.sit(), room.sit()
    for n in range(40):
        room.commit("a", text="x" * 3000)
        assert quick.hears()[-1:] == [n + 1]
    assert slow.conn.rest is not None
    slow.read_on()
    assert slow.hears() == list(range(1, 41))
    assert slow.conn.rest is None
    assert not slow.conn.waits
    room.commit("b")
    assert slow.hears()[-1:] == [41]


def test_who_is_told_in_pieces_misses_none_when_a_round_comes_between(room, monkeypatch):
    monkeypatch.setattr("orderboard.stream.window.CHUNK", 100)
    board = room.sit()
    room.desk.commit("a")
    room.desk.commit("b")
    room.desk.commit("c")
    room.round()
    assert board.hears() == [1]
    room.commit("d")
    assert board.read_on().hears() == [1, 2, 3, 4]


def test_a_slow_listener_costs_no_memory_of_its_own(room):
    slow = [room.sit() for _ in range(20)]
    for _ in range(60):
        room.commit("a", text="x" * 3000)
    pinned = {id(sitter.conn.rest.obj): len(sitter.conn.rest.obj) for sitter in slow}
    assert sum(pinned.values()) < 20_000


def test_those_who_come_back_share_what_they_have_missed(room):
    room.commit(*"a" * 40, text="x" * 2000)
    back = [room.sit(after=EventId(room.desk.hub.epoch, 0)) for _ in range(3)]
    assert all(sitter.conn.rest for sitter in back), "more than a socket takes at once"
    assert len({id(sitter.conn.rest.obj) for sitter in back}) == 1
    assert [sitter.read_on().hears() for sitter in back] == [[*range(1, 41)]] * 3


@pytest.mark.parametrize("taken", [0, 1, 19, 20, 21, 500])
def test_an_answer_whose_head_is_taken_in_pieces_is_whole(room, monkeypatch, taken):
    room.commit(*"abc")

    def some(fd, parts):
        if not taken:
            raise BlockingIOError
        return os.write(fd, b"".join(parts)[:taken])

    monkeypatch.setattr(os, "writev", some)
    sitter = room.sit(after=EventId(room.desk.hub.epoch, 0))
    assert sitter.read_on().hears() == [1, 2, 3]


def test_who_fell_out_of_the_window_is_told_from_the_log():
    room = Room(window=10)
    slow = room.sit()
    mine = room.sit("order:a")
    for _ in range(40):
        room.commit("b", text="x" * 3000)
    room.commit("a")
    assert slow.read_on().hears() == list(range(1, 42))
    assert mine.hears() == [41]
    room.close()


def test_a_round_larger_than_the_window_loses_nothing():
    room = Room(window=10)
    boards, other = [room.sit() for _ in range(30)], room.sit("order:z")
    room.commit(*"a" * 50)
    room.catch_up()
    assert [board.hears() for board in boards] == [list(range(1, 51))] * 30
    assert other.hears() == []
    assert len(room.desk.log.reads) <= 3
    room.close()


def test_missing_more_than_the_window_holds_needs_few_reads_for_many():
    log = Log()
    log.add(*"ab" * 1000)
    room = Room(log, window=4096, replay_limit=10_000)
    back = [room.sit(after=EventId("e1", 1900)) for _ in range(200)]
    for sitter in back:
        sitter.read_on()
    assert [sitter.hears() for sitter in back] == [list(range(1901, 2001))] * 200
    assert len(log.reads) == 1
    room.close()


def test_who_is_just_being_told_from_the_log_is_passed_over_by_rounds():
    log = Log()
    log.add(*"a" * 50)
    room = Room(log, window=100)
    late = room.sit(after=EventId("e1", 10))
    room.commit("a")
    assert late.hears() == []
    room.catch_up()
    room.round()
    assert late.hears() == list(range(11, 52))
    room.close()


def test_the_log_being_away_keeps_a_replay_waiting_and_open():
    log = Log()
    log.add(*"a" * 50)
    room = Room(log)
    late = room.sit(after=EventId("e1", 10))
    log.broken = True
    room.writer.tell_next_behind()
    room.writer.visit([late.conn], time.monotonic() + HEARTBEAT)
    assert late.look().last_id == ""
    assert late.heard == b"retry: 2600\n:\n"
    log.broken = False
    room.catch_up()
    assert late.hears() == list(range(11, 51))
    assert late.look().blocks == 40
    room.close()


def test_quiet_connections_hear_a_heartbeat_and_others_do_not(room):
    quiet, busy = room.sit("order:b"), room.sit()
    room.commit("a")
    now = time.monotonic()
    quiet.conn.taken_at = now - HEARTBEAT
    room.writer.visit([quiet.conn, busy.conn], now)
    assert quiet.types() == ["heartbeat", "heartbeat"]
    assert quiet.look().last_id == "e1-1"
    assert busy.types() == ["heartbeat", "order.updated"]


def test_who_takes_nothing_is_closed_and_counted_and_no_other(room):
    stalled, quick = room.sit(), room.sit()
    for _ in range(40):
        room.commit("a", text="x" * 3000)
        quick.look()
    late = time.monotonic() + HEARTBEAT + 1
    room.writer.visit([stalled.conn, quick.conn], late)
    assert (stalled.conn.fd, room.counters().slow_closes) == (GONE, 1)
    assert quick.conn.fd != GONE
    room.commit("a")
    assert quick.hears() == list(range(1, 42))


def test_a_reader_that_takes_a_little_now_and_then_is_not_closed(room):
    slow = room.sit()
    for _ in range(40):
        room.commit("a", text="x" * 3000)
    slow.conn.taken_at = time.monotonic() - HEARTBEAT - 1
    slow.look()
    room.writer.serve_ready()
    room.writer.visit([slow.conn], time.monotonic())
    assert slow.conn.fd != GONE


def test_a_hang_up_is_noticed_without_writing(room):
    gone, stays = room.sit(), room.sit()
    gone.far.close()
    room.writer.serve_ready()
    assert gone.conn.fd == GONE
    assert room.desk.hub.groups["board"].listeners() == [stays.conn]
    room.commit("a")
    assert stays.hears() == [1]


def test_a_hang_up_found_while_writing_harms_nobody_else(room):
    connections = [room.sit() for _ in range(5)]
    connections[2].far.close()
    room.commit("a")
    assert [conn.hears() for conn in connections if conn is not connections[2]] == [[1]] * 4
    assert len(room.desk.hub.groups["board"]) == 4


def test_an_old_stream_ends_with_a_retry_and_the_young_go_on(monkeypatch):
    room = Room()
    young = room.sit()
    monkeypatch.setattr(listeners, "LIFE", 0.0)
    old = room.sit()
    room.writer.visit([young.conn, old.conn], time.monotonic() + 1)
    assert (old.types()[-1], old.look().retry) == ("end", 1)
    assert (old.conn.fd, old.ended) == (GONE, True)
    room.commit("a")
    assert young.hears() == [1]
    assert old.hears() == []
    room.close()


def test_a_new_epoch_resets_every_connection_once(room):
    quick, slow = room.sit(), room.sit("order:a")
    room.commit("a")
    room.desk.log.epoch = "e2"
    room.desk.reader.look()
    room.round()
    room.commit("a")
    for sitter in (quick, slow):
        assert sitter.types() == ["heartbeat", "order.updated", "reset", "order.updated"]
        assert sitter.look().last_id == "e2-2"


def test_a_signal_rides_along_with_the_round_and_has_no_id(room):
    board, other = room.sit(), room.sit("order:b")
    room.desk.commit("a")
    room.desk.hub.signal("board", signal_frame("typing", {}))
    room.round()
    late = room.sit()
    assert board.types() == ["heartbeat", "order.updated", "typing"]
    assert board.look().last_id == "e1-1"
    assert "typing" not in other.types() + late.types()


def test_a_signal_alone_moves_no_position(room):
    board = room.sit()
    room.desk.hub.signal("board", signal_frame("typing", {}))
    room.round()
    room.commit("a")
    assert board.types() == ["heartbeat", "typing", "order.updated"]


def test_each_frame_is_a_chunk_and_the_end_is_one_too(room):
    board = room.sit(kind=StreamConnection)
    room.commit("a", "b")
    room.desk.hub.signal("board", signal_frame("typing", {}))
    room.round()
    board.conn.ended = "closing"
    room.writer.end(board.conn)
    board.look()
    opening, *frames = board.body.chunks
    assert opening == b"retry: 2600\n"
    assert [read(frame).blocks for frame in frames] == [1] * 5
    assert board.types() == ["heartbeat", "order.updated", "order.updated", "typing", "end"]
    assert board.body.ended


def test_chunked_and_plain_connections_hear_the_same_in_one_round(room):
    connections = [
        room.sit(kind=kind) for kind in (StreamConnection, PlainStreamConnection) * COHORT
    ]
    room.commit("a", "b", text="x" * 500)
    assert [conn.hears() for conn in connections] == [[1, 2]] * len(connections)
    assert len({conn.heard for conn in connections}) == 1
    assert all(b"\r" not in conn.wire for conn in connections if not conn.conn.chunked)
    assert room.counters().deliveries == 2 * len(connections)
    assert room.counters().frames_encoded == 2


def test_who_waits_for_the_log_hears_no_word_without_an_id_before_the_end():
    log = Log()
    log.add(*"a" * 50)
    room = Room(log)
    late = room.sit(after=EventId("e1", 10))
    late.conn.ended = "revoked"
    room.writer.end(late.conn)
    assert late.look().messages == []
    assert late.ended
    assert not late.conn.chunked or late.body.ended
    room.catch_up()
    room.close()


def test_a_connection_is_small(room):
    conn = room.sit().conn
    assert sys.getsizeof(conn) < 200
    assert not hasattr(conn, "__dict__")


def test_a_signal_that_may_wait_goes_with_the_next_event_and_costs_no_write(room):
    boards, other = [room.sit() for _ in range(3)], room.sit("order:b")
    room.commit("a")
    room.desk.hub.bell.clear()
    room.desk.hub.signal("board", signal_frame("figures", {"orders": 2}), at_once=False)
    assert not room.desk.hub.bell.is_set()
    rounds = room.counters().rounds
    room.commit("b")
    assert room.counters().rounds == rounds + 1
    for board in boards:
        assert board.types() == ["heartbeat", *["order.updated"] * 2, "figures"]
    assert other.types() == ["heartbeat", "order.updated"]
