"""Reading orders: one, many by filter and page, and the figures over all of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.database import reading
from orderboard.errors import NotFound
from orderboard.events.log import Head, head_in
from orderboard.orders.model import Order, OrderLine
from orderboard.orders.rules import Line
from orderboard.orders.snapshot import snapshot
from orderboard.people.drivers import drivers_in

Json = dict[str, Any]
_orders, _lines = Order.__table__, OrderLine.__table__

SORTS = {
    "created": _orders.c.created_at,
    "updated": _orders.c.updated_at,
    "total": _orders.c.total,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which orders to list, in which order. ``after``: the sort value and number to go on from."""

    status: Sequence[str] = ()
    type: Sequence[str] = ()
    driver: Sequence[str] = ()
    q: str = ""
    created_from: datetime | None = None
    created_to: datetime | None = None
    updated_after: datetime | None = None
    sort: str = "-created"
    after: tuple[Any, int] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some orders, where the next page goes on, and how far the log was before they were read."""

    orders: list[Json]
    next: tuple[Any, int] | None
    head: Head


def get(order_id: str) -> tuple[Json, Head]:
    """One order's snapshot, and how far the log was before it was read. Raises NotFound."""
    return _one(_orders.c.id == order_id)


def get_by_token(token: str) -> tuple[Json, Head]:
    """The same by the token of the customer's link."""
    return _one(_orders.c.track_token == token)


def page(wanted: Filter) -> Page:
    """A page of orders. The position is read first, so replaying from it repeats, never skips."""
    column = SORTS[wanted.sort.removeprefix("-")]
    falling = wanted.sort.startswith("-")
    statement = sa.select(_orders).where(*_conditions(wanted))
    if wanted.after is not None:
        here, there = sa.tuple_(column, _orders.c.number), _bound(column, wanted.after)
        statement = statement.where(here < there if falling else here > there)
    ways = (column.desc(), _orders.c.number.desc()) if falling else (column, _orders.c.number)
    with reading(long=True) as connection:
        head = head_in(connection)
        rows = connection.execute(statement.order_by(*ways).limit(wanted.limit + 1))
        found = list(rows.mappings())
        orders = _snapshots(connection, found[: wanted.limit])
    more = len(found) > wanted.limit
    last = found[wanted.limit - 1] if more else None
    return Page(orders, (last[column.name], last["number"]) if last else None, head)


def numbered(connection: Connection, behind: int, limit: int) -> list[Json]:
    """The orders with the next higher numbers, as a transaction sees them."""
    some = sa.select(_orders).where(_orders.c.number > behind)
    rows = connection.execute(some.order_by(_orders.c.number).limit(limit)).mappings().all()
    return _snapshots(connection, rows)


def lines_of(connection: Connection, numbers: Iterable[int]) -> dict[int, list[Line]]:
    """The lines of each of some orders, in their places."""
    found: dict[int, list[Line]] = defaultdict(list)
    statement = sa.select(_lines).where(_lines.c.order_number.in_(list(numbers)))
    for row in connection.execute(statement.order_by(_lines.c.order_number, _lines.c.place)):
        found[row.order_number].append(
            Line(row.sku, row.name, row.quantity, row.unit_price, row.discount)
        )
    return found


def _one(condition: sa.ColumnElement[bool]) -> tuple[Json, Head]:
    with reading() as connection:
        head = head_in(connection)
        row = connection.execute(sa.select(_orders).where(condition)).mappings().first()
        if row is None:
            raise NotFound("There is no such order.")
        return _snapshots(connection, [row])[0], head


def _snapshots(connection: Connection, rows: Sequence[Any]) -> list[Json]:
    lines = lines_of(connection, [row["number"] for row in rows]) if rows else {}
    drivers = drivers_in(connection, {row["driver_id"] for row in rows if row["driver_id"]})
    return [
        snapshot(row, lines.get(row["number"], []), drivers.get(row["driver_id"])) for row in rows
    ]


def _bound(column: sa.Column[Any], after: tuple[Any, int]) -> sa.ColumnElement[Any]:
    value, number = after
    return sa.tuple_(sa.literal(value, column.type), sa.literal(number, sa.Integer))


def _conditions(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    chosen = ((_orders.c.status, wanted.status), (_orders.c.type, wanted.type))
    for column, values in (*chosen, (_orders.c.driver_id, wanted.driver)):
        if values:
            conditions.append(column.in_(list(values)))
    if wanted.created_from:
        conditions.append(_orders.c.created_at >= wanted.created_from)
    if wanted.created_to:
        conditions.append(_orders.c.created_at < wanted.created_to)
    if wanted.updated_after:
        conditions.append(_orders.c.updated_at > wanted.updated_after)
    conditions.extend(_matches(word) for word in wanted.q.casefold().split()[:10])
    return conditions


def _matches(word: str) -> sa.ColumnElement[bool]:
    digits = word.removeprefix("#")
    found: sa.ColumnElement[bool] = _orders.c.search.contains(word, autoescape=True)
    if digits.isascii() and digits.isdigit() and len(digits) < 10:
        return sa.or_(_orders.c.number == int(digits), found)
    return found
