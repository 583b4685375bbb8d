"""Which orders a list is to have, in which order, and what that means for finding them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from orderboard.orders.days import Days
from orderboard.orders.due import NEVER
from orderboard.orders.finding import Narrower
from orderboard.orders.marked import Marked, has_one
from orderboard.orders.marks import FILTERS, mark
from orderboard.orders.ranges import Place, Ranges
from orderboard.orders.risk import AtRisk

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which orders to list, in which order. ``after``: the sort value and number to go on from.

    Totals are in minor units. Of what may have several values an order has one.
    """

    status: Sequence[str] = ()
    type: Sequence[str] = ()
    driver: Sequence[str] = ()
    payment: Sequence[str] = ()
    channel: Sequence[str] = ()
    tag: Sequence[str] = ()
    method: Sequence[str] = ()
    assigned_to: Sequence[str] = ()
    q: str = ""
    created_from: datetime | None = None
    created_to: datetime | None = None
    updated_after: datetime | None = None
    due_before: datetime | None = None
    at_risk: AtRisk | None = None
    total_from: int | None = None
    total_to: int | None = None
    sort: str = "-created"
    after: tuple[Any, int] | None = None
    limit: int = 50


class Part(NamedTuple):
    """A part of a list: in its own order, what narrows it that is sorted otherwise, other ways in
    the list's order, and all but the list's own bounds as conditions.
    """

    listed: Ranges
    narrower: Sequence[Narrower]
    ways: Sequence[Days]
    conditions: Sequence[sa.ColumnElement[bool]]


def parts(wanted: Filter) -> list[Part]:
    """The parts of a list, one behind the other. Orders that are never due come last."""
    if wanted.sort != "-due":
        return [_part(wanted, {})]
    due = [_part(wanted, {"high": min(wanted.due_before or NEVER, NEVER)})]
    return due if wanted.due_before else [*due, _part(wanted, {"low": NEVER})]


def parts_behind(wanted: Filter, after: Place | None) -> Iterator[tuple[Part, Place | None]]:
    """The parts that a list has behind a place, and behind which place of theirs."""
    all_of = parts(wanted)
    if len(all_of) > 1 and after is not None and after.value is not None:
        if after.value >= NEVER:
            yield all_of[1], after
            return
        yield all_of[0], after
        yield all_of[1], None
        return
    for part in all_of:
        yield part, after


def _part(wanted: Filter, of_sort: Json) -> Part:
    spans: dict[str, Json] = {
        "created": {"low": wanted.created_from, "high": wanted.created_to},
        "updated": {"above": wanted.updated_after},
        "due": {"high": wanted.due_before},
        "total": {
            "low": wanted.total_from,
            "high": None if wanted.total_to is None else wanted.total_to + 1,
        },
    }
    all_of = Ranges(sort=wanted.sort, status=wanted.status, type=wanted.type, driver=wanted.driver)
    listed = replace(all_of, **{**spans.pop(wanted.sort.removeprefix("-")), **of_sort})
    narrower = {
        sort: replace(all_of, sort=f"-{sort}", **span)
        for sort, span in spans.items()
        if any(value is not None for value in span.values())
    }
    marks = [[mark(n, v) for v in dict.fromkeys(getattr(wanted, n))] for n in FILTERS]
    marks = [some for some in marks if some]
    days = Days(
        listed=listed,
        low=wanted.created_from,
        high=wanted.created_to,
        within=[ranges for sort, ranges in narrower.items() if sort != "created"],
        marks=marks,
    )
    conditions = [c for ranges in narrower.values() for c in ranges.bounds()]
    risk = [wanted.at_risk] if wanted.at_risk else []
    return Part(
        listed,
        [*_marked(marks), *risk, *narrower.values()],
        [days] if narrower or marks else [],
        [*conditions, *map(has_one, marks), *(some.condition() for some in risk)],
    )


def _marked(marks: Sequence[Sequence[str]]) -> Iterator[Marked]:
    for place, some in enumerate(marks):
        yield Marked(some, [*marks[:place], *marks[place + 1 :]])
