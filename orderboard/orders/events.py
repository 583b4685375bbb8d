"""What can happen to an order: the kinds of events that carry one, and who sees what of it."""

from collections.abc import Callable
from typing import Any

from orderboard.events.kinds import Kind, View, Viewer
from orderboard.orders import views

Json = dict[str, Any]
HeardBy = Callable[[Json, Json], tuple[str, ...]]
REFUNDS = "refunds"
"""The topic of refunds that were made."""


def _heard_by(order: Json, was: Json) -> tuple[str, ...]:
    """The board, who follows the order, and its drivers: the one it has, the one it had."""
    drivers = dict.fromkeys(d["id"] for d in (order["driver"], was.get("driver")) if d)
    return ("board", f"order:{order['id']}", *(f"driver:{driver}" for driver in drivers))


def _heard_for_money(order: Json, was: Json) -> tuple[str, ...]:
    """The same, and whoever sends the money back."""
    return (*_heard_by(order, was), REFUNDS)


def _for_driver(order: Json, viewer: Viewer) -> Json:
    if order["driver"] and order["driver"]["id"] == viewer.whose:
        return views.driver(order)
    return {**{name: order[name] for name in ("id", "number", "version")}, "driver": None}


_VIEWS: dict[str, View] = {
    "board": lambda order, viewer: views.staff(order, viewer.base_url),
    "reader": lambda order, _: views.reader(order),
    "order": lambda order, _: views.public(order),
    "driver": _for_driver,
}


def _of_order(name: str, heard_by: HeardBy = _heard_by) -> Kind:
    return Kind(name=name, carries="order", heard_by=heard_by, views=_VIEWS, thinned=True)


CREATED = _of_order("order.created")
UPDATED = _of_order("order.updated")
CANCELLED = _of_order("order.cancelled")
ACCEPTED = _of_order("order.accepted")
WOKEN = _of_order("order.woken")
UNACCEPTED = Kind(
    name="order.unaccepted",
    carries="order",
    heard_by=lambda order, _: ("board", f"order:{order['id']}"),
    views={name: _VIEWS[name] for name in ("board", "reader")},
    thinned=True,
)
CANCELLATION_REQUESTED = _of_order("order.cancellation_requested")
CANCELLATION_REFUSED = _of_order("order.cancellation_refused")
PAYMENT_RECORDED = _of_order("payment.recorded")
PAYMENT_UPDATED = _of_order("payment.updated")
REFUND_MADE = _of_order("refund.made", _heard_for_money)
REFUND_UPDATED = _of_order("refund.updated")
RETURN_OPENED = _of_order("return.opened")
RETURN_RECEIVED = _of_order("return.received")
RETURN_CALLED_OFF = _of_order("return.called_off")

NOTE_ADDED = Kind(
    name="note.added",
    carries="note",
    heard_by=lambda note, _: ("board", f"order:{note['order_id']}"),
    views={"board": lambda note, _: note, "reader": lambda note, _: note},
)

_PRINTS: dict[str, View] = {"board": lambda prints, _: prints, "reader": lambda prints, _: prints}


def _of_paper(name: str) -> Kind:
    """What becomes of an order's paper is no change of the order: it makes no version."""
    return Kind(
        name=name,
        carries="prints",
        heard_by=lambda prints, _: ("board", f"order:{prints['order_id']}"),
        views=_PRINTS,
    )


PRINTED = _of_paper("order.printed")
PRINT_FAILED = _of_paper("order.print_failed")

KINDS = (
    CREATED,
    UPDATED,
    CANCELLED,
    ACCEPTED,
    WOKEN,
    UNACCEPTED,
    CANCELLATION_REQUESTED,
    CANCELLATION_REFUSED,
    PAYMENT_RECORDED,
    PAYMENT_UPDATED,
    REFUND_MADE,
    REFUND_UPDATED,
    RETURN_OPENED,
    RETURN_RECEIVED,
    RETURN_CALLED_OFF,
    NOTE_ADDED,
    PRINTED,
    PRINT_FAILED,
)
