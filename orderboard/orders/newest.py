"""Finding by words, newest first: page by page nearly all that anybody searches for.

Words that are in thousands of orders are in so many of the newest that a page is together long
before the others are looked at. FTS5 gives the highest numbers first, and stops where it is told.
Orders have their numbers as they come, and nearly always come in the order of the list; what makes
the answer exact is the list's own index, asked for its first order with a lower number than all
that were looked at: whatever comes before that one has been looked at.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.orders.finding import first_of, fitting
from orderboard.orders.matching import Candidates
from orderboard.orders.ranges import Place, Ranges

FEW = 500
"""Orders that are all looked at."""
_TRIAL = 100
"""Orders that say how many of them fit."""
_MOST = 4_000
"""Orders that may be looked at; where more are needed other ways are shorter."""
_APART = 400_000
"""Orders between the highest number and the lowest, all of which the list's index may be asked."""


def newest(
    connection: Connection,
    listed: Ranges,
    candidates: Candidates,
    conditions: Sequence[sa.ColumnElement[bool]],
    limit: int,
    after: Place | None,
) -> list[Place] | None:
    """The first places of a list behind a place that fulfil the conditions.

    None: this is no list of the newest, or would take long. GIN has no order of its numbers.
    """
    if listed.sort != "-created" or connection.dialect.name != "sqlite":
        return None
    here = [*listed.conditions(after), *conditions]
    numbers = candidates.newest(connection, None, FEW)
    if len(numbers) < FEW:
        return first_of(connection, listed, numbers, conditions, limit, after)
    fits: list[Place] = []
    looked_at, size = 0, max(2 * limit, _TRIAL)
    while size and numbers[0] - numbers[-1] < _APART:
        if looked_at + size > len(numbers):
            lacking = looked_at + size - len(numbers)
            numbers += candidates.newest(connection, numbers[-1], lacking)
        some = numbers[looked_at : looked_at + size]
        fits = sorted([*fits, *fitting(connection, listed, some, here)], reverse=True)
        if len(some) < size:  # these are all that there are
            return fits[:limit]
        first_lower = _first_lower(connection, listed, some[-1], after)
        sure = [place for place in fits if first_lower is None or place > first_lower]
        if len(sure) >= limit:
            return sure[:limit]
        looked_at += size
        size = _next(looked_at, len(sure), limit)
    return None


def _next(looked_at: int, found: int, limit: int) -> int:
    """How many to look at next, 0 for giving up, by how many were found among some."""
    needed = looked_at * (limit - found) // found if found else _MOST
    return needed + needed // 4 + 1 if looked_at + needed <= _MOST else 0


def _first_lower(
    connection: Connection, listed: Ranges, number: int, after: Place | None
) -> Place | None:
    """The first place behind a place whose order has a lower number than this."""
    bounds, values = listed.between(after)
    statement = sa.text(
        "SELECT created_at, number FROM orders INDEXED BY ix_orders_created"  # noqa: S608
        f" WHERE {' AND '.join([*bounds, 'number < :lower'])}"
        " ORDER BY created_at DESC, number DESC LIMIT 1"
    )
    columns: dict[str, Any] = {"created_at": listed.column.type, "number": sa.Integer}
    found = statement.bindparams(*values).columns(**columns)
    row = connection.execute(found, {"lower": number}).first()
    return Place(*row) if row else None
