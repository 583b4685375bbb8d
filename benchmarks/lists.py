"""What every kind of list costs: ``python -m benchmarks.lists``, on a past that was made before.

Every filter beside every other one, in every order, for several spans of time, of each list the
first page and one far down. What took longest is printed first. Reads ``ORDERBOARD_HOME`` or
``DATABASE_URL``, and writes nothing. CPU is this process's: SQLite's is in it, PostgreSQL's not.
"""

import argparse
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice, product
from statistics import median
from typing import Any, NamedTuple

import sqlalchemy as sa

from benchmarks import machine
from benchmarks.meanwhile import p99
from orderboard.cli.offline import at_hand
from orderboard.database import reading
from orderboard.orders import queries
from orderboard.orders.model import Order
from orderboard.orders.ranges import SORTS
from orderboard.orders.wanted import Filter

Json = dict[str, Any]
_orders = Order.__table__
_LIMIT = 50
_WORDS = ("oolong", "zyxwvut", "vedtso", "517", "a", "lantern chai", "+1 555", "...", "mei oolong")


class Asked(NamedTuple):
    """A list, how long its page took, CPU and by the clock, and how many orders were on it."""

    cpu: float
    ms: float
    orders: int
    wanted: Json


def main() -> None:
    """Ask for every list, and print which took how long."""
    options = _options()
    with at_hand():
        found = sorted(_ask(options), key=lambda asked: -max(asked[:2]))
    for name, times in (("CPU", [a.cpu for a in found]), ("clock", [a.ms for a in found])):
        print(f"{len(found)} lists, {name}: p50 {median(times):.1f} ms, p99 {p99(times):.1f} ms")
    for asked in found[: options.show]:
        print(
            f"{asked.cpu:9.1f} {asked.ms:9.1f} ms  {asked.orders:3} orders  {_said(asked.wanted)}"
        )
    print(machine.described())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--show", type=int, default=20, help="how many are printed")
    parser.add_argument("--words", action="store_true", help="with searches for words as well")
    parser.add_argument("--deep", type=float, default=0.6, help="how far down the other page is")
    parser.add_argument("--every", type=int, default=1, help="only each so-manieth filter")
    return parser.parse_args()


def _ask(options: argparse.Namespace) -> Iterator[Asked]:
    for wanted in islice(_filters(options.words), 0, None, options.every):
        for sort in chain.from_iterable((name, f"-{name}") for name in SORTS):
            chosen = {**wanted, "sort": sort}
            yield _timed(chosen)
            yield _timed({**chosen, "after": _far_down(sort, options.deep)})


def _timed(wanted: Json) -> Asked:
    began, cpu = time.perf_counter(), time.process_time()
    try:
        orders = len(queries.page(Filter(limit=_LIMIT, **wanted)).orders)
    except Exception as error:  # noqa: BLE001 - it is shown, at the head of the table
        return Asked(9e6, 9e6, 0, {**wanted, "error": type(error).__name__})
    spent = (time.process_time() - cpu) * 1000
    return Asked(spent, (time.perf_counter() - began) * 1000, orders, wanted)


def _filters(words: bool) -> Iterator[Json]:
    first, last = _ends()
    one = (last - first) / 100
    spans: list[Json] = [
        {},
        *({"created_from": last - one * n} for n in (1, 10, 60)),
        *({"created_to": first + one * n} for n in (1, 10, 60)),
        *({"created_from": first + one * n, "created_to": first + one * (n + 8)} for n in (5, 60)),
    ]
    changed: list[Json] = [{}, *({"updated_after": last - one * n} for n in (1, 5, 40))]
    narrow: list[Json] = [
        {},
        *({"status": [s]} for s in ("completed", "processing", "failed", "returned")),
        *({"type": [t]} for t in ("purchase", "return", "donation")),
        {"status": ["completed"], "type": ["exchange"]},
        {"driver": ["drv_history0"]},
        {"driver": ["drv_history0"], "status": ["delivered"]},
    ]
    searches: list[Json] = [{"q": word} for word in _WORDS] if words else [{}]
    for parts in product(spans, changed, narrow, searches):
        yield {name: value for part in parts for name, value in part.items()}


def _ends() -> tuple[datetime, datetime]:
    with reading() as connection:
        at = _orders.c.created_at
        first = connection.execute(sa.select(sa.func.min(at))).scalar_one()
        return first, connection.execute(sa.select(sa.func.max(at))).scalar_one()


def _far_down(sort: str, deep: float) -> tuple[Any, int]:
    column = SORTS[sort.removeprefix("-")]
    with reading() as connection:
        low = connection.execute(sa.select(sa.func.min(column))).scalar_one()
        high = connection.execute(sa.select(sa.func.max(column))).scalar_one()
        part = deep if not sort.startswith("-") else 1 - deep
        if column is _orders.c.total:
            part /= 10  # a few orders are of hundreds of things
        return (
            low + (high - low) * part
            if isinstance(low, datetime)
            else int(low + (high - low) * part)
        ), 0


def _said(wanted: Json) -> str:
    return " ".join(f"{name}={value}" for name, value in wanted.items())


if __name__ == "__main__":
    main()
