"""What of an order's past can be taken back. Pure: from its events and from how it is now.

An undo puts the fields that a change was about back to what they were. It is for what people set,
for a short time, and as long as nothing rests on it: no newer change of the same fields, no money,
no word that somebody has been given. What the customer's page merely shows is taken back with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from orderboard.clock import parse_rfc3339
from orderboard.errors import Conflict
from orderboard.events.event import Event
from orderboard.orders import events, rules
from orderboard.orders.snapshot import DETAILS

Json = dict[str, Any]

KINDS = frozenset(kind.name for kind in (events.UPDATED, events.CANCELLED, events.ACCEPTED))
"""The kinds of events that can be taken back."""
PUT_BACK = frozenset(
    {
        *("status", "cancel_reason", "cancellation_request", "acceptance", "held_until"),
        *("driver", "tracking", "assigned_to", "duplicate_of"),
        *("customer", "address", "note", "payment", *DETAILS),
    }
)
"""The fields that an undo puts back. Lines and amounts are edited: what they come to follows."""
_MONEY = frozenset(
    kind.name
    for kind in (
        *(events.PAYMENT_RECORDED, events.PAYMENT_UPDATED),
        *(events.REFUND_MADE, events.REFUND_UPDATED),
    )
)
_RETURNS = frozenset(
    kind.name for kind in (events.RETURN_OPENED, events.RETURN_RECEIVED, events.RETURN_CALLED_OFF)
)


def check(event: Event, later: Sequence[Event], order: Json, now: datetime, within: int) -> None:
    """Raise Conflict unless an event can be taken back.

    ``later``: what happened to the order since. ``order``: how it is now, whole. ``within``: for
    how many minutes changes can be taken back.
    """
    _check_kind(event)
    _check_newest(event, later)
    _check_money(event, later, order)
    _check_told(event, order)
    if now > until(event, within):
        raise Conflict(
            f"What is more than {within} minutes ago is not taken back; change the order instead."
            if within
            else "This shop takes nothing back; change the order instead."
        )


def until(event: Event, within: int) -> datetime:
    """Until when an event can be taken back."""
    return parse_rfc3339(event.at) + timedelta(minutes=within)


def undoable(past: Sequence[Event], order: Json, now: datetime, within: int) -> dict[int, datetime]:
    """Position → until when, of those of an order's events that can be taken back."""
    found = {}
    for place, event in enumerate(past):
        if now > until(event, within):
            continue
        try:
            check(event, past[place + 1 :], order, now, within)
        except Conflict:
            continue
        found[event.position] = until(event, within)
    return found


def _check_kind(event: Event) -> None:
    if event.type in _MONEY:
        raise Conflict("Money is not taken back by an undo; make a refund, or correct the payment.")
    if event.type not in KINDS:
        raise Conflict(f"What {event.type} says has happened cannot be undone.")
    if event.actor["kind"] == "customer":
        raise Conflict("The customer did this; it is not the shop's to take back.")
    if not event.was:
        raise Conflict("It is not known how this was before.")
    if others := sorted(event.was.keys() - PUT_BACK):
        raise Conflict(
            "What was ordered and what it comes to is not taken back by an undo; edit the order.",
            fields=others,
        )


def _check_newest(event: Event, later: Iterable[Event]) -> None:
    for one in later:
        if one.undoes == event.position:
            raise Conflict(f"{_who(one)} took this back already.", built_on=_built(one, ()))
        touched = sorted(event.was.keys() & {*one.changes})
        if touched:
            words = ", ".join(name.replace("_", " ") for name in touched)
            raise Conflict(
                f"{_who(one)} has changed it since ({words}); undo that first.",
                built_on=_built(one, touched),
            )
        if "status" in event.was and one.type in _RETURNS:
            raise Conflict("A return rests on this since.", built_on=_built(one, one.changes))


def _check_money(event: Event, later: Iterable[Event], order: Json) -> None:
    """Money that went because an order came to nothing does not come back by itself."""
    ends = {event.was.get("status"), order["status"]} & {*rules.CALLED_OFF}
    if "status" not in event.was or not ends:
        return
    for one in later:
        if one.type in _MONEY:
            raise Conflict(
                "Money of this order has moved since.", built_on=_built(one, one.changes)
            )


def _check_told(event: Event, order: Json) -> None:
    promise = (order["acceptance"] or {}).get("ready_at")
    if "acceptance" in event.was and promise and event.undoes is None:
        raise Conflict(
            f"The customer was promised this for {promise}; hold, decline or cancel it instead.",
            told="promise",
        )
    if "cancellation_request" in event.was and order["status"] in rules.CALLED_OFF:
        raise Conflict(
            "The customer asked for this, and was told that it is done.", told="cancellation"
        )


def _who(event: Event) -> str:
    return event.actor["name"] or f"The {event.actor['kind']}"


def _built(event: Event, fields: Iterable[str]) -> Mapping[str, Any]:
    return {
        "position": event.position,
        "type": event.type,
        "at": event.at,
        "actor": event.actor,
        "changes": [*fields],
    }
