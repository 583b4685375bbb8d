"""How many may listen, and how often one address may begin to."""

import resource
import time
from contextlib import contextmanager
from dataclasses import replace

from orderboard.stream.admission import Admission
from orderboard.stream.counters import Counters
from orderboard.stream.listener import Listener
from orderboard.stream.listener_counts import ListenerCounts
from tests.stream.support import Settings

ONE, OTHER = "192.0.2.1", "192.0.2.2"


class Gate:
    """An admission, and the crowd of those who came through it."""

    def __init__(self, **settings: int) -> None:
        self.counters = Counters()
        self.listener_counts = ListenerCounts(self.counters)
        self.admission = Admission(
            replace(Settings(), **settings), self.listener_counts, self.counters
        )

    def enter(self, address: str) -> Listener | None:
        if self.admission.refusal(address):
            return None
        listener = Listener("board", address=address)
        self.listener_counts.came(listener)
        return listener


def test_an_address_may_have_so_many_streams_and_others_are_not_kept_out_by_it():
    gate = Gate(stream_listeners_per_address=2)
    first, second, third = (gate.enter(ONE) for _ in range(3))
    assert first
    assert second
    assert third is None
    assert gate.enter(OTHER)
    assert gate.counters.refused_address == 1
    gate.listener_counts.went(first, "gone")
    assert gate.enter(ONE)


def test_there_is_room_for_so_many_in_all():
    gate = Gate(stream_listeners=3)
    assert all(gate.enter(address) for address in (ONE, OTHER, ONE))
    assert gate.admission.full
    assert gate.enter(OTHER) is None
    assert gate.counters.refused_full == 1


def test_open_files_are_kept_for_everything_else():
    with open_files(1000):
        assert Gate(stream_listeners=751).admission.room == 750
        assert Gate(stream_listeners=750).admission.room == 750


def test_that_open_files_are_too_few_is_said_once_when_somebody_is_refused_for_it(caplog):
    with open_files(4):
        gate = Gate(stream_listeners=10)
        assert all(gate.enter(ONE) for _ in range(3))
        assert caplog.text == ""
        assert gate.enter(ONE) is None
        assert gate.enter(ONE) is None
        assert caplog.text.count("no more than 3 streams") == 1


def test_nothing_is_said_of_open_files_where_the_setting_is_what_limits(caplog):
    with open_files(1000):
        gate = Gate(stream_listeners=1)
        assert gate.enter(ONE)
        assert gate.enter(ONE) is None
        assert caplog.text == ""


@contextmanager
def open_files(limit):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_who_comes_back_again_and_again_is_held_off_for_a_minute(monkeypatch):
    gate = Gate(stream_limit=2)
    for _ in range(2):
        gate.listener_counts.went(gate.enter(ONE), "gone")
    assert gate.enter(ONE) is None
    assert gate.enter(OTHER)
    assert gate.counters.refused_rate == 1
    now = time.monotonic()
    monkeypatch.setattr("orderboard.stream.admission.time.monotonic", lambda: now + 61)
    assert gate.enter(ONE)


def test_endings_are_told_once_in_one_line_for_all():
    gate = Gate()
    for why in ("gone", "gone", "slow"):
        gate.listener_counts.went(gate.enter(ONE), why)
    assert gate.listener_counts.endings() == "2 of board gone, 1 of board slow"
    assert gate.listener_counts.endings() == ""
    assert len(gate.listener_counts) == 0
