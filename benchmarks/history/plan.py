"""What happens on which day: how many orders, and how far each of them comes. Pure.

A day's orders are placed within its first 16 hours and are done with within the 8 after that. So
each day can be made without the others, and positions are known beforehand. The last day is not
over: what would happen after the end of the past has not happened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple

DAY = timedelta(days=1)
_OPEN = timedelta(hours=16)
_NOT_OVER = timedelta(hours=6)
_MOST, _LEAST, _DAYS = 1000, 20, 40
ASSIGNED = "assigned"
"""A step that is no move: the order gets a driver."""


class Step(NamedTuple):
    """What happens next: a move to a status or ``ASSIGNED``, so many seconds after the last."""

    what: str
    after: float


Story = tuple[Step, ...]


def _story(*steps: tuple[str, int]) -> Story:
    return tuple(Step(what, minutes * 60.0) for what, minutes in steps)


_TAKEN = (("processing", 12), ("shipped", 90), ("delivered", 45))
STORIES: dict[Story, float] = {
    _story(*_TAKEN, ("completed", 60)): 400,
    _story(("processing", 9), (ASSIGNED, 20), *_TAKEN[1:], ("completed", 30)): 100,
    _story(("processing", 15), ("ready", 40), ("delivered", 90)): 160,
    _story(*_TAKEN): 250,
    _story(("cancelled", 8)): 50,
    _story(("declined", 20)): 15,
    _story(*_TAKEN, ("returned", 120)): 20,
    _story(("processing", 10), ("shipped", 60), ("failed", 60), ("cancelled", 100)): 10,
    _story(("on_hold", 5), ("processing", 100), ("shipped", 60), ("delivered", 30)): 12,
    _story(("processing", 30)): 1,
    _story(("processing", 15), ("ready", 40)): 4,
    _story(("on_hold", 30)): 1,
    (): 2,
}
"""How orders go, and how many in a thousand go so. Some are forgotten on their way."""
_stories, _weights = list(STORIES), list(accumulate(STORIES.values()))
_JITTER = 0.4


@dataclass(frozen=True, slots=True)
class Day:
    """A day: its first order's number, the first position of its events, and how orders go."""

    number: int
    begins: datetime
    ends: datetime
    first_order: int
    first_position: int
    stories: Sequence[Story]
    arrivals: Sequence[float]
    paces: Sequence[float]

    @property
    def events(self) -> int:
        """How many events it has."""
        return sum(len(moments) for moments in self.moments())

    def moments(self) -> list[list[datetime]]:
        """Of each order the moments of its placing and of its steps, up to the end of the past."""
        return [
            self._moments(*one) for one in zip(self.stories, self.arrivals, self.paces, strict=True)
        ]

    def _moments(self, story: Story, arrival: float, pace: float) -> list[datetime]:
        ahead = accumulate((step.after * pace for step in story), initial=arrival)
        last = (self.ends - self.begins).total_seconds()
        return [self.begins + timedelta(seconds=n) for n in ahead if n < last]


def days(orders: int, seed: int, until: datetime, first_position: int) -> list[Day]:
    """The days on which so many orders were placed, the last of them about ``until``."""
    a_day = min(_MOST, max(_LEAST, orders // _DAYS))
    sizes = [a_day] * (orders // a_day) + [orders % a_day] * bool(orders % a_day)
    begins = until + _NOT_OVER - DAY * len(sizes)
    found: list[Day] = []
    number, position = 1, first_position
    for count, size in enumerate(sizes):
        dice = Random(f"{seed} day {count}")
        day = Day(
            number=count,
            begins=begins + DAY * count,
            ends=min(begins + DAY * (count + 1), until),
            first_order=number,
            first_position=position,
            stories=dice.choices(_stories, cum_weights=_weights, k=size),
            arrivals=sorted(dice.random() * _OPEN.total_seconds() for _ in range(size)),
            paces=[1 - _JITTER * dice.random() for _ in range(size)],
        )
        found.append(day)
        number += size
        position += day.events if day.ends == until else size + sum(map(len, day.stories))
    return found
