"""Accepting a new order: who did, and by when its customer was promised to have it ready."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from orderboard import clock
from orderboard.errors import Invalid
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import events, rules
from orderboard.orders.commands import Held, save
from orderboard.orders.schemas import LONGEST_PROMISE
from orderboard.orders.snapshot import whole

Json = dict[str, Any]


_REPEATED = timedelta(minutes=1)


class Promise(NamedTuple):
    """When an order will be ready. ``is_about``: counted in minutes from when it was said."""

    at: datetime
    is_about: bool = False

    def repeats(self, before: str | None) -> bool:
        """Whether that is what was promised before. "In 20 minutes", said again within one."""
        if before is None:
            return False
        later = self.at - clock.parse_rfc3339(before)
        return timedelta(0) <= later < _REPEATED if self.is_about else not later


def promised(given: Json, now: datetime) -> Promise | None:
    """What ``ready_in`` (minutes) or ``ready_at`` promises, if anything. Raises Invalid."""
    minutes, moment = given.get("ready_in"), given.get("ready_at")
    if minutes is not None and moment is not None:
        raise Invalid({"ready_at": "says the same as ready_in; give one of them"})
    if minutes is not None:
        return Promise(now + timedelta(minutes=minutes), is_about=True)
    if moment is not None and moment <= now:
        raise Invalid({"ready_at": "must be in the future"})
    if moment is not None and moment > now + timedelta(minutes=LONGEST_PROMISE):
        raise Invalid({"ready_at": "must be within 60 days"})
    return Promise(moment) if moment is not None else None


def accept(tx: Transaction, held: Held, promise: Promise | None, actor: Actor) -> Json:
    """Have somebody take an order on. Raises IllegalMove when it is too late for that.

    Asked again by the one who did while it is being worked on, another promise is told instead of
    the first; the same, or none, leaves it as it is.
    """
    row, by = held.row, {"kind": actor.kind, "name": actor.name}
    before = whole(held.before)["acceptance"]
    if row["status"] == rules.ACCEPTED and before and before["by"] == by:
        if promise is None or promise.repeats(before["ready_at"]):
            return held.before
        return save(tx, held, events.UPDATED, _said(row, {**before, **_ready(promise)}), actor)
    rules.check_move(row["status"], rules.ACCEPTED)
    now = clock.rfc3339(clock.now())
    values: Json = {
        "status": rules.ACCEPTED,
        "times": {**row["times"], rules.ACCEPTED: now},
        "cancel_reason": None,
        **_said(row, {"by": by, "at": now, **_ready(promise)}),
    }
    return save(tx, held, events.ACCEPTED, values, actor)


def _ready(promise: Promise | None) -> Json:
    return {"ready_at": clock.rfc3339(promise.at) if promise else None}


def _said(row: Json, acceptance: Json) -> Json:
    return {"details": {**(row["details"] or {}), "acceptance": acceptance}}
