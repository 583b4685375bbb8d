"""Hours, days and months of a time zone as whole numbers, and periods made of them. Pure.

An hour is the minute since 1970 (UTC) at which it began on the clocks of the zone, a day the number
``date.toordinal`` gives it, a month twelve times its year and what has passed of that.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

HOUR, DAY, MONTH = range(3)
"""The grains in which sums are kept."""
INTERVALS = ("hour", "day", "week")
AN_HOUR = 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


class Piece(NamedTuple):
    """Whole hours, days or months: from ``first`` up to and without ``end``."""

    grain: int
    first: int
    end: int


def hour_of(moment: datetime, zone: ZoneInfo) -> int:
    """The hour in which a moment is."""
    return (moment - _EPOCH) // _MINUTE - moment.astimezone(zone).minute


def moment_of(hour: int) -> datetime:
    """When an hour begins."""
    return _EPOCH + hour * _MINUTE


@lru_cache(4096)
def day_of(hour: int, zone: ZoneInfo) -> int:
    """The day that an hour belongs to."""
    return moment_of(hour).astimezone(zone).toordinal()


def month_of(day: int) -> int:
    """The month that a day belongs to."""
    there = date.fromordinal(day)
    return there.year * 12 + there.month - 1


def grains(hour: int, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """The hour, the day and the month that what is of an hour counts for."""
    day = day_of(hour, zone)
    yield from ((HOUR, hour), (DAY, day), (MONTH, month_of(day)))


@lru_cache(8192)
def begin_of_day(day: int, zone: ZoneInfo) -> int:
    """The first hour of a day; where its midnight is left out, that behind it."""
    there = date.fromordinal(day)
    midnight = datetime(there.year, there.month, there.day, tzinfo=zone)
    return (midnight.astimezone(UTC) - _EPOCH) // _MINUTE


def begin(grain: int, start: int, zone: ZoneInfo) -> int:
    """The first hour of an hour or of a day."""
    return start if grain == HOUR else begin_of_day(start, zone)


def pieces(first: int, end: int, zone: ZoneInfo, months: bool = True) -> list[Piece]:
    """The fewest hours, days and, if wanted, months that together are all hours from ``first`` up
    to and without ``end``.
    """
    days = day_of(first, zone)
    days += begin_of_day(days, zone) < first
    last = day_of(end, zone)
    if last <= days:
        return [Piece(HOUR, first, end)]
    found = [
        Piece(HOUR, first, begin_of_day(days, zone)),
        *(_of_days(days, last) if months else [Piece(DAY, days, last)]),
        Piece(HOUR, begin_of_day(last, zone), end),
    ]
    return [piece for piece in found if piece.first < piece.end]


def _of_days(first: int, end: int) -> list[Piece]:
    month, last = month_of(first), month_of(end)
    month += _first_day(month) < first
    if last <= month:
        return [Piece(DAY, first, end)]
    return [
        Piece(DAY, first, _first_day(month)),
        Piece(MONTH, month, last),
        Piece(DAY, _first_day(last), end),
    ]


def _first_day(month: int) -> int:
    return date(month // 12, month % 12 + 1, 1).toordinal()


def count(first: int, end: int, interval: str, zone: ZoneInfo) -> int:
    """How many intervals ``starts`` gives."""
    if interval == "hour":
        return -((first - end) // AN_HOUR)
    days = range(day_of(first, zone), day_of(end - 1, zone) + 1)
    return len(days) if interval == "day" else _week(days[-1]) - _week(days[0]) + 1


def starts(first: int, end: int, interval: str, zone: ZoneInfo) -> list[int]:
    """The hours at which the intervals of a period begin; the first and last may be cut off."""
    if interval == "hour":
        return [*range(first, end, AN_HOUR)]
    days = range(day_of(first, zone) + 1, day_of(end - 1, zone) + 1)
    inside = [day for day in days if interval == "day" or _week(day) != _week(day - 1)]
    return [first, *(begin_of_day(day, zone) for day in inside)]


def place(begins: list[int], hour: int) -> int:
    """In which of some intervals an hour is."""
    return bisect_right(begins, hour) - 1


def _week(day: int) -> int:
    return (day - 1) // 7  # day 1 was a Monday


def before(first: int, end: int, zone: ZoneInfo) -> tuple[int, int]:
    """The period before one. One that begins at midnight is followed back by as many days as it
    touches, by the clock: today until ten is beside yesterday until ten.
    """
    if begin_of_day(day_of(first, zone), zone) != first:
        return 2 * first - end, first
    days = day_of(end - 1, zone) - day_of(first, zone) + 1
    there = moment_of(end).astimezone(zone)
    back = (there.replace(tzinfo=None) - timedelta(days=days)).replace(tzinfo=zone)
    return begin_of_day(day_of(first, zone) - days, zone), min(
        hour_of(back.astimezone(UTC), zone), first
    )


def lengths(begins: list[int], end: int) -> list[tuple[int, int]]:
    """The intervals that begin so and end where the next one begins."""
    return list(pairwise([*begins, end]))
