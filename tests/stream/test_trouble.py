"""One thing goes wrong once, wherever it may: everybody is told everything all the same."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from orderboard.stream import hub as hubs
from orderboard.stream import window
from orderboard.stream.authorization import AuthorizationChecks
from orderboard.stream.connection import GONE
from orderboard.stream.frame import EventId
from orderboard.stream.hub import Hub
from orderboard.stream.listener import Guard
from orderboard.stream.reader import Reader
from orderboard.stream.sockets import Sockets
from orderboard.stream.suppress import suppress_and_log
from orderboard.stream.wire import Frames
from orderboard.stream.writer import Writer
from tests.stream.support import Log, until
from tests.stream.test_service import House
from tests.stream.test_writer import HEARTBEAT, Room, Sitter, kind

__all__ = ["kind"]  # a fixture


@contextmanager
def one_failure(where: Any, name: str, before: bool = True) -> Iterator[list[int]]:
    """The next call of a function fails, before it does anything or afterwards."""
    whole, calls = getattr(where, name), [0]

    def broken(*args: Any, **more: Any) -> Any:
        calls[0] += 1
        if calls[0] == 1 and before:
            raise RuntimeError("planted")
        answer = whole(*args, **more)
        if calls[0] == 1:
            raise RuntimeError("planted")
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, name, broken)
        yield calls


STEPS: list[tuple[Any, str]] = [
    (Hub, "next_round"),
    (hubs, "gathered"),
    (hubs, "wake_waiters"),
    (Hub, "take"),
    (Hub, "heartbeat"),
    (Hub, "join"),
    (window.Window, "join"),
    (window.Window, "append"),
    (window.Encoder, "frame"),
    (Frames, "wire"),
    (Writer, "write"),
    (Writer, "_write_cohort"),
    (Writer, "_bring_on"),
    (Writer, "_serve"),
    (Writer, "_fetch"),
    (Writer, "tell_next_behind"),
    (Reader, "catch_up"),
    (Reader, "_replay"),
    (Sockets, "add"),
    (Sockets, "write"),
    (Sockets, "write_alike"),
    (Sockets, "flush"),
    (Sockets, "_keep"),
    (Sockets, "wait_for_room"),
]
TIMES = ["before", "after"]


def steady(room: Room, sitters: list[Sitter]) -> None:
    """What the writer's greenlets do within a heartbeat."""
    for _ in range(3):
        for sitter in sitters:
            sitter.look()
        with suppress_and_log("a round"):
            room.round()
        with suppress_and_log("serving"):
            room.writer.serve_ready()
        with suppress_and_log("catching up"):
            room.catch_up()
        for sitter in sitters:
            sitter.conn.taken_at -= 0.8 * HEARTBEAT
        with suppress_and_log("visiting"):
            room.writer.visit(room.writer._sockets.connections(), time.monotonic())
    for sitter in sitters:
        sitter.look()


def come_back(room: Room, sitter: Sitter) -> Sitter:
    """As a browser whose stream was cut off does."""
    return room.sit(sitter.conn.audience, EventId(*split(sitter.look().last_id or sitter.after)))


def split(id_: str) -> tuple[str, int]:
    epoch, _, position = id_.partition("-")
    return epoch, int(position)


@pytest.mark.parametrize("when", TIMES)
@pytest.mark.parametrize(("where", "name"), STEPS, ids=lambda part: getattr(part, "__name__", part))
def test_whoever_listens_is_told_each_event_once_within_a_heartbeat(
    where: Any, name: str, when: str
) -> None:
    log = Log()
    log.add(*"ab" * 20)
    with closing(Room(log, window=30)) as room:
        tell_all(room, log, where, name, when)


def tell_all(room: Room, log: Log, where: Any, name: str, when: str) -> None:
    sitters = [room.sit() for _ in range(3)] + [room.sit("order:a"), room.sit("order:z")]
    late = room.sit(after=EventId("e1", 35))
    fill(room, sitters)
    with one_failure(where, name, when == "before") as calls:
        for step in ("a", "b", "a"):
            with suppress_and_log("announcing"):
                room.desk.hub.hear("e1", log.add(step, text="x" * 3000))
            with suppress_and_log("a round"):
                room.round()
        far = joining(room, 5)
        sitters += [late, *([far] if far else [])]
        with suppress_and_log("looking"):
            room.desk.reader.look()
        steady(room, sitters)
    heard = {sitter: sitter.hears() for sitter in sitters}
    for sitter in sitters:
        more = come_back(room, sitter) if sitter.conn.fd == GONE else sitter
        steady(room, [more])
        heard[sitter] = heard[sitter] + more.hears() if more is not sitter else more.hears()
    end = len(log.events)
    expected = [list(range(41, end + 1))] * 3
    assert [heard[sitter] for sitter in sitters[:3]] == expected
    assert heard[sitters[3]] == [n for n in range(41, end + 1) if log.events[n - 1].order == "a"]
    assert heard[sitters[4]] == []
    assert heard[late] == list(range(36, end + 1))
    assert not far or heard[far] == list(range(6, end + 1))
    assert calls[0], "the step was not reached"


def fill(room: Room, sitters: list[Sitter]) -> None:
    """Leave one of them a rest that its socket has no room for."""
    for _ in range(20):
        room.commit("b", text="x" * 3000)
    for sitter in sitters[1:]:
        sitter.look()
    assert sitters[0].conn.rest is not None


def joining(room: Room, position: int) -> Sitter | None:
    """Somebody who has missed more than the window holds; None when they are turned away."""
    try:
        return room.sit(after=EventId("e1", position))
    except RuntimeError:
        return None


def test_a_heartbeat_never_stands_for_what_was_missed() -> None:
    room = Room()
    board, other = room.sit(), room.sit("order:z")
    room.desk.commit("a")
    room.desk.hub.next_round()  # and nobody writes it
    for conn in (board.conn, other.conn):
        conn.taken_at -= HEARTBEAT
    room.writer.visit([board.conn, other.conn], time.monotonic())
    assert board.types() == ["heartbeat", "order.updated"]
    assert other.types() == ["heartbeat", "heartbeat"]
    assert (board.look().last_id, other.look().last_id) == ("e1-1", "e1-1")
    room.close()


def test_a_reset_that_was_not_written_is_found() -> None:
    room = Room()
    board = room.sit()
    room.desk.log.epoch = "e2"
    room.desk.reader.look()
    room.desk.hub.next_round()
    room.writer.visit([board.conn], time.monotonic())
    assert board.types() == ["heartbeat", "reset"]
    room.close()


class Door:
    """An engine that takes sockets over, with a quick heartbeat; the other ends are read here."""

    def __init__(self) -> None:
        self.house = House(stream_heartbeat=0.4)
        self.engine = self.house.stream._running()
        self.ends: list[socket.socket] = []
        until(self.engine.hub.ready.is_set)

    def come(self, guard: Guard | None = None) -> socket.socket:
        near, far = socket.socketpair()
        near.setblocking(False)
        far.settimeout(5)
        self.ends.append(far)
        self.engine.take_over(near.detach(), b"", False, "board", None, guard, "192.0.2.1")
        return far

    def close(self) -> None:
        self.house.close()
        for end in self.ends:
            end.close()


@pytest.fixture
def door() -> Iterator[Door]:
    with closing(Door()) as door:
        yield door


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (Sockets, "add"),
        (Hub, "join"),
        (Hub, "take"),
        (Writer, "_serve"),
        (AuthorizationChecks, "watch"),
    ],
)
def test_who_cannot_be_taken_in_is_cut_off_and_nothing_of_them_stays(
    door: Door, where: Any, name: str
) -> None:
    stays = door.come()
    read_until(stays, b"heartbeat")
    with one_failure(where, name, before=False):
        failed = door.come(guard=lambda: True)
    while failed.recv(65536):
        pass
    until(lambda: door.engine.listeners() == {"board": 1})
    door.house.commit("a")
    read_until(stays, b"order.updated")


def test_a_listener_that_cannot_be_ended_keeps_no_other_revoked_one_listening(door: Door) -> None:
    allowed = [True]
    guard: Guard = lambda: allowed[0]  # noqa: E731
    ends = [door.come(guard) for _ in range(3)]
    stays = door.come(lambda: True)
    for end in (*ends, stays):
        read_until(end, b"heartbeat")
    with one_failure(Writer, "_look_after"), one_failure(Sockets, "drop"):
        allowed[0] = False
        door.engine.authorization.recheck()
        for end in ends:
            while end.recv(65536):
                pass
    until(lambda: door.engine.listeners() == {"board": 1})


def read_until(end: socket.socket, wanted: bytes) -> bytes:
    heard = b""
    while wanted not in heard:
        piece = end.recv(65536)
        assert piece, heard
        heard += piece
    return heard
