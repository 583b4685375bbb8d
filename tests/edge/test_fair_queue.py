"""Whose turn it is, when more is asked for than there is time for."""

import time
from collections.abc import Iterator
from itertools import pairwise

import gevent
import pytest

from orderboard.edge.fair_queue import STRETCH, FairQueue


@pytest.fixture(autouse=True)
def as_in_a_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Giving way is what it is where gevent has patched ``sleep``. No test waits for ever."""
    monkeypatch.setattr("orderboard.edge.fair_queue.give_way", lambda: gevent.sleep(1e-6))
    with gevent.Timeout(10):
        yield


def crowd(queue: FairQueue, whose: str, count: int, done: list[str]) -> list[gevent.Greenlet]:
    """So many pieces of work of one address, each as long as a stretch."""

    def work() -> None:
        queue.enter(whose)
        done.append(whose)
        time.sleep(STRETCH)

    return [gevent.spawn(work) for _ in range(count)]


def test_whoever_comes_alone_waits_for_nobody() -> None:
    queue = FairQueue()
    for _ in range(3):
        began = time.monotonic()
        queue.enter("a")
        queue.enter("a")
        assert time.monotonic() - began < STRETCH
        gevent.sleep(0.05)


def test_one_of_another_address_comes_before_the_crowd_of_the_first() -> None:
    queue, done = FairQueue(), list[str]()
    many = crowd(queue, "many", 50, done)
    gevent.sleep(0)
    other = crowd(queue, "other", 1, done)
    gevent.joinall(other)
    assert done.index("other") <= 4
    gevent.joinall(many)
    assert len(done) == 51


def test_addresses_take_turns_however_many_each_has_sent() -> None:
    queue, done = FairQueue(), list[str]()
    work = crowd(queue, "large", 40, done)
    for whose in ("b", "c"):
        work += crowd(queue, whose, 5, done)
    gevent.joinall(work)
    assert sorted(done[:18].count(whose) for whose in ("b", "c")) == [5, 5]
    assert done.count("large") == 40


def test_everything_else_comes_between_two_stretches() -> None:
    queue, done, between = FairQueue(), list[str](), list[int]()

    def others() -> None:
        while len(done) < 20:
            between.append(len(done))
            gevent.sleep(0.0001)

    beside = gevent.spawn(others)
    gevent.joinall([*crowd(queue, "many", 20, done), beside])
    steps = [later - earlier for earlier, later in pairwise(between)]
    assert max(steps) <= 3
