"""No more comes back than was bought, over however many returns."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderboard.errors import Conflict, Invalid
from orderboard.orders import returning, rules

Json = dict[str, Any]


def order(*quantities: int | str, status: str = "delivered", returns: Any = ()) -> Json:
    items = [{"id": f"line_{n}", "name": "x", "quantity": q} for n, q in enumerate(quantities, 1)]
    return {"status": status, "items": items, "returns": [*returns]}


def back(state: str, **lines: int | str) -> Json:
    return {"state": state, "lines": [{"line": n, "quantity": q} for n, q in lines.items()]}


@pytest.mark.parametrize("status", rules.STATUSES)
def test_only_what_has_arrived_can_come_back(status: str) -> None:
    if status in ("delivered", "completed"):
        returning.check(order(1, status=status))
        return
    with pytest.raises(Conflict):
        returning.check(order(1, status=status))


def test_lines_that_are_not_there_and_too_much_of_one_are_named() -> None:
    bought = order(3, "1.250", returns=[back("open", line_1=1), back("called_off", line_1=2)])
    wanted = [("line_1", 3000), ("line_9", 1000), ("line_2", 1251), ("line_1", 2000)]
    with pytest.raises(Invalid) as error:
        returning.chosen(bought, [{"line": line, "quantity": q} for line, q in wanted])
    paths = ["lines.0.quantity", "lines.1.line", "lines.2.quantity"]
    assert list(error.value.errors) == paths
    chosen = returning.chosen(bought, [{"line": "line_2", "quantity": 1250}])
    assert chosen == [{"line": "line_2", "name": "x", "quantity": "1.250"}]


def test_an_order_is_back_when_all_of_it_was_received() -> None:
    first, second = back("received", line_1=1), back("open", line_1=1, line_2=1)
    assert not returning.all_back(order(2, 1, returns=[first, second]))
    assert returning.all_back(order(2, 1, returns=[first, {**second, "state": "received"}]))
    assert not returning.all_back(order())


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(1, 5000), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4000), st.sampled_from(returning.STATES))),
)
def test_over_all_returns_no_more_comes_back_than_was_bought(
    bought: list[int], wanted: list[tuple[int, int, str]]
) -> None:
    now = order(*(f"{q / 1000:.3f}" for q in bought))
    gone = dict.fromkeys((item["id"] for item in now["items"]), 0)
    for line, quantity, state in wanted:
        name = f"line_{line}"
        try:
            lines = returning.chosen(now, [{"line": name, "quantity": quantity}])
        except Invalid:
            assert name not in gone or gone[name] + quantity > bought[line - 1]
            continue
        gone[name] += quantity if state != "called_off" else 0
        now["returns"].append({"state": state, "lines": lines})
        assert gone[name] <= bought[line - 1]
