"""Orders at risk: open ones that are past due, and new ones that wait for too long."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard import clock
from orderboard.database import reading
from orderboard.orders.model import Order
from orderboard.orders.ranges import plain
from orderboard.orders.rules import ON_THE_WAY, TYPES, UNACCEPTED

MOST = 1000
"""Orders of each kind that are counted: a shop that looks after none is not counted for long."""
_orders = Order.__table__


class AtRisk(NamedTuple):
    """What is at risk at a moment, as a list looks for it: ``late``, if anything is, are new orders
    that were placed up to then.
    """

    now: datetime
    late: datetime | None

    @classmethod
    def at(cls, now: datetime, accept_within: int) -> "AtRisk":
        """What is at risk now, in a shop that accepts orders within so many minutes (0: ever)."""
        return cls(now, now - timedelta(minutes=accept_within) if accept_within else None)

    def numbers(self, connection: Connection, limit: int) -> list[int]:
        """The numbers of some of them, of all if they are fewer than ``limit``."""
        found = list(connection.execute(_past_due(self.now).limit(limit)).scalars())
        if self.late is not None:
            waiting = _waiting(self.late, self.now).limit(limit)
            found += connection.execute(waiting).scalars()
        return found

    def is_quick(self, _: Connection) -> bool:
        """Both kinds are read from indexes alone."""
        return True

    def condition(self) -> sa.ColumnElement[bool]:
        """Whether an order is one of them."""
        status = plain(_orders.c.status)
        past_due: sa.ColumnElement[bool] = status.in_(ON_THE_WAY)
        past_due &= plain(_orders.c.due_at) < self.now
        if self.late is None:
            return past_due
        new_ones = status.in_(UNACCEPTED) & (plain(_orders.c.created_at) <= self.late)
        return sa.or_(past_due, new_ones)


def at_risk(accept_within: int) -> int:
    """How many open orders are past due, or not accepted ``accept_within`` minutes (0: for ever)
    after they were placed. Each kind is counted up to MOST.
    """
    now = clock.now()
    late = now - timedelta(minutes=accept_within)
    with reading() as connection:
        found = int(connection.execute(_counted(_past_due(now))).scalar_one())
        if accept_within:
            found += int(connection.execute(_counted(_waiting(late, now))).scalar_one())
    return found


def _past_due(now: datetime) -> sa.Select[Any]:
    # The types are named for the index, which has the times of each status and type.
    open_ones = _orders.c.status.in_(ON_THE_WAY) & _orders.c.type.in_(TYPES)
    return sa.select(_orders.c.number).where(open_ones, _orders.c.due_at < now)


def _waiting(late: datetime, now: datetime) -> sa.Select[Any]:
    """Those that wait for too long and are not counted as past due already."""
    new_ones = _orders.c.status.in_(UNACCEPTED) & _orders.c.type.in_(TYPES)
    some = sa.select(_orders.c.number).where(new_ones, _orders.c.created_at <= late)
    return some.where(_orders.c.due_at >= now)


def _counted(some: sa.Select[Any]) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(some.limit(MOST).subquery())
