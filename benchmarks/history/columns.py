"""Rows as tuples of what a database takes without further work, column by column of the table."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from orderboard.database import UTCDateTime
from orderboard.events.model import EventRow, EventTopic
from orderboard.jsontext import dump
from orderboard.orders.model import Order, OrderLine, OrderMark, OrderText

Json = dict[str, Any]
Tuples = list[tuple[Any, ...]]
TABLES: tuple[sa.Table, ...] = tuple(
    model.__table__ for model in (Order, OrderLine, EventRow, EventTopic, OrderMark, OrderText)
)
"""What is written as it comes, each table behind those that it refers to."""


def tuples(table: sa.Table, rows: Sequence[Json]) -> Tuples:
    """Rows, which are used up, as their columns' values; a column that is missing is a KeyError."""
    special = [(c.name, as_) for c in table.columns if (as_ := _converter(c.type)) is not None]
    values = itemgetter(*(column.name for column in table.columns))
    for row in rows if special else ():
        for name, converted in special:
            if row[name] is not None:
                row[name] = converted(row[name])
    return [values(row) for row in rows]


def _converter(kind: Any) -> Callable[[Any], str] | None:
    if isinstance(kind, sa.JSON):
        return dump
    if isinstance(kind, sa.Date):
        return date.isoformat
    return _moment if isinstance(kind, UTCDateTime) else None


def _moment(moment: datetime) -> str:
    """A moment in UTC as both databases read it."""
    return moment.isoformat(" ", "microseconds")[:26]
