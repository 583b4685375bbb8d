"""What is summed up is told once a second at most, where somebody listens, when it is news."""

import contextlib

import pytest

from orderboard.stream.source import Summed
from orderboard.stream.summary import PAUSE, Summary
from tests.servers import wait_until


class Desk:
    def __init__(self) -> None:
        self.listening = True
        self.worked_out = 0
        self.value = 0
        self.told: list[tuple[str, str, dict[str, object]]] = []
        self.told_now: list[int] = []
        self.summary = Summary(
            Summed("figures", "board", self.work_out),
            contextlib.nullcontext,
            lambda _: self.listening,
            lambda *signal: self.told.append(signal),
            lambda: self.told_now.append(len(self.told)),
        )

    def work_out(self) -> dict[str, object]:
        self.worked_out += 1
        if self.value < 0:
            raise OSError("the database is away")
        return {"orders": self.value}


@pytest.fixture
def desk():
    desk = Desk()
    yield desk
    desk.summary.close()


def test_what_has_not_changed_is_not_told_again(desk):
    desk.summary.tell()
    desk.summary.tell()
    desk.value = 1
    desk.summary.tell()
    assert desk.told == [("figures", "board", {"orders": 0}), ("figures", "board", {"orders": 1})]


def test_nothing_is_worked_out_while_nobody_listens(desk):
    desk.listening = False
    desk.summary.tell()
    assert desk.worked_out == 0
    desk.listening = True
    desk.summary.tell()
    assert len(desk.told) == 1


def test_a_thousand_pieces_of_news_in_a_second_are_one_telling_and_the_last_is_not_lost(desk):
    desk.summary.start()
    for value in range(1, 1001):
        desk.value = value
        desk.summary.news()
    wait_until(lambda: desk.told and desk.told[-1][2] == {"orders": 1000}, 3 * PAUSE)
    assert len(desk.told) <= 2


def test_a_failure_is_outlived(desk):
    desk.value = -1
    desk.summary.start()
    desk.summary.news()
    wait_until(lambda: desk.worked_out, 3 * PAUSE)
    desk.value = 7
    desk.summary.news()
    wait_until(lambda: desk.told, 3 * PAUSE)


def test_it_goes_with_what_is_told_next_and_soon_without(desk):
    desk.summary.start()
    desk.summary.news()
    wait_until(lambda: desk.told, 3 * PAUSE)
    assert desk.told_now == []
    wait_until(lambda: desk.told_now == [1], PAUSE)
