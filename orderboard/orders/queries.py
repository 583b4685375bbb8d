"""Reading orders: one, many by filter and page, and the figures over all of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.database import reading
from orderboard.errors import NotFound
from orderboard.events.log import Head, head_in
from orderboard.orders.finding import Narrower, find, fitting
from orderboard.orders.lines import Line, of_row
from orderboard.orders.matching import Candidates, by_driver, by_text
from orderboard.orders.model import Order, OrderLine
from orderboard.orders.newest import newest
from orderboard.orders.ranges import Place
from orderboard.orders.searching import Term, is_called, number_of, terms
from orderboard.orders.snapshot import snapshot
from orderboard.orders.wanted import Filter, Part, parts, parts_behind
from orderboard.people.drivers import all_in, drivers_in
from orderboard.statements import Statement

Json = dict[str, Any]
_orders, _lines = Order.__table__, OrderLine.__table__
_id_by_token = Statement(
    sa.select(_orders.c.id).where(_orders.c.track_token == sa.bindparam("token"))
)


@dataclass(frozen=True, slots=True)
class Page:
    """Some orders, where the next page goes on, and how far the log was before they were read."""

    orders: list[Json]
    next: tuple[Any, int] | None
    head: Head


_MOST_DRIVERS = 20
"""Drivers of one name whose orders are read from ranges of their own."""


def get(order_id: str) -> tuple[Json, Head]:
    """One order's snapshot, and how far the log was before it was read. Raises NotFound."""
    return _one(_orders.c.id == order_id)


def get_by_token(token: str) -> tuple[Json, Head]:
    """The same by the token of the customer's link."""
    return _one(_orders.c.track_token == token)


def id_by_token(token: str) -> str | None:
    """The id alone, None if there is no such order: thousands may listen, each to one of theirs."""
    with reading() as connection:
        found = _id_by_token.run(connection, {"token": token})
    return str(found[0][0]) if found else None


def page(wanted: Filter) -> Page:
    """A page of orders. The position is read first, so replaying from it repeats, never skips.

    An order whose number is searched for comes first; all others come in the list's order.
    """
    after = Place(*wanted.after) if wanted.after else None
    with reading(at_one_moment=True, long=True) as connection:
        head = head_in(connection)
        exact = number_of(wanted.q)
        places = _exactly(connection, wanted, exact) if exact and not after else []
        some = wanted.limit + 1 - len(places)
        places += _found(connection, wanted, exact, some, after)
        here = [place.number for place in places[: wanted.limit]]
        rows = connection.execute(sa.select(_orders).where(_orders.c.number.in_(here)))
        by_number = {row["number"]: row for row in rows.mappings()}
        orders = _snapshots(connection, [by_number[number] for number in here])
    more = len(places) > wanted.limit
    return Page(orders, _behind(places[wanted.limit - 1], exact) if more else None, head)


def numbered(connection: Connection, behind: int, limit: int) -> list[Json]:
    """The orders with the next higher numbers, as a transaction sees them."""
    some = sa.select(_orders).where(_orders.c.number > behind)
    rows = connection.execute(some.order_by(_orders.c.number).limit(limit)).mappings().all()
    return _snapshots(connection, rows)


def numbers_of(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """The numbers of those of some orders that there are, by their ids."""
    some = sa.select(_orders.c.id, _orders.c.number).where(_orders.c.id.in_([*ids]))
    return {row.id: row.number for row in connection.execute(some)}


def ids_of(connection: Connection, numbers: Iterable[int]) -> list[str]:
    """The ids of the orders of these numbers, oldest first."""
    some = sa.select(_orders.c.id).where(_orders.c.number.in_([*numbers]))
    return list(connection.execute(some.order_by(_orders.c.number)).scalars())


def of_numbers(connection: Connection, numbers: Iterable[int]) -> list[Json]:
    """The orders of these numbers, newest first, as a transaction sees them."""
    some = sa.select(_orders).where(_orders.c.number.in_([*numbers]))
    rows = connection.execute(some.order_by(_orders.c.number.desc())).mappings().all()
    return _snapshots(connection, rows)


def lines_of(connection: Connection, numbers: Iterable[int]) -> dict[int, list[Line]]:
    """The lines of each of some orders, in their places."""
    found: dict[int, list[Line]] = defaultdict(list)
    statement = sa.select(_lines).where(_lines.c.order_number.in_(list(numbers)))
    for row in connection.execute(statement.order_by(_lines.c.order_number, _lines.c.place)):
        found[row.order_number].append(of_row(row))
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


def _behind(last: Place, exact: int | None) -> Place:
    """The place that the next page goes on from: behind the exact one comes the whole list."""
    return Place(None, 0) if last.number == exact else last


def _exactly(connection: Connection, wanted: Filter, number: int) -> list[Place]:
    found: list[Place] = []
    for part in parts(wanted):
        conditions = [*part.listed.conditions(), *part.conditions]
        found += fitting(connection, part.listed, [number], conditions)
    return found


def _found(
    connection: Connection, wanted: Filter, exact: int | None, limit: int, after: Place | None
) -> list[Place]:
    """What a list has behind a place, but for the order whose number is searched for."""
    found: list[Place] = []
    for part, behind in parts_behind(wanted, after):
        if len(found) < limit:
            found += _in_part(connection, wanted, part, exact, limit - len(found), behind)
    return found


def _in_part(
    connection: Connection,
    wanted: Filter,
    part: Part,
    exact: int | None,
    limit: int,
    after: Place | None,
) -> list[Place]:
    listed, narrower, ways, conditions = part
    if exact:
        conditions = [*conditions, _orders.c.number != exact]
    if not wanted.q:
        return find(connection, listed, narrower, ways, conditions, limit, after)
    all_of = terms(wanted.q)
    if not all_of:  # of nothing but accents
        return []
    has = [*conditions, *(by_text(term) for term in all_of)]
    places = set(_with_words(connection, part, Candidates(all_of), has, limit, after))
    theirs = {term: _called(connection, wanted, term) for term in all_of}
    if some := sorted({driver for drivers in theirs.values() for driver in drivers}):
        if len(some) <= _MOST_DRIVERS:
            listed = replace(listed, driver=some)
        has = [*conditions, *(by_driver(term, drivers) for term, drivers in theirs.items())]
        rest = [term for term, drivers in theirs.items() if not drivers]
        candidates: list[Narrower] = [*([Candidates(rest)] if rest else []), *narrower]
        places |= set(find(connection, listed, candidates, ways, has, limit, after))
    return sorted(places, reverse=listed.falling)[:limit]


def _with_words(
    connection: Connection,
    part: Part,
    candidates: Candidates,
    conditions: Sequence[sa.ColumnElement[bool]],
    limit: int,
    after: Place | None,
) -> list[Place]:
    """What has some words, and whatever else is asked for."""
    soon = newest(connection, part.listed, candidates, conditions, limit, after)
    if soon is not None:
        return soon
    narrower = [candidates, *part.narrower]
    return find(connection, part.listed, narrower, part.ways, conditions, limit, after)


def _called(connection: Connection, wanted: Filter, term: Term) -> list[str]:
    """The drivers whose orders a term finds by their names."""
    if term.name is None:
        return []
    return [
        driver["id"]
        for driver in all_in(connection)
        if is_called(driver["name"], term.name)
        and (not wanted.driver or driver["id"] in wanted.driver)
    ]
