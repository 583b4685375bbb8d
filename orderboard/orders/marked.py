"""The marks of orders in the database: kept in each order's own transaction, and asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement

from orderboard.events.event import Event
from orderboard.orders.marks import FIELDS, marks_of
from orderboard.orders.model import Order, OrderMark
from orderboard.statements import Statement

Json = dict[str, Any]
_orders, _marks = Order.__table__, OrderMark.__table__
_MANY = 20_000
"""Orders with a mark of which each is looked up among those with another one."""
_HERE: tuple[sa.BindParameter[Any], ...] = (
    sa.bindparam("mark"),
    sa.bindparam("day", type_=sa.Date),
    sa.bindparam("number"),
)
_add = Statement(
    sa.text(
        "INSERT INTO order_marks (mark, day, number) VALUES (:mark, :day, :number)"
        " ON CONFLICT DO NOTHING"
    ).bindparams(*_HERE)
)
_remove = Statement(
    sa.text(
        "DELETE FROM order_marks WHERE mark = :mark AND day = :day AND number = :number"
    ).bindparams(*_HERE)
)
_clear = sa.text(
    "WITH RECURSIVE there (mark) AS ("
    " SELECT min(mark) FROM order_marks UNION ALL"
    " SELECT (SELECT min(mark) FROM order_marks WHERE mark > there.mark)"
    " FROM there WHERE there.mark IS NOT NULL)"
    " DELETE FROM order_marks WHERE (mark, day, number) IN ("
    " SELECT one.mark, one.day, one.number FROM there JOIN order_marks AS one"
    " ON one.mark = there.mark AND one.day BETWEEN :first_day AND :last_day"
    " AND one.number BETWEEN :first AND :last)"
).bindparams(
    *(sa.bindparam(name, type_=sa.Date) for name in ("first_day", "last_day")),
)
"""By way of each mark there is: the table has no index that begins with a number."""


def keep(connection: Connection, events: Iterable[Event]) -> None:
    """Note which marks orders have after new events; to be done in their transaction."""
    before: dict[int, set[str]] = {}
    after: dict[int, Json] = {}
    for event in events:
        order = event.about_its_order
        if order is None:
            continue
        if event.type == "order.created":
            before[order["number"]] = set()
        elif FIELDS.isdisjoint(event.was):
            continue
        else:
            before.setdefault(order["number"], marks_of({**order, **event.was}))
        after[order["number"]] = order
    gone = [r for n, order in after.items() for r in _rows(order, before[n] - marks_of(order))]
    _remove.run_many(connection, gone)
    new = [r for n, order in after.items() for r in _rows(order, marks_of(order) - before[n])]
    _add.run_many(connection, new)


def put(connection: Connection, orders: Iterable[Json]) -> None:
    """Have all orders between two numbers found by the marks they have, and by no others."""
    rows = [row for order in orders for row in rows_of(order)]
    if not rows:
        return
    days, numbers = ([row[name] for row in rows] for name in ("day", "number"))
    span = {"first_day": min(days), "last_day": max(days)}
    connection.execute(_clear, {**span, "first": min(numbers), "last": max(numbers)})
    _add.run_many(connection, rows)


def rows_of(order: Json) -> Iterable[Json]:
    """An order's marks as rows of their table."""
    return _rows(order, marks_of(order))


def _rows(order: Json, marks: Iterable[str]) -> Iterable[Json]:
    day = date.fromisoformat(order["created_at"][:10])
    return ({"mark": mark, "day": day, "number": order["number"]} for mark in sorted(marks))


class _Day(ColumnElement[date]):
    """The day (in UTC) on which an order was placed."""

    inherit_cache = True
    type = sa.Date()


@compiles(_Day, "sqlite")
def _of_text(_day: _Day, _compiler: Any, **_: Any) -> str:
    return "substr(orders.created_at, 1, 10)"


@compiles(_Day, "postgresql")
def _of_time(_day: _Day, _compiler: Any, **_: Any) -> str:
    return "(orders.created_at AT TIME ZONE 'UTC')::date"


def has_one(marks: Sequence[str]) -> sa.ColumnElement[bool]:
    """Orders that have one of some marks."""
    # A value and no EXISTS, for which PostgreSQL may look through all orders that have one.
    mine = sa.select(sa.func.count()).select_from(_marks).correlate(_orders)
    mine = mine.where(_marks.c.mark.in_(list(marks)), _marks.c.day == _Day())
    mine = mine.where(_marks.c.number == _orders.c.number)
    return mine.scalar_subquery() > 0


@dataclass(frozen=True, slots=True)
class Marked:
    """All orders that have one of some marks, and one of each of the ``others``."""

    marks: Sequence[str]
    others: Sequence[Sequence[str]] = ()

    def is_quick(self, _: Connection) -> bool:
        """Whether many numbers are worth it: no, as a mark may be on any part of the history."""
        return False

    def numbers(self, connection: Connection, limit: int) -> list[int]:
        """The numbers of some of them, of all if they are fewer than ``limit``.

        A number may come twice, for an order that has two of the marks.
        """
        mine = sa.select(_marks.c.day, _marks.c.number).where(_marks.c.mark.in_(list(self.marks)))
        some = list(connection.execute(mine.limit(limit)).scalars(1))
        if len(some) < limit or not self.others:
            return some
        # Many have this one and many another one; few may have both.
        many = mine.limit(_MANY + 1).subquery()
        if connection.execute(sa.select(sa.func.count()).select_from(many)).scalar_one() > _MANY:
            return some
        both = sa.select(many.c.number).where(*(_beside(many, marks) for marks in self.others))
        return list(connection.execute(both.limit(limit)).scalars())


def _beside(some: sa.Subquery, marks: Sequence[str]) -> sa.ColumnElement[bool]:
    also = sa.select(sa.func.count()).select_from(_marks).correlate(some)
    also = also.where(_marks.c.mark.in_(list(marks)), _marks.c.day == some.c.day)
    return also.where(_marks.c.number == some.c.number).scalar_subquery() > 0
