"""Whether a recorded run kept every promise. Pure: a run goes in, what is wrong comes out.

The log is the truth. Who may hear an event is said here once more, in other words than the
product's, and what they hear of it is what the product's own view gives.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from orderboard.audiences import KINDS
from orderboard.events.event import Event
from tests.faults.record import (
    Beat,
    Orders,
    Record,
    Reset,
    Run,
    Snapshot,
    Step,
    Told,
    place_of,
)

REPLAY_LIMIT = 10_000
"""Events behind the head at which a listener may be told that it is too far back."""
OPEN = ("pending", "on_hold", "processing", "ready", "shipped", "failed")
"""Statuses of the orders that a driver's snapshot shows."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A promise that was broken: ``lost``, ``doubled``, ``swapped``, ``foreign``, ``altered``,
    ``reset``, ``beat``, ``snapshot``, ``missing``, ``twice``, ``gap`` or ``sums``; whose, and how.
    """

    kind: str
    who: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.who}: {self.text}"


def flaws(run: Run) -> list[Flaw]:
    """Everything that is wrong with a run."""
    found = [*_of_the_log(run), *_of_the_orders(run)]
    for record in run.records:
        found += _Listening(run, record).flaws()
    return found


def may_hear(event: Event, audience: str) -> bool:
    """Whether an event concerns an audience."""
    kind, _, whose = audience.partition(":")
    if kind == "order":
        is_told = event.type.startswith("order.") and event.type != "order.unaccepted"
        return event.order_id == whose and is_told
    return audience in event.topics if kind == "driver" else kind in ("board", "reader")


def is_true(reset: Reset) -> bool:
    """Whether the reason of a reset holds of the place where its listener was."""
    (epoch, position), (before, known) = place_of(reset.id), place_of(reset.after)
    match reset.reason:
        case "epoch":
            return epoch != before
        case "ahead":
            return epoch == before and known > position
        case "too_old":
            return epoch == before and position - known > REPLAY_LIMIT
    return False


def _of_the_log(run: Run) -> Iterator[Flaw]:
    places = [event.position for event in run.log]
    if places != list(range(1, len(places) + 1)):
        yield Flaw("gap", "the log", f"positions are not 1 to {len(places)}")


def _of_the_orders(run: Run) -> Iterator[Flaw]:
    """What was acknowledged is in the log, once; nothing was placed that nobody sent."""
    created = [event for event in run.log if event.type == "order.created"]
    marks = Counter(str((event.data or {})["customer"]["email"]) for event in created)
    ids = {(event.data or {})["id"] for event in created}
    for placed in run.placed:
        if placed.order["id"] not in ids:
            yield Flaw("missing", placed.mark, f"{placed.order['id']} was answered with 201")
    for mark in run.sent:
        if (count := marks[f"{mark}@example.com"]) > 1:
            yield Flaw("twice", mark, f"was placed {count} times with one key")
    orders = [e.data for e in run.log if e.data and e.type.startswith("order.")]
    versions = {(order["id"], order["version"]): order["status"] for order in orders}
    for changed in run.changed:
        order = changed.order
        if versions.get((order["id"], order["version"])) != order["status"]:
            text = f"version {order['version']}, {order['status']}, was answered with 200"
            yield Flaw("missing", order["id"], text)


class _Listening:
    """One listener's record held against the log."""

    def __init__(self, run: Run, record: Record) -> None:
        self._run = run
        self._record = record
        self._log = {event.position: event for event in run.log}
        self._hearable = [e.position for e in run.log if may_hear(e, record.audience)]

    def flaws(self) -> Iterator[Flaw]:
        segments = list(_segments(self._record.steps))
        for segment in segments:
            yield from self._of_segment(segment, is_last=segment is segments[-1])
        if not self._record.skips:
            yield from self._of_the_end()

    def _of_segment(self, steps: list[Step], is_last: bool) -> Iterator[Flaw]:
        """A segment begins with a snapshot or a reset and ends before the next reset."""
        first = steps[0]
        if isinstance(first, Reset):
            yield from self._of_reset(first, steps[1:2])
        elif not isinstance(first, Snapshot):
            yield self._flaw("snapshot", "it began without one")
        told = [step for step in steps if isinstance(step, Told)]
        places = [place_of(step.id)[1] for step in told]
        epoch, start = place_of(first.id)
        yield from self._of_order(places, start, len(self._log) if is_last else 0)
        for step in told:
            yield from self._of_event(step, epoch)
        yield from self._of_beats(steps, epoch, start)

    def _of_order(self, places: list[int], start: int, end: int) -> Iterator[Flaw]:
        """Each once, in order, none left out behind ``start``; ``end`` 0: up to the last told."""
        expected = {n for n in self._hearable if start < n <= (end or max(places, default=start))}
        counts = Counter(places)
        yield from (self._flaw("doubled", f"{n}") for n, count in counts.items() if count > 1)
        yield from (self._flaw("foreign", f"{n}") for n in counts if n not in self._hearable)
        yield from (self._flaw("stale", f"{n}") for n in counts if n <= start)
        if not self._record.skips:
            yield from (self._flaw("lost", f"{n}") for n in sorted(expected - set(places)))
        once = list(dict.fromkeys(places))
        yield from (
            self._flaw("swapped", f"{later} came before {n}")
            for later, n in pairwise(once)
            if n < later
        )

    def _of_event(self, step: Told, epoch: str) -> Iterator[Flaw]:
        of_epoch, position = place_of(step.id)
        event = self._log.get(position)
        if event is None or not may_hear(event, self._record.audience):
            return  # told above
        view = KINDS.view(event, self._record.audience, self._run.base_url)
        if (step.type, step.data) != (event.type, view):
            difference = _differing(step.data, view)
            yield self._flaw("altered", f"{position}, as heard and as in the log: {difference}")
        if of_epoch != epoch:
            yield self._flaw("altered", f"{step.id} is not of the epoch {epoch}")

    def _of_beats(self, steps: list[Step], epoch: str, start: int) -> Iterator[Flaw]:
        """A heartbeat never says more than was told, for its listener goes on from there."""
        waiting = [n for n in self._hearable if n > start]
        told: set[int] = set()
        for step in steps:
            of_epoch, position = place_of(step.id)
            if isinstance(step, Told):
                told.add(position)
            elif isinstance(step, Beat):
                if of_epoch != epoch or position < start or position > len(self._log):
                    yield self._flaw("beat", f"{step.id} is no place behind {epoch}-{start}")
                if missed := [n for n in waiting if n <= position and n not in told]:
                    yield self._flaw("beat", f"{step.id} before {missed[0]} was told")
                waiting = [n for n in waiting if n > position]

    def _of_reset(self, reset: Reset, then: list[Step]) -> Iterator[Flaw]:
        if not is_true(reset):
            yield self._flaw("reset", f"{reset.reason} at {reset.id} behind {reset.after}")
        if not (then and isinstance(then[0], Snapshot)):
            yield self._flaw("snapshot", f"none was read after the reset at {reset.id}")

    def _of_the_end(self) -> Iterator[Flaw]:
        """Snapshot and events give what a fresh snapshot gives."""
        known: Orders = {}
        for step in self._record.steps:
            if isinstance(step, Snapshot) and step.orders is None:
                return
            if isinstance(step, Snapshot):
                known = dict(step.orders or {})
            elif isinstance(step, Told) and step.data.get("order"):
                _apply(known, step.data["order"])
        kept = _as_read(known, self._record.audience)
        for id_ in kept.keys() | self._record.fresh.keys():
            if kept.get(id_) != self._record.fresh.get(id_):
                difference = _differing(kept.get(id_), self._record.fresh.get(id_))
                yield self._flaw("snapshot", f"{id_}, as heard and as read afresh: {difference}")

    def _flaw(self, kind: str, text: str) -> Flaw:
        return Flaw(kind, self._record.name, text)


def _segments(steps: list[Step]) -> Iterator[list[Step]]:
    segment: list[Step] = []
    for step in steps:
        if isinstance(step, Reset) and segment:
            yield segment
            segment = []
        segment.append(step)
    if segment:
        yield segment


def _apply(known: Orders, order: dict[str, Any]) -> None:
    if order["id"] not in known or known[order["id"]]["version"] < order["version"]:
        known[order["id"]] = order


def _differing(one: dict[str, Any] | None, other: dict[str, Any] | None) -> str:
    """The fields in which two records differ, with what each of them says."""
    if one is None or other is None:
        return f"{'nothing' if one is None else 'there'}, {'nothing' if other is None else 'there'}"
    names = [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]
    return ", ".join(f"{name} {one.get(name)!r}, {other.get(name)!r}" for name in sorted(names))


def _as_read(known: Orders, audience: str) -> Orders:
    """What a snapshot would hold of what is known: a driver reads their open orders only."""
    if not audience.startswith("driver:"):
        return known
    return {id_: o for id_, o in known.items() if o["driver"] and o["status"] in OPEN}
