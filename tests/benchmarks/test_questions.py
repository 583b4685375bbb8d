"""What is timed is answered, and who listens meanwhile is told of everything."""

import sys

import pytest

from benchmarks import questions
from benchmarks.meanwhile import Felt
from benchmarks.questions import QUESTIONS, Answers, measured, table

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the load generator needs epoll")


@linux_only
def test_every_question_is_answered_while_orders_are_heard_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(questions, "_SHORTEST", 4.0)
    found = measured("sqlite", 300, 3)
    assert {name: len(took) for name, took in found.took.items()} == dict.fromkeys(QUESTIONS, 3)
    assert found.cpu.keys() == QUESTIONS.keys()
    assert 0 < sum(found.cpu.values()) < 1000
    assert found.others.heard == 1
    assert found.others.delivery_p99 > 0
    assert len(found.others.health) > 10
    assert found.megabytes > 20


def test_the_table_shows_few_beside_many_and_what_was_not_answered() -> None:
    few = Answers(
        {"overview": [2.0], "page 101": []}, {"overview": 1.5}, Felt(5.0, [1.0], 1.0), 90.0
    )
    many = Answers(
        {"overview": [6.0], "page 101": [7.0]},
        {"overview": 3.0, "page 101": 1.0},
        Felt(6.0, [2.0], 0.5),
        99.0,
    )
    lines = {
        line[:42].strip(): line[42:].split() for line in table({10: few, 90: many}).split("\n")
    }
    assert lines["overview"] == ["2.0", "2.0", "1.5", "6.0", "6.0", "3.0", "2.00"]
    assert lines["page 101"] == ["-", "-", "-", "7.0", "7.0", "1.0"]
    assert lines["meanwhile: heard, %"] == ["100.0", "50.0"]
    assert lines["MB of the worker"] == ["90.0", "99.0"]
