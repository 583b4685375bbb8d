"""The trade's rules, against the tables that are promised to the outside."""

import pytest

from orderboard.errors import IllegalMove
from orderboard.orders import rules

_PROMISED = """
pending: processing, on_hold, declined, cancelled
on_hold: processing, declined, cancelled
processing: ready, shipped, on_hold, cancelled
ready: shipped, delivered, cancelled
shipped: delivered, failed
failed: shipped, cancelled
delivered: completed, returned
completed: returned
declined:
cancelled:
returned:
"""
MOVES = {
    line.partition(":")[0]: line.partition(":")[2].replace(",", " ").split()
    for line in _PROMISED.strip().splitlines()
}
PAIRS = [(old, new) for old in MOVES for new in MOVES]
CUSTOMER_MAY = {"pending": "cancel", "on_hold": "cancel", "processing": "request"}
CUSTOMER_MAY["ready"] = "request"
WAY = ["pending", "processing", "ready", "shipped", "delivered", "completed"]


@pytest.mark.parametrize(("old", "new"), [pair for pair in PAIRS if pair[1] in MOVES[pair[0]]])
def test_a_promised_move_is_allowed(old: str, new: str) -> None:
    rules.check_move(old, new)


@pytest.mark.parametrize(("old", "new"), [pair for pair in PAIRS if pair[1] not in MOVES[pair[0]]])
def test_any_other_move_is_refused_and_says_what_is_allowed(old: str, new: str) -> None:
    with pytest.raises(IllegalMove) as refused:
        rules.check_move(old, new)
    assert refused.value.allowed == MOVES[old]


def test_there_are_no_other_statuses() -> None:
    assert list(rules.STATUSES) == list(MOVES)


@pytest.mark.parametrize("status", MOVES)
def test_a_customer_may_cancel_or_ask_for_it_where_it_is_promised(status: str) -> None:
    order = {"status": status, "cancellation_request": None}
    assert rules.customer_may(order) == CUSTOMER_MAY.get(status)


@pytest.mark.parametrize("status", MOVES)
def test_a_customer_who_has_asked_cannot_ask_again(status: str) -> None:
    assert rules.customer_may({"status": status, "cancellation_request": {"reason": "x"}}) is None


@pytest.mark.parametrize("kind", rules.TYPES)
@pytest.mark.parametrize("status", MOVES)
def test_every_status_has_a_name_in_every_type(kind: str, status: str) -> None:
    assert rules.LABELS[kind][status]


def test_inbound_types_say_the_same_codes_in_words_of_their_own() -> None:
    inbound = {kind for kind in rules.TYPES if rules.LABELS[kind]["pending"] == "Requested"}
    assert inbound == {"return", "donation", "exchange"}
    words = [rules.LABELS["return"][status] for status in WAY[:5]]
    assert words == ["Requested", "Approved", "Collection booked", "Collected", "Received"]


STEPS = WAY[:-1]
"""As a customer is told them: delivered and completed are one."""


def steps(*passed: str, kind: str = "purchase") -> list[tuple[str, str]]:
    """Status and state of each step of an order that passed these statuses, the last one now."""
    order = {"type": kind, "status": passed[-1], "times": dict.fromkeys(passed, "now")}
    return [(str(step["status"]), str(step["state"])) for step in rules.steps(order)]


@pytest.mark.parametrize("kind", rules.TYPES)
def test_a_new_order_has_its_whole_way_before_it(kind: str) -> None:
    way = steps("pending", kind=kind)
    assert way == [(STEPS[0], "current"), *((status, "upcoming") for status in STEPS[1:])]


@pytest.mark.parametrize("kind", rules.TYPES)
def test_steps_carry_the_words_of_the_type(kind: str) -> None:
    order = {"type": kind, "status": "pending", "times": {"pending": "now"}}
    found = [step["label"] for step in rules.steps(order)]
    assert found == [rules.STEP_LABELS[kind][status] for status in STEPS]


def test_a_step_that_was_passed_over_is_left_out() -> None:
    assert steps("pending", "processing", "shipped") == [
        ("pending", "done"),
        ("processing", "done"),
        ("shipped", "current"),
        ("delivered", "upcoming"),
    ]


@pytest.mark.parametrize("passed", [STEPS, WAY], ids=["delivered", "completed"])
def test_a_delivered_order_is_done_with_every_step(passed: tuple[str, ...]) -> None:
    assert steps(*passed) == [(status, "done") for status in STEPS]


@pytest.mark.parametrize("last", ["declined", "cancelled"])
def test_an_order_that_ended_early_stops_there(last: str) -> None:
    assert steps("pending", last) == [("pending", "done"), (last, "stopped")]


def test_a_returned_order_stops_behind_its_whole_way() -> None:
    done = [(status, "done") for status in STEPS if status != "ready"]
    assert steps(*(status for status, _ in done), "completed", "returned") == [
        *done,
        ("returned", "stopped"),
    ]


@pytest.mark.parametrize("pause", ["on_hold", "failed"])
def test_an_order_that_pauses_is_there_now_and_has_not_ended(pause: str) -> None:
    assert steps("pending", "processing", pause)[-1] == (pause, "current")


def test_each_step_knows_its_time() -> None:
    times = {"pending": "2030-01-01T00:00:00Z", "processing": "2030-01-02T00:00:00Z"}
    order = {"type": "purchase", "status": "processing", "times": times}
    found = {step["status"]: step["at"] for step in rules.steps(order)}
    assert found == dict.fromkeys(STEPS) | times


@pytest.mark.parametrize(
    ("method", "first"), [("pickup", "delivered"), ("table", "delivered"), ("delivery", "shipped")]
)
def test_what_is_ready_usually_goes_on_as_its_method_says(method: str, first: str) -> None:
    order = {"status": "ready", "fulfilment": {"method": method}}
    assert rules.moves(order)[0] == first
    assert {*rules.moves(order)} == {*rules.MOVES["ready"]}
