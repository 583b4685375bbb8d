"""Connections that are written to together: what happens to one is nothing to the others."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import closing

import pytest

from orderboard.stream import writer
from orderboard.stream.connection import COHORT, GONE, Cohort
from orderboard.stream.group import Due, Group
from orderboard.stream.hub import Hub
from orderboard.stream.suppress import suppress_and_log
from tests.stream.support import Log
from tests.stream.test_trouble import one_failure
from tests.stream.test_writer import HEARTBEAT, Room, Sitter, kind

__all__ = ["kind"]  # a fixture


@pytest.fixture
def room() -> Iterator[Room]:
    with closing(Room()) as room:
        yield room


@pytest.fixture
def sitters(room: Room) -> list[Sitter]:
    """A cohort that stands level, and some more."""
    sitters = [room.sit() for _ in range(COHORT + 5)]
    room.commit("a")
    assert all(sitter.conn.is_level for sitter in sitters)
    return sitters


def group_of(room: Room) -> Group:
    group: Group = room.desk.hub.groups["board"]
    return group


def test_who_hangs_up_in_the_middle_of_a_cohort_costs_the_others_nothing(
    room: Room, sitters: list[Sitter]
) -> None:
    for gone in sitters[20:23]:
        gone.far.close()
    deliveries = room.counters().deliveries
    room.commit("b")
    stay = sitters[:20] + sitters[23:]
    assert [sitter.hears() for sitter in stay] == [[1, 2]] * len(stay)
    assert room.counters().deliveries - deliveries == len(stay)
    assert [sitter.conn.fd for sitter in sitters[20:23]] == [GONE] * 3
    assert len(group_of(room)) == len(stay)


def test_who_takes_nothing_has_a_rest_and_a_moment_of_its_own_and_the_others_are_told(
    room: Room, sitters: list[Sitter]
) -> None:
    slow, others = sitters[30], sitters[:30] + sitters[31:]
    for _ in range(100):
        before = slow.conn.taken_at
        room.commit("a", text="x" * 3000)
        for sitter in others:
            sitter.look()
        if slow.conn.rest is not None:
            break
    moment, last = slow.conn.taken_at, room.desk.hub.head
    assert moment >= before
    room.commit("b")
    told = list(range(1, last + 2))
    assert [sitter.hears() for sitter in others] == [told] * len(others)
    assert slow.conn.taken_at == moment < others[0].conn.taken_at
    assert all(sitter.conn.is_level for sitter in others)
    assert slow.read_on().hears() == told
    room.commit("c")
    assert slow.hears() == [*told, last + 2]
    assert slow.conn.is_level


def test_a_descriptor_that_is_used_again_hears_nothing_meant_for_the_one_before(
    room: Room, sitters: list[Sitter]
) -> None:
    fd = sitters[3].conn.fd
    reading, writing = os.pipe()
    with one_failure(Hub, "leave"), suppress_and_log("its end goes wrong"):
        room.writer.cut(sitters[3].conn)
    os.dup2(writing, fd)
    os.set_blocking(reading, False)
    room.commit("b")
    with pytest.raises(BlockingIOError):
        os.read(reading, 1)
    for descriptor in {reading, writing, fd}:
        os.close(descriptor)


def test_a_heartbeat_to_one_of_a_cohort_says_where_it_is_and_it_goes_on_with_the_others(
    room: Room, sitters: list[Sitter]
) -> None:
    quiet, later = sitters[0], time.monotonic() + HEARTBEAT
    room.writer.visit([quiet.conn], later)
    assert quiet.types() == ["heartbeat", "order.updated", "heartbeat"]
    assert quiet.conn.taken_at == later
    room.commit("b")
    assert [sitter.hears() for sitter in sitters] == [[1, 2]] * len(sitters)
    assert all(sitter.conn.is_level for sitter in sitters)


def test_newcomers_fill_the_places_of_those_who_have_left(
    room: Room, sitters: list[Sitter]
) -> None:
    for sitter in sitters[:COHORT:2]:
        room.writer.cut(sitter.conn)
    for _ in range(COHORT):
        room.sit()
    assert len(group_of(room).cohorts) == 2
    assert sum(map(len, group_of(room).cohorts)) == len(group_of(room))
    for conn in room.writer._sockets.connections():
        room.writer.cut(conn)
    assert room.desk.hub.groups == {}


def test_when_the_log_begins_anew_within_a_round_those_still_to_be_told_hear_a_reset_first(
    room: Room, sitters: list[Sitter], monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_a_pause(
        cohorts: Iterable[tuple[Due, Cohort]], _: object
    ) -> Iterator[tuple[Due, Cohort]]:
        for number, cohort in enumerate(cohorts):
            if number == 1:
                room.desk.log = Log("e2")
                room.desk.hub.begin("e2", 0, "epoch")
                room.desk.commit("a", "b", "c")
            yield cohort

    with monkeypatch.context() as patch:
        patch.setattr(writer, "in_turns", with_a_pause)
        room.commit("b")
    room.round()
    heard = [
        [m.last_id for m in sitter.look().messages if m.type in ("order.updated", "reset")]
        for sitter in sitters
    ]
    assert heard == [["e1-1", "e1-2", "e2-3"]] * COHORT + [["e1-1", "e2-3"]] * 5
    assert [sitter.types()[-1] for sitter in sitters] == ["reset"] * len(sitters)
