"""The terms of a search in SQL: exactly, for orders that are looked at, and by the index."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection

from orderboard.orders.model import Order, OrderText
from orderboard.orders.searching import Term, grams

_orders, _texts = Order.__table__, OrderText.__table__
Condition = sa.ColumnElement[bool]
_match = sa.text("SELECT rowid FROM order_grams WHERE order_grams MATCH :match LIMIT :limit")
_newest = sa.text(
    "SELECT rowid FROM order_grams WHERE order_grams MATCH :match"
    " AND rowid < :below ORDER BY rowid DESC LIMIT :limit"
)
_ABOVE_ALL = 2**62


def has(term: Term, text: sa.Column[Any]) -> Condition:
    """Whether a text has a term in it."""
    every = (sa.and_(*(text.contains(p, autoescape=True) for p in t)) for t in term.texts)
    return sa.or_(*every)


def by_text(term: Term) -> Condition:
    """Orders that have a term in their text or as their number."""
    # A value and no EXISTS, which PostgreSQL may answer by looking through all texts.
    mine = sa.select(has(term, _texts.c.text)).where(_texts.c.number == _orders.c.number)
    found: Condition = mine.correlate(_orders).scalar_subquery() == sa.true()
    return found if term.number is None else sa.or_(_orders.c.number == term.number, found)


def by_driver(term: Term, drivers: Sequence[str]) -> Condition:
    """The same, and orders of these drivers."""
    found = by_text(term)
    return sa.or_(_orders.c.driver_id.in_(drivers), found) if drivers else found


@dataclass(frozen=True, slots=True)
class Candidates:
    """All orders that have some terms in their texts or as numbers, and some others."""

    terms: Sequence[Term]

    def is_quick(self, connection: Connection) -> bool:
        """Whether many are had at once: FTS5 has their numbers in its index, GIN has not."""
        return bool(connection.dialect.name == "sqlite")

    def numbers(self, connection: Connection, limit: int) -> list[int]:
        """The numbers of some of them, of all if they are fewer than ``limit``."""
        if connection.dialect.name == "sqlite":
            given: Mapping[str, Any] = {"match": fts5(self.terms), "limit": limit}
            found = connection.execute(_match, given)
        else:
            wanted = sa.and_(*(gin(term, _texts.c.text) for term in self.terms))
            found = connection.execute(sa.select(_texts.c.number).where(wanted).limit(limit))
        numbers = list(found.scalars())
        numbers += self._called()
        return list(dict.fromkeys(numbers))

    def newest(self, connection: Connection, below: int | None, limit: int) -> list[int]:
        """So many of the highest numbers below one, falling; fewer if there are no more.

        On SQLite only.
        """
        top = _ABOVE_ALL if below is None else below
        given = {"match": fts5(self.terms), "below": top, "limit": limit}
        numbers = {*connection.execute(_newest, given).scalars()}
        numbers |= {number for number in self._called() if number < top}
        return sorted(numbers, reverse=True)[:limit]

    def _called(self) -> list[int]:
        return [term.number for term in self.terms if term.number is not None]


def fts5(terms: Iterable[Term]) -> str:
    """What FTS5 is asked for some terms.

    Each row of letters is in quotes, in which nothing has a meaning but a quote.
    """
    return " AND ".join(
        f"({' OR '.join(f'({_all(parts)})' for parts in term.texts)})" for term in terms
    )


def _all(parts: Iterable[str]) -> str:
    quoted = (f'"{row.replace(chr(34), chr(34) * 2)}"' for part in parts for row in grams(part))
    return " AND ".join(dict.fromkeys(quoted))


def gin(term: Term, text: sa.Column[Any]) -> Condition:
    """Whether a text has all rows of letters of a term, which is what a GIN index knows."""
    have = sa.func.orderboard_grams(text, type_=postgresql.ARRAY(sa.Text))
    return sa.or_(
        *(have.contains([row for part in parts for row in grams(part)]) for parts in term.texts)
    )
