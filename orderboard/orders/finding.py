"""Finding a page of a list: straight from its ranges, or by what is sorted otherwise.

What is asked for may not be sorted as the list is, as orders of one day by their totals. If only
a few orders fit that, all of them are looked at. If many do, the list is walked in its own order
until a page of them is together, which then is soon.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.orders.model import Order
from orderboard.orders.ranges import Place, Ranges

_orders = Order.__table__
FEW = 10_000
"""Orders that are looked at one by one rather than in the list's order."""
_AT_ONCE = 4_000
Conditions = Sequence[sa.ColumnElement[bool]]


class Narrower(Protocol):
    """Something that has all orders in it that are wanted, and perhaps others."""

    def numbers(self, connection: Connection, limit: int) -> list[int]:
        """The numbers of some of them, of all if they are fewer than ``limit``."""


def find(
    connection: Connection,
    listed: Ranges,
    narrower: Sequence[Narrower],
    conditions: Conditions,
    limit: int,
    after: Place | None,
) -> list[Place]:
    """The first places of a list behind a place, of orders that fulfil the conditions.

    ``narrower`` are tried one after the other.
    """
    if not conditions:
        return listed.first(connection, limit, after)
    for some in narrower:
        numbers = some.numbers(connection, FEW + 1)
        if len(numbers) <= FEW:
            return _of(connection, listed, numbers, conditions, limit, after)
    return list(islice(_walk(connection, listed, conditions, limit, after), limit))


def _of(
    connection: Connection,
    listed: Ranges,
    numbers: Sequence[int],
    conditions: Conditions,
    limit: int,
    after: Place | None,
) -> list[Place]:
    kept = fitting(connection, listed, numbers, [*listed.conditions(after), *conditions])
    return sorted(kept, reverse=listed.falling)[:limit]


def _walk(
    connection: Connection,
    listed: Ranges,
    conditions: Conditions,
    limit: int,
    after: Place | None,
) -> Iterable[Place]:
    for places in listed.walk(connection, limit * 4, after):
        kept = {*fitting(connection, listed, [place.number for place in places], conditions)}
        yield from (place for place in places if place in kept)


def fitting(
    connection: Connection, listed: Ranges, numbers: Sequence[int], conditions: Conditions
) -> list[Place]:
    """The places of those of some orders that fulfil the conditions."""
    found: list[Place] = []
    for start in range(0, len(numbers), _AT_ONCE):
        some = _orders.c.number.in_(numbers[start : start + _AT_ONCE])
        chosen = sa.select(listed.column, _orders.c.number).where(some, *conditions)
        found += [Place(*row) for row in connection.execute(chosen)]
    return found
