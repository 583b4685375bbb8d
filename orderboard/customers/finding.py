"""Finding a page of customers: by an index in the list's order, or by the index of the search.

A search that finds few looks at each of them. One that finds very many walks along the list, as
every some customers there is one of those.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.customers.model import Customer, CustomerSum, CustomerText
from orderboard.orders.finding import one_of
from orderboard.orders.matching import fts5, gin, has
from orderboard.orders.searching import Term, terms

_customers, _sums, _texts = Customer.__table__, CustomerSum.__table__, CustomerText.__table__
_match = sa.text("SELECT rowid FROM customer_grams WHERE customer_grams MATCH :match LIMIT :limit")
SORTS = ("last_seen", "orders", "sum")
FEW = 5_000
"""Customers that are looked at one by one rather than in the list's order."""
_FIRST_STEP, _LONGEST_STEP = 200, 3_200
Condition = sa.ColumnElement[bool]


class Place(NamedTuple):
    """Where a row stands in a list: the value that is sorted by, and the row's number."""

    value: Any
    number: int


class _List(NamedTuple):
    """A list in its order."""

    value: sa.Column[Any]
    number: sa.Column[int]
    conditions: tuple[Condition, ...]
    falling: bool

    def walk(self, connection: Connection, behind: Place | None, limit: int) -> list[Place]:
        """The next places, straight from the list's index."""
        columns = (self.value, self.number)
        chosen = sa.select(*columns).where(*self.conditions).limit(limit)
        if behind:
            here, there = sa.tuple_(*columns), sa.tuple_(*behind)
            chosen = chosen.where(here < there if self.falling else here > there)
        chosen = chosen.order_by(*(c.desc() if self.falling else c for c in columns))
        return [Place(*row) for row in connection.execute(chosen)]

    def among(
        self, connection: Connection, numbers: Sequence[int], behind: Place | None
    ) -> list[Place]:
        """The places of some rows. Sorted here: a database may walk the list's index for that."""
        some = sa.select(self.value, self.number).where(*self.conditions)
        some = some.where(one_of(connection, self.number, numbers))
        places = sorted((Place(*row) for row in connection.execute(some)), reverse=self.falling)
        if behind is None:
            return places
        return [p for p in places if (p < behind if self.falling else p > behind)]


def find(
    connection: Connection, q: str, sort: str, currency: str, after: Place | None, *, limit: int
) -> list[Place]:
    """The first places behind a place of all customers who have what is searched for."""
    listed = _list(sort, currency)
    if not q:
        return listed.walk(connection, after, limit)
    wanted = terms(q)
    if not wanted:  # of nothing but accents
        return []
    numbers = _candidates(connection, wanted, FEW + 1)
    if len(numbers) > FEW:
        return _walked(connection, listed, wanted, after, limit)
    return listed.among(connection, _fitting(connection, wanted, numbers), after)[:limit]


def _list(sort: str, currency: str) -> _List:
    name, falling = sort.removeprefix("-"), sort.startswith("-")
    if name == "sum":
        here = (_sums.c.currency == currency,)
        return _List(_sums.c.revenue, _sums.c.customer_id, here, falling)
    return _List(_customers.c[name], _customers.c.id, (), falling)


def _walked(
    connection: Connection, listed: _List, wanted: Sequence[Term], after: Place | None, limit: int
) -> list[Place]:
    found: list[Place] = []
    for places in _steps(connection, listed, after):
        kept = {*_fitting(connection, wanted, [place.number for place in places])}
        found += [place for place in places if place.number in kept]
        if len(found) >= limit:
            break
    return found[:limit]


def _steps(connection: Connection, listed: _List, after: Place | None) -> Iterator[list[Place]]:
    size = _FIRST_STEP
    while places := listed.walk(connection, after, size):
        yield places
        after = places[-1]
        size = min(size * 2, _LONGEST_STEP)


def _candidates(connection: Connection, wanted: Sequence[Term], limit: int) -> list[int]:
    """The numbers of some customers who may have all of this, of all if they are fewer."""
    if connection.dialect.name == "sqlite":
        given = {"match": fts5(wanted), "limit": limit}
        return list(connection.execute(_match, given).scalars())
    conditions = (gin(term, _texts.c.text) for term in wanted)
    some = sa.select(_texts.c.customer_id).where(*conditions).limit(limit)
    return list(connection.execute(some).scalars())


def _fitting(connection: Connection, wanted: Sequence[Term], numbers: Sequence[int]) -> list[int]:
    """Those of some customers who do have all of it."""
    some = sa.select(_texts.c.customer_id).where(one_of(connection, _texts.c.customer_id, numbers))
    exactly = (has(term, _texts.c.text) for term in wanted)
    return list(connection.execute(some.where(*exactly)).scalars())
