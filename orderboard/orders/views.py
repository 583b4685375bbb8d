"""What each kind of reader may see of an order. Pure: from the log's snapshot to an answer.

A view adds what follows from the facts (labels, allowed moves, steps), so that no page has to
know the rules, and leaves out what its reader may not see.
"""

from typing import Any

from orderboard.orders import paying, returning, rules, transfers
from orderboard.orders.due import due_at
from orderboard.orders.snapshot import whole
from orderboard.orders.totals import EXTRAS, SUMS

Json = dict[str, Any]

_PUBLIC = (
    "id",
    "number",
    "type",
    "status",
    "items",
    "currency",
    *SUMS,
    *EXTRAS,
    "address",
    "billing_address",
    "fulfilment",
    "shipments",
    "display_number",
    "locale",
    "payment_method",
    "payment",
    "note",
    "tracking",
    "cancel_reason",
    "cancellation_request",
    "version",
    "created_at",
    "updated_at",
)
_DRIVER = (
    "id",
    "number",
    "type",
    "status",
    "items",
    "currency",
    "total",
    "address",
    "fulfilment",
    "display_number",
    "payment_method",
    "payment",
    "note",
    "driver",
    "tracking",
    "cancel_reason",
    "version",
    "created_at",
    "updated_at",
)
_PAYMENT = ("id", "method", "title", "amount", "status", "at")
_REFUND = ("id", "amount", "at")
"""What a customer sees of payments and refunds."""
_OF_THE_STAFF = ("assigned_to", "duplicate_of", "held_until", "printed", "print_failed")
DRIVER_MOVES = frozenset({"shipped", "delivered", "failed"})
"""Statuses that a driver may set on an order of their own."""


def staff(order: Json, base_url: str) -> Json:
    """Everything, with the customer's link."""
    return {**reader(order), "track_url": track_url(order, base_url)}


def placer(order: Json, base_url: str) -> Json:
    """The same to whoever placed it and may not read other orders: without what is the staff's.

    That an order is like another one would tell what somebody else has ordered.
    """
    return {**staff(order, base_url), **dict.fromkeys(_OF_THE_STAFF)}


def reader(order: Json) -> Json:
    """Everything but the customer's link, which would let its holder cancel."""
    view = whole(order)
    view.pop("track_token", None)
    view["status_label"] = label(order)
    view["allowed"] = rules.moves(view)
    view["payments"] = [
        {**one, "allowed": list(paying.PAYMENT_MOVES[one["status"]])} for one in view["payments"]
    ]
    view["refundable"] = paying.refundable(view)
    view["owed"] = paying.owed(view, order["status"] in rules.CALLED_OFF)
    view["due_at"] = due_at(order)
    view["items_open"] = order["status"] in rules.ITEMS_OPEN
    view["returnable"] = order["status"] in returning.RETURNABLE and bool(order["items"])
    return view


def public(order: Json) -> Json:
    """What the customer of this order sees: no contact data, no staff's name."""
    full = whole(order)
    view = {name: full[name] for name in _PUBLIC} | _of_its_rules(order)
    view["payments"] = [_part(payment, _PAYMENT) for payment in full["payments"]]
    view["refunds"] = [
        {**_part(refund, _REFUND), "failed": transfers.failed(refund, full["currency"])}
        for refund in full["refunds"]
    ]
    view["returns"] = [_returned(one) for one in full["returns"]]
    view["owed"] = paying.owed(full, order["status"] in rules.CALLED_OFF)
    driver = order["driver"]
    view["customer"] = {"name": order["customer"]["name"]}
    view["driver"] = {"name": driver["name"], "phone": driver["phone"]} if driver else None
    view["status_label"] = label({**order, "status": rules.told_as(order["status"])})
    view["promised_at"] = rules.promised_at(full)
    view["steps"] = rules.steps(order)
    view["can_cancel"] = rules.customer_may(order)
    return view


def driver(order: Json) -> Json:
    """What the order's driver sees: where to go, whom to call, what to collect."""
    customer, full = order["customer"], whole(order)
    view = {name: full[name] for name in _DRIVER} | _of_its_rules(order)
    view["customer"] = {name: customer[name] for name in ("name", "company", "phone")}
    view["allowed"] = [move for move in rules.MOVES[order["status"]] if move in DRIVER_MOVES]
    return view


def label(order: Json) -> str:
    """The name of an order's status, in the words of its type."""
    return rules.LABELS[order["type"]][order["status"]]


def track_url(order: Json, base_url: str) -> str:
    """The customer's link."""
    return f"{base_url}/track/{order['track_token']}"


def _returned(one: Json) -> Json:
    lines = [_part(line, ("name", "quantity")) for line in one["lines"]]
    return {**_part(one, ("number", "kind", "state")), "lines": lines}


def _part(whole: Json, names: tuple[str, ...]) -> Json:
    return {name: whole[name] for name in names}


def _of_its_rules(order: Json) -> Json:
    status = order["status"]
    return {
        "status_label": label(order),
        "inbound": order["type"] in rules.INBOUND,
        "on_the_way": status in rules.ON_THE_WAY,
        "called_off": status in rules.CALLED_OFF,
    }
