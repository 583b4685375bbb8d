"""The oracle can fail: each way in which a run may go wrong is planted in one that went right."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from orderboard.audiences import KINDS
from orderboard.events.event import Event
from tests.faults import oracle
from tests.faults.record import (
    Beat,
    Changed,
    Json,
    Placed,
    Record,
    Reset,
    Run,
    Snapshot,
    Step,
    Told,
    place_of,
)

BASE_URL = "http://127.0.0.1:8000"
AT = "2030-01-31T17:00:00.000000Z"
DORA = {"id": "drv_dora", "name": "Dora", "phone": None}
ORDER: Json = {
    "type": "purchase",
    "items": [],
    "currency": "USD",
    "address": None,
    "payment_method": "none",
    "payment": {"method": "none", "status": "none"},
    "note": None,
    "tracking": {},
    "cancel_reason": None,
    "cancellation_request": None,
    "times": {"pending": AT},
    "created_at": AT,
    "updated_at": AT,
    **dict.fromkeys(("subtotal", "shipping", "tax", "discount", "total"), "0.00"),
}
HISTORY: list[tuple[str, int, str, Json | None]] = [
    ("a", 1, "pending", None),
    ("b", 1, "pending", None),
    ("a", 2, "processing", None),
    ("b", 2, "pending", DORA),
    ("a", 3, "ready", DORA),
    ("c", 1, "pending", None),
    ("a", 4, "shipped", DORA),
    ("b", 3, "cancelled", DORA),
    ("a", 5, "shipped", None),
]
"""Order, version, status and driver of each event, from position 1 on."""


def log() -> list[Event]:
    """The log of that history."""
    had: dict[str, Json | None] = {}
    events = []
    for position, (name, version, status, driver) in enumerate(HISTORY, 1):
        before, had[name] = had.get(name), driver
        drivers = dict.fromkeys(one["id"] for one in (driver, before) if one)
        type_ = "order.updated" if version > 1 else "order.created"
        order = _order(name, version, status, driver)
        actor = {"kind": "script", "name": "t"}
        topics = ("board", f"order:{name}", *(f"driver:{driver}" for driver in drivers))
        event = Event(position, type_, AT, actor, [], {}, topics, name, order)
        events.append(event)
    return events


def _order(name: str, version: int, status: str, driver: Json | None) -> Json:
    customer = {"name": name, "company": None, "email": f"{name}@example.com", "phone": None}
    own = {"id": name, "number": ord(name), "version": version, "status": status}
    return {**ORDER, **own, "customer": customer, "driver": driver, "track_token": f"t{name}"}


def told(event: Event, audience: str, epoch: str = "e1") -> Told:
    """An event as an audience hears it."""
    view = KINDS.view(event, audience, BASE_URL)
    return Told(f"{epoch}-{event.position}", event.type, view or {"position": event.position})


def snapshot(audience: str, position: int, epoch: str = "e1") -> Snapshot:
    """What an audience reads when the log has come to a position."""
    orders: dict[str, Any] = {}
    for event in log()[:position]:
        if oracle.may_hear(event, audience):
            order = told(event, audience).data["order"]
            orders[order["id"]] = order
    if audience.startswith("driver:"):
        orders = {k: o for k, o in orders.items() if o["driver"] and o["status"] in oracle.OPEN}
    return Snapshot(f"{epoch}-{position}", orders)


def record(audience: str, since: int) -> Record:
    """What a listener writes down that misses nothing."""
    steps: list[Step] = [snapshot(audience, since)]
    for event in log()[since:]:
        if oracle.may_hear(event, audience):
            steps += [told(event, audience), Beat(f"e1-{event.position}")]
    return Record(audience, audience, steps, snapshot(audience, len(HISTORY)).orders or {})


def good_run() -> Run:
    """A run in which all went well."""
    events = log()
    views = {event.position: told(event, "board").data["order"] for event in events}
    watched = (("board", 0), ("reader", 2), ("order:a", 1), ("driver:drv_dora", 3), ("order:d", 0))
    return Run(
        log=events,
        base_url=BASE_URL,
        records=[record(*one) for one in watched],
        placed=[
            Placed(name, views[position]) for name, position in zip("abc", (1, 2, 6), strict=True)
        ],
        changed=[Changed(views[3])],
        sent=["a", "b", "c", "not placed"],
    )


def tell(run: Run, audience: str) -> list[Step]:
    """The steps of one listener, to be spoilt."""
    (found,) = [one for one in run.records if one.audience == audience]
    return found.steps


def find(steps: list[Step], position: int) -> int:
    """Where an event is told."""
    return next(
        n for n, s in enumerate(steps) if isinstance(s, Told) and place_of(s.id)[1] == position
    )


def lose(run: Run) -> None:
    steps = tell(run, "order:a")
    del steps[find(steps, 5) : find(steps, 5) + 2]


def lose_the_last(run: Run) -> None:
    steps = tell(run, "reader")
    del steps[find(steps, 9) :]


def double(run: Run) -> None:
    steps = tell(run, "board")
    steps.append(steps[find(steps, 4)])


def swap(run: Run) -> None:
    steps = tell(run, "driver:drv_dora")
    one, other = find(steps, 4), find(steps, 5)
    steps[one], steps[other] = steps[other], steps[one]


def tell_a_stranger(run: Run) -> None:
    tell(run, "order:a").append(told(log()[1], "board"))


def tell_somebody_who_hears_nothing(run: Run) -> None:
    tell(run, "order:d").append(told(log()[5], "order:c"))


def tell_what_is_not_in_the_log(run: Run) -> None:
    tell(run, "board").append(dataclasses.replace(told(log()[8], "board"), id="e1-10"))


def tell_too_much_of_it(run: Run) -> None:
    steps = tell(run, "order:a")
    steps[find(steps, 3)] = told(log()[2], "board")


def tell_of_another_epoch(run: Run) -> None:
    steps = tell(run, "board")
    steps[find(steps, 3)] = told(log()[2], "board", "e2")


def tell_what_the_snapshot_had(run: Run) -> None:
    steps = tell(run, "reader")
    steps.insert(1, told(log()[1], "reader"))


def beat_too_soon(run: Run) -> None:
    steps = tell(run, "board")
    steps.insert(find(steps, 6), Beat("e1-7"))


def reset_without_reason(run: Run) -> None:
    tell(run, "board")[3:] = [
        Reset("e1-9", "too_old", "e1-2"),
        Snapshot("e1-9", snapshot("board", 9).orders),
    ]


def reset_and_read_nothing(run: Run) -> None:
    tell(run, "board")[3:] = [Reset("e2-9", "epoch", "e1-2")]


def show_an_old_version(run: Run) -> None:
    run.records[0].fresh["a"] = (snapshot("board", 3).orders or {})["a"]


def show_an_order_too_few(run: Run) -> None:
    del run.records[0].fresh["b"]


def forget_an_order(run: Run) -> None:
    run.placed = [*run.placed, Placed("z", {"id": "z", "version": 1, "status": "pending"})]


def forget_a_change(run: Run) -> None:
    run.changed = [*run.changed, Changed({"id": "c", "version": 2, "status": "processing"})]


def place_twice(run: Run) -> None:
    event = run.log[5]
    order = {**(event.data or {}), "id": "c2"}
    run.log.append(dataclasses.replace(event, position=10, order_id="c2", data=order))


def leave_a_gap(run: Run) -> None:
    run.log[-1] = dataclasses.replace(run.log[-1], position=10)


PLANTED: list[tuple[Callable[[Run], None], str]] = [
    (lose, "lost"),
    (lose_the_last, "lost"),
    (double, "doubled"),
    (swap, "swapped"),
    (tell_a_stranger, "foreign"),
    (tell_somebody_who_hears_nothing, "foreign"),
    (tell_what_is_not_in_the_log, "foreign"),
    (tell_too_much_of_it, "altered"),
    (tell_of_another_epoch, "altered"),
    (tell_what_the_snapshot_had, "stale"),
    (beat_too_soon, "beat"),
    (reset_without_reason, "reset"),
    (reset_and_read_nothing, "snapshot"),
    (show_an_old_version, "snapshot"),
    (show_an_order_too_few, "snapshot"),
    (forget_an_order, "missing"),
    (forget_a_change, "missing"),
    (place_twice, "twice"),
    (leave_a_gap, "gap"),
]


def test_a_run_without_a_flaw_has_none() -> None:
    assert oracle.flaws(good_run()) == []


@pytest.mark.parametrize(("plant", "kind"), PLANTED)
def test_a_planted_flaw_is_caught(plant: Callable[[Run], None], kind: str) -> None:
    run = good_run()
    plant(run)
    found = oracle.flaws(run)
    assert kind in {flaw.kind for flaw in found}
    print(*found, sep="\n")


@pytest.mark.parametrize(
    ("reset", "holds"),
    [
        (Reset("e2-6", "epoch", "e1-4"), True),
        (Reset("e1-6", "epoch", "e1-4"), False),
        (Reset("e1-6", "ahead", "e1-999"), True),
        (Reset("e1-6", "ahead", "e1-6"), False),
        (Reset("e1-20006", "too_old", "e1-4"), True),
        (Reset("e1-6", "too_old", "e1-4"), False),
        (Reset("e1-6", "gap", "e1-4"), False),
        (Reset("e1-6", "unreadable", "e1-4"), False),
    ],
)
def test_the_reason_of_a_reset_has_to_hold(reset: Reset, holds: bool) -> None:
    assert oracle.is_true(reset) is holds


def test_after_a_reset_the_snapshot_and_what_follows_is_all_there_is() -> None:
    run = good_run()
    steps = tell(run, "board")
    del steps[find(steps, 5) :]
    steps += [Reset("e2-6", "epoch", "e1-4"), snapshot("board", 7, "e2")]
    steps += [told(event, "board", "e2") for event in log()[6:]]
    assert oracle.flaws(run) == []


def test_a_page_that_polls_may_skip_events_and_still_hears_no_strangers() -> None:
    run = good_run()
    (page,) = [one for one in run.records if one.audience == "order:a"]
    page.steps, page.skips = [step for step in page.steps if not isinstance(step, Beat)], True
    del page.steps[find(page.steps, 5)]
    assert oracle.flaws(run) == []
    tell_a_stranger(run)
    assert "foreign" in {flaw.kind for flaw in oracle.flaws(run)}
