"""Which failures of a run are looked at again, and which never."""

import pytest

from tests.second_look import may_be_looked_at

_PAGE, _START = "tests/pages/test_board.py::test_a", "tests/run/test_start.py::test_b[c]"


def test_a_few_that_wait_are_looked_at_again():
    assert may_be_looked_at(dict.fromkeys([_PAGE, _START]))


@pytest.mark.parametrize(
    "failed",
    [
        [],
        [f"{_PAGE}{number}" for number in range(4)],
        [_PAGE, "tests/faults/test_storms.py::test_c"],
        [_PAGE, "tests/test_money.py::test_d"],
        [""],
    ],
)
def test_nothing_else_is(failed):
    assert not may_be_looked_at(dict.fromkeys(failed))
