"""The rules of the trade: statuses and moves. Pure: no database, no clock, no web."""

from collections.abc import Mapping
from typing import Any

from orderboard.errors import IllegalMove

TYPES = ("purchase", "return", "exchange", "donation", "bulk", "sample")
INBOUND = frozenset({"return", "exchange", "donation"})
"""Types in which goods come to the shop rather than leave it."""

OF_AN_ORDER = frozenset({"return", "exchange"})
"""Types that are about an order placed before."""

METHODS = ("delivery", "pickup", "ship", "table")
"""How an order gets to its customer."""
PAYMENT_METHODS = ("none", "cod", "online")
PAYMENT_STATUSES = ("none", "due", "paid", "refunded")

MOVES: dict[str, tuple[str, ...]] = {
    "pending": ("processing", "on_hold", "declined", "cancelled"),
    "on_hold": ("processing", "declined", "cancelled"),
    "processing": ("ready", "shipped", "on_hold", "cancelled"),
    "ready": ("shipped", "delivered", "cancelled"),
    "shipped": ("delivered", "failed"),
    "failed": ("shipped", "cancelled"),
    "delivered": ("completed", "returned"),
    "completed": ("returned",),
    "declined": (),
    "cancelled": (),
    "returned": (),
}
"""Status → the statuses an order may have next."""

STATUSES = tuple(MOVES)
CALLED_OFF = ("cancelled", "declined", "returned")
"""Statuses of orders that came to nothing: they bring no revenue, and nothing of them is due."""
GOODS_LEAVE = frozenset({"shipped", "delivered"})
"""Statuses with which goods leave the shop, the first of them that an order comes to."""
GOODS_STAY = frozenset({"declined", "cancelled", "returned"})
"""Statuses with which what an order was promised, or what it took, is the shop's again."""
PROMISES = frozenset({"pending", "on_hold", "processing", "ready"})
"""Statuses of orders that the goods have still to be kept for."""
ITEMS_OPEN = frozenset({"pending", "on_hold"})
"""Statuses in which what was ordered may still be changed."""

ON_THE_WAY = ("pending", "on_hold", "processing", "ready", "shipped", "failed")
"""Statuses of orders that have still to arrive; later there is nothing for a driver to say."""
IN_PROGRESS = tuple(status for status in ON_THE_WAY if status != "pending")
"""Statuses of orders that the shop has looked at and that have still to arrive."""
DRIVER_SAYS = frozenset({"location", "eta"})
"""What a driver may say of how an order travels. Links and names of firms come from the shop."""

_HANDED_OVER = frozenset({"pickup", "table"})
"""Methods in which nothing travels: what is ready is delivered next."""

UNACCEPTED = ("pending",)
"""Statuses of orders that nobody has looked at yet: the board rings for them."""
ACCEPTED = "processing"
"""What an order becomes by being accepted."""
HELD = "on_hold"
"""The status of what waits, and may have a time at which it comes back by itself."""

_CUSTOMER_MAY: dict[str, str] = {
    "pending": "cancel",
    "on_hold": "cancel",
    "processing": "request",
    "ready": "request",
}

_OUTBOUND_LABELS = {
    "pending": "Pending",
    "on_hold": "On hold",
    "processing": "Processing",
    "ready": "Ready",
    "shipped": "Shipped",
    "failed": "Delivery failed",
    "delivered": "Delivered",
    "completed": "Completed",
    "declined": "Declined",
    "cancelled": "Cancelled",
    "returned": "Returned",
}
_INBOUND_LABELS = {
    "pending": "Requested",
    "on_hold": "On hold",
    "processing": "Approved",
    "ready": "Collection booked",
    "shipped": "Collected",
    "failed": "Collection failed",
    "delivered": "Received",
    "completed": "Completed",
    "declined": "Declined",
    "cancelled": "Cancelled",
    "returned": "Sent back",
}
LABELS: dict[str, dict[str, str]] = {
    kind: _INBOUND_LABELS if kind in INBOUND else _OUTBOUND_LABELS for kind in TYPES
}
"""Type → status → what people call it."""

STEP_LABELS: dict[str, dict[str, str]] = {
    kind: labels if kind in INBOUND else {**labels, "pending": "Placed"}
    for kind, labels in LABELS.items()
}
"""The same as steps of the way, told to a customer: what was done, not what is waited for."""

_STEPS = ("pending", "processing", "ready", "shipped", "delivered")
_AS_TOLD = {"completed": "delivered"}
"""What is two statuses to the shop, and one to the customer: that an order is done with."""


def check_move(current: str, wanted: str) -> None:
    """Raise IllegalMove unless an order may go from one status to the other."""
    if wanted not in MOVES[current]:
        raise IllegalMove(current, wanted, MOVES[current])


def moves(order: Mapping[str, Any]) -> list[str]:
    """The statuses an order may have next, first the one that it usually comes to."""
    allowed = MOVES[order["status"]]
    method = (order["fulfilment"] or {}).get("method")
    if method not in _HANDED_OVER:
        return list(allowed)
    return sorted(allowed, key=lambda status: status != "delivered")


def told_as(status: str) -> str:
    """The status as its customer is told it."""
    return _AS_TOLD.get(status, status)


def before_hold(times: Mapping[str, str]) -> str:
    """The status that an order comes back to when its time on hold is over.

    One that nobody has accepted rings anew.
    """
    return ACCEPTED if ACCEPTED in times else UNACCEPTED[0]


def promised_at(order: Mapping[str, Any]) -> str | None:
    """When an order that is being worked on was promised to be ready."""
    acceptance = order["acceptance"]
    return acceptance["ready_at"] if acceptance and order["status"] == ACCEPTED else None


def unpromised(details: dict[str, Any] | None) -> dict[str, Any] | None:
    """The details of what waits: not ready when it was promised, and accepted by whom it was."""
    if not details or not details.get("acceptance"):
        return details
    return {**details, "acceptance": {**details["acceptance"], "ready_at": None}}


def customer_may(order: Mapping[str, Any]) -> str | None:
    """What a customer may do about cancelling: ``cancel``, ``request`` or nothing."""
    if order["cancellation_request"]:
        return None
    return _CUSTOMER_MAY.get(order["status"])


def steps(order: Mapping[str, Any]) -> list[dict[str, str | None]]:
    """The way of an order for its customer: each step's status, label, time and state.

    States are ``done``, ``current``, ``upcoming``, and ``stopped`` for the end of an order that
    left the way. Steps the order passed over are left out.
    """
    labels, times, status = STEP_LABELS[order["type"]], order["times"], told_as(order["status"])
    here = _STEPS.index(status) if status in _STEPS else -1
    way = [step for place, step in enumerate(_STEPS) if step in times or place >= here >= 0]
    if here < 0:
        way = [step for step in _STEPS if step in times] + [status]
    way = [step for step in way if step != "ready" or step in times or here < 2]
    return [
        {
            "status": step,
            "label": labels[step],
            "at": times.get(step),
            "state": _state(step, status, here),
        }
        for step in way
    ]


def _state(step: str, status: str, here: int) -> str:
    if step == status:
        if here >= 0:
            return "done" if step == _STEPS[-1] else "current"
        return "current" if MOVES[status] else "stopped"
    if here < 0 or _STEPS.index(step) < here:
        return "done"
    return "upcoming"


def customer_key(customer: Mapping[str, Any]) -> str:
    """What makes two orders one customer's: the same e-mail, or else telephone, or else name."""
    known = customer.get("email") or customer.get("phone") or customer.get("name")
    return str(known).casefold()[:254]
