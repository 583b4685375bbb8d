"""Reading products: one, and many by filter and page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.catalogue.model import Product
from orderboard.catalogue.searching import words
from orderboard.catalogue.snapshot import snapshot
from orderboard.database import reading
from orderboard.errors import NotFound
from orderboard.events.log import Head, head_in

Json = dict[str, Any]
_products = Product.__table__
_place = sa.tuple_(_products.c.sort_name, _products.c.sku)
_left = _products.c.stock - _products.c.reserved
_AT_ONCE = 500


class Place(NamedTuple):
    """Where a product stands in the list, which is sorted by name."""

    sort_name: str
    sku: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which products to list. ``low``: only those of which more should be ordered."""

    q: str = ""
    category: str | None = None
    skus: Sequence[str] | None = None
    active: bool | None = None
    low: bool = False
    after: Place | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Page:
    """Some products, where the next page goes on, and how far the log was before."""

    products: list[Json]
    next: Place | None
    head: Head


def get(sku: str) -> tuple[Json, Head]:
    """One product, and how far the log was before it was read. Raises NotFound."""
    with reading() as connection:
        head = head_in(connection)
        mine = sa.select(_products).where(_products.c.sku == sku)
        row = connection.execute(mine).mappings().first()
    if row is None:
        raise NotFound("There is no such product.")
    return snapshot(dict(row)), head


def rows_of(skus: Iterable[str]) -> dict[str, Json]:
    """The rows of those products that there are."""
    with reading(long=True) as connection:
        some = sa.select(_products).where(_products.c.sku.in_(list(skus)))
        return {row["sku"]: dict(row) for row in connection.execute(some).mappings()}


def page(wanted: Filter) -> Page:
    """A page of products by name. The position is read first: replaying from it never skips."""
    with reading(at_one_moment=True, long=True) as connection:
        head = head_in(connection)
        rows = _rows(connection, wanted, wanted.limit + 1)
    here = rows[: wanted.limit]
    last = Place(here[-1]["sort_name"], here[-1]["sku"]) if len(rows) > wanted.limit else None
    return Page([snapshot(row) for row in here], last, head)


def everything() -> Iterator[Json]:
    """All products by name, read piece by piece."""
    wanted: Filter | None = Filter(limit=_AT_ONCE)
    while wanted:
        found = page(wanted)
        yield from found.products
        wanted = Filter(limit=_AT_ONCE, after=found.next) if found.next else None


def categories(sold: bool = False) -> list[str]:
    """The names of all categories that a product is in; ``sold``: one that is sold."""
    with reading(long=True) as connection:
        names = sa.select(_products.c.category).where(_products.c.category.is_not(None))
        if sold:
            names = names.where(_products.c.active)
        found = connection.execute(names.distinct()).scalars()
        return sorted(found, key=str.casefold)


def _rows(connection: Connection, wanted: Filter, limit: int) -> list[Any]:
    statement = sa.select(_products).order_by(_products.c.sort_name, _products.c.sku)
    for word in words(wanted.q):
        statement = statement.where(_products.c.text.contains(word, autoescape=True))
    if wanted.category is not None:
        statement = statement.where(_products.c.category == wanted.category)
    if wanted.skus is not None:
        statement = statement.where(_products.c.sku.in_(wanted.skus))
    if wanted.active is not None:
        statement = statement.where(_products.c.active == wanted.active)
    if wanted.low:
        statement = statement.where(_left <= _products.c.reorder_level)
    if wanted.after:
        statement = statement.where(_place > sa.tuple_(*wanted.after))
    return list(connection.execute(statement.limit(limit)).mappings())
