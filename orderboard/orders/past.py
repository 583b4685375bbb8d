"""The course of an order that was placed elsewhere, before it came here. Pure."""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from orderboard.errors import Invalid
from orderboard.orders.rules import MOVES, STATUSES


class Course(NamedTuple):
    """When an order was placed, where it stands, and when it came to which status."""

    placed_at: datetime
    status: str
    times: dict[str, datetime]


def _reach() -> dict[str, frozenset[str]]:
    """Status → the statuses that an order may ever have after it."""
    reach: dict[str, frozenset[str]] = {}
    for first in MOVES:
        found: set[str] = set()
        todo = [*MOVES[first]]
        while todo:
            status = todo.pop()
            if status not in found:
                found.add(status)
                todo += MOVES[status]
        reach[first] = frozenset(found)
    return reach


_REACH = _reach()


def course(
    placed_at: datetime | None,
    status: str | None,
    times: Mapping[str, datetime] | None,
    now: datetime,
) -> Course:
    """What an order went through that is said to have been placed and moved so.

    Shops remember some steps only, so others may lie between two that are told. Raises Invalid,
    naming the field, for what is still to come and for what no order could have gone through.
    """
    told = dict(times or {})
    begin = placed_at or told.get("pending") or min(told.values(), default=now)
    told.setdefault("pending", begin)
    _check_times(begin, placed_at, times or {}, now)
    way = sorted(told, key=lambda each: (told[each], STATUSES.index(each)))
    for before, after in pairwise(way):
        if after not in _REACH[before]:
            raise Invalid({f"times.{after}": f"no order comes from {before} to {after}"})
    if way[0] != "pending":
        raise Invalid({f"times.{way[0]}": "is before the order was placed"})
    last = way[-1]
    if status and status != last:
        if status in told or status not in _REACH[last]:
            raise Invalid({"status": f"no order comes from {last} to {status} so"})
        told[status] = told[last]
    return Course(begin, status or last, told)


def _check_times(
    begin: datetime, placed_at: datetime | None, told: Mapping[str, datetime], now: datetime
) -> None:
    if placed_at and placed_at > now:
        raise Invalid({"placed_at": "is in the future"})
    errors = {f"times.{name}": "is in the future" for name, at in told.items() if at > now}
    errors |= {
        f"times.{name}": "is before the order was placed" for name, at in told.items() if at < begin
    }
    if errors:
        raise Invalid(errors)
