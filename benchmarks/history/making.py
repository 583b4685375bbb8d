"""Making a past: several processes make days, and this one writes them, one after the other."""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context

from benchmarks.history import writing
from benchmarks.history.columns import TABLES, Tuples, tuples
from benchmarks.history.day import Shop, rows_of
from benchmarks.history.plan import Day, days
from orderboard.figures.delta import Delta

_EACH = 4
"""Orders for each customer, on the average."""
_SELDOM = 500_000
"""New objects between two looks for circular garbage, of which there is hardly any here."""
_AHEAD = 3
"""Days for each process that are made before they are written."""
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A day, ready to be written, and the last position it takes."""

    tables: Sequence[Tuples]
    delta: Delta
    position: int


def make(orders: int, seed: int, until: datetime, zone: str, kept: int, progress: Progress) -> None:
    """Fill the database of the app whose context this is with a past that ends at ``until``.

    The log keeps whole orders in its last ``kept`` events. ``progress`` is told how many orders are
    written. Raises NotEmpty.
    """
    plan = days(orders, seed, until, 0)
    first = writing.begin(plan[0].begins) + 1
    plan = days(orders, seed, until, first)
    last = plan[-1].first_position + plan[-1].events - 1
    shop = Shop(seed, max(1, orders // _EACH), zone, last - kept)
    for day, made in zip(plan, _made(plan, shop), strict=True):
        writing.write(made.tables, made.delta, made.position, shop)
        progress(day.first_order + len(day.stories) - 1)
    writing.end()


def make_day(day: Day, shop: Shop) -> Made:
    """A day as tuples of its tables."""
    rows = rows_of(day, shop)
    topics = [
        {"topic": topic, "position": event["position"]}
        for event in rows.events
        for topic in event["topics"].split()
    ]
    found = (rows.orders, rows.lines, rows.events, topics, rows.marks, rows.texts)
    made = [tuples(table, some) for table, some in zip(TABLES, found, strict=True)]
    return Made(made, rows.delta, rows.events[-1]["position"])


def _made(plan: Sequence[Day], shop: Shop) -> Iterator[Made]:
    processes = os.cpu_count() or 1
    if len(plan[0].stories) * len(plan) < 5000:
        yield from (make_day(day, shop) for day in plan)
        return
    # Made anew rather than forked: what the database's driver and its threads have is not shared.
    gc.set_threshold(_SELDOM)
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, context, gc.set_threshold, (_SELDOM,)) as pool:
        ahead: deque[Future[Made]] = deque()
        for day in plan:
            ahead.append(pool.submit(make_day, day, shop))
            if len(ahead) > _AHEAD * processes:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
