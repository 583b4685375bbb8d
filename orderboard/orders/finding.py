"""Finding a page of a list: straight from its ranges, or by what is sorted otherwise.

What is asked for may not be sorted as the list is, as orders of one day by their totals. If only
a few orders fit that, all of them are looked at. If many do, several ways in the list's order are
walked in turns, the list's own and perhaps another one, until on one of them a page is together.
"""

from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection

from orderboard.jsontext import dump
from orderboard.orders.model import Order
from orderboard.orders.ranges import Place, Ranges

_orders = Order.__table__
FEW = 5_000
"""Orders that are looked at one by one rather than in the list's order."""
Condition = sa.ColumnElement[bool]
Conditions = Sequence[Condition]


class Narrower(Protocol):
    """Something that has all orders in it that are wanted, and perhaps others."""

    def numbers(self, connection: Connection, limit: int) -> list[int]:
        """The numbers of some of them, of all if they are fewer than ``limit``."""

    def is_quick(self, connection: Connection) -> bool:
        """Whether twice as many numbers are had in a few milliseconds."""


class Way(Protocol):
    """Something that has all orders in it that are wanted, in the list's order."""

    def walk(
        self, connection: Connection, size: int, after: Place | None = None
    ) -> Iterator[list[Place]]:
        """Their places behind a place, in steps."""


def find(
    connection: Connection,
    listed: Ranges,
    narrower: Sequence[Narrower],
    ways: Sequence[Way],
    conditions: Conditions,
    limit: int,
    after: Place | None,
) -> list[Place]:
    """The first places of a list behind a place, of orders that fulfil the conditions.

    ``narrower`` are tried one after the other, ``ways`` beside the list itself.
    """
    if not conditions:
        return listed.first(connection, limit, after)
    for some in narrower:
        few = FEW * 2 if some.is_quick(connection) else FEW
        numbers = some.numbers(connection, few + 1)
        if len(numbers) <= few:
            return first_of(connection, listed, numbers, conditions, limit, after)
    all_of = [*listed.conditions(after), *conditions]
    # The list itself first: where most orders fit, it is done at once.
    walks = [way.walk(connection, limit * 2, after) for way in (listed, *ways)]
    return _first_done([_fitting(connection, listed, walk, all_of) for walk in walks], limit)


def first_of(
    connection: Connection,
    listed: Ranges,
    numbers: Sequence[int],
    conditions: Conditions,
    limit: int,
    after: Place | None,
) -> list[Place]:
    """The same of some orders, all of which are looked at."""
    chosen = _places(connection, listed, numbers, [*listed.conditions(after), *conditions])
    order = [column.desc() if listed.falling else column for column in chosen.selected_columns]
    return [Place(*row) for row in connection.execute(chosen.order_by(*order).limit(limit)).all()]


def _first_done(walks: Sequence[Iterator[list[Place]]], limit: int) -> list[Place]:
    """So many places from the walk on which they are together first, with a step of each in turn.

    None takes longer than the others together, however the orders are spread over the years.
    """
    found: list[list[Place]] = [[] for _ in walks]
    for walk, mine in cycle(zip(walks, found, strict=True)):
        some = next(walk, None)
        if some is not None:
            mine += some
        if some is None or len(mine) >= limit:
            return mine[:limit]
    return []


def _fitting(
    connection: Connection, listed: Ranges, walk: Iterator[list[Place]], conditions: Conditions
) -> Iterator[list[Place]]:
    for places in walk:
        kept = {*fitting(connection, listed, [place.number for place in places], conditions)}
        yield [place for place in places if place in kept]


def fitting(
    connection: Connection, listed: Ranges, numbers: Sequence[int], conditions: Conditions
) -> list[Place]:
    """The places of those of some orders that fulfil the conditions."""
    return [
        Place(*row) for row in connection.execute(_places(connection, listed, numbers, conditions))
    ]


def _places(
    connection: Connection, listed: Ranges, numbers: Sequence[int], conditions: Conditions
) -> sa.Select[Any]:
    chosen = sa.select(listed.column, _orders.c.number)
    return chosen.where(one_of(connection, _orders.c.number, numbers), *conditions)


def one_of(connection: Connection, column: sa.Column[int], numbers: Sequence[int]) -> Condition:
    """Whether a number is one of some; said in one value, as thousands take long to be bound."""
    if connection.dialect.name == "sqlite":
        each = sa.func.json_each(dump(list(numbers))).table_valued("value")
        listed: Condition = column.in_(sa.select(each.c.value))
    else:
        array = sa.literal(list(numbers), postgresql.ARRAY(sa.Integer))
        listed = column == sa.any_(array)
    return listed
