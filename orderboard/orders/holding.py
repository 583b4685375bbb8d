"""Orders on hold, until somebody ends that or until a time at which they come back by themselves.

The courier wakes them: whatever changes an order, takes its row first and looks whether the time
still stands, so each comes back once, however many couriers there are and whatever is killed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.consumers.aside import Aside
from orderboard.database import reading
from orderboard.errors import Invalid
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import commands, events, rules
from orderboard.orders.commands import Held, save
from orderboard.orders.model import Order

Json = dict[str, Any]
_orders = Order.__table__
_LONGEST = timedelta(days=366)
_SYSTEM = Actor("system")
_AT_ONCE = 20
_SOON, _LATER = 0.02, 1.0
"""Seconds to the next look when more may be due, and at most when nothing is."""
_failed = Aside()
_next = (
    sa.select(_orders.c.id, _orders.c.held_until)
    .where(_orders.c.held_until.is_not(None))
    .order_by(_orders.c.held_until)
    .limit(_AT_ONCE)
)


def check(given: Mapping[str, Any], now: datetime) -> None:
    """Raise Invalid for an ``until`` that makes no sense."""
    until = given.get("until")
    if "until" in given and given["status"] != rules.HELD:
        raise Invalid({"until": f"goes with {rules.HELD} alone"})
    if until is not None and until <= now:
        raise Invalid({"until": "must be in the future"})
    if until is not None and until > now + _LONGEST:
        raise Invalid({"until": "must be within a year"})


def move(tx: Transaction, held: Held, given: Mapping[str, Any], actor: Actor) -> Json:
    """Bring an order into the status that is given, with its ``reason`` and ``until``.

    Of one that is on hold already the time is changed, or with None taken away. Raises IllegalMove.
    """
    until = given.get("until")
    if "until" in given and held.row["status"] == given["status"]:
        values = {"held_until": until}
        if "reason" in given:
            values["cancel_reason"] = given["reason"]
        return save(tx, held, events.UPDATED, values, actor)
    return commands.move(tx, held, given["status"], given.get("reason"), actor, until)


def wake_due() -> float:
    """Have some of those come back whose time has come; answers the seconds to the next look."""
    with reading() as connection:
        rows = connection.execute(_next.where(_orders.c.id.not_in(_failed.names()))).all()
    now = clock.now()
    for row in rows:
        if row.held_until > now:
            left: timedelta = row.held_until - now
            return min(left.total_seconds(), _LATER)
        with _failed.attempt(row.id, "did not come back from hold"):
            _wake(row.id, now)
    return _SOON if len(rows) == _AT_ONCE else _LATER


def _wake(order_id: str, now: datetime) -> None:
    with log.transaction() as tx:
        held = commands.hold(tx, order_id)
        until = held.row["held_until"]
        if until is None or until > now:
            return  # somebody was faster
        status = rules.before_hold(held.row["times"])
        save(tx, held, events.WOKEN, {"status": status, "cancel_reason": None}, _SYSTEM)
