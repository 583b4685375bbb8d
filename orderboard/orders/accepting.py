"""Accepting a new order: who did, and by when its customer was promised to have it ready."""

from datetime import datetime, timedelta
from typing import Any

from orderboard import clock
from orderboard.errors import Invalid
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import events, rules
from orderboard.orders.commands import Held, save
from orderboard.orders.schemas import LONGEST_PROMISE
from orderboard.orders.snapshot import whole

Json = dict[str, Any]


def promised(given: Json, now: datetime) -> datetime | None:
    """The moment that ``ready_in`` (minutes) or ``ready_at`` promises. Raises Invalid."""
    minutes, moment = given.get("ready_in"), given.get("ready_at")
    if minutes is not None and moment is not None:
        raise Invalid({"ready_at": "says the same as ready_in; give one of them"})
    if minutes is not None:
        return now + timedelta(minutes=minutes)
    if moment is not None and moment <= now:
        raise Invalid({"ready_at": "must be in the future"})
    if moment is not None and moment > now + timedelta(minutes=LONGEST_PROMISE):
        raise Invalid({"ready_at": "must be within 60 days"})
    return moment


def accept(tx: Transaction, held: Held, ready_at: datetime | None, actor: Actor) -> Json:
    """Have somebody take an order on. Raises IllegalMove when it is too late for that.

    Asked again by the one who did while it is being worked on, it stays as it is.
    """
    row, by = held.row, {"kind": actor.kind, "name": actor.name}
    before = whole(held.before)["acceptance"]
    if row["status"] == rules.ACCEPTED and before and before["by"] == by:
        return held.before
    rules.check_move(row["status"], rules.ACCEPTED)
    now = clock.rfc3339(clock.now())
    acceptance = {"by": by, "at": now, "ready_at": clock.rfc3339(ready_at) if ready_at else None}
    values: Json = {
        "status": rules.ACCEPTED,
        "times": {**row["times"], rules.ACCEPTED: now},
        "cancel_reason": None,
        "details": {**(row["details"] or {}), "acceptance": acceptance},
    }
    return save(tx, held, events.ACCEPTED, values, actor)
