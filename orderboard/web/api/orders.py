"""Reading orders, and everything that is done to one."""

from typing import Any

from flask import Blueprint, Response, request

from orderboard import clock
from orderboard.errors import IllegalMove, Invalid
from orderboard.events.log import Transaction
from orderboard.orders import commands, editing, holding, queries, schemas, tracking
from orderboard.orders.commands import Held
from orderboard.web import cursors
from orderboard.web.access import Identity, allow, identity
from orderboard.web.answers import answer, parts
from orderboard.web.api.changing import POSITION, answered, change
from orderboard.web.api.describe import describe
from orderboard.web.api.listing import ListQuery, filter_of
from orderboard.web.api.placing import check_skus
from orderboard.web.api.previewing import PreviewQuery
from orderboard.web.api.shape_words import named
from orderboard.web.api.shapes import ORDERS_PAGE
from orderboard.web.api.versions import IF_MATCH
from orderboard.web.body import json_body
from orderboard.web.seeing import order_view

Json = dict[str, Any]
api = Blueprint("orders", __name__)
_EDIT, _MOVE, _CANCEL = schemas.EditOrder(), schemas.Move(), schemas.Cancel()
_ANSWER, _ASSIGN = schemas.AnswerCancellation(), schemas.Assign()
_TRACK = schemas.Track()
_ONE = {200: ("The order.", named("Order")), 404: ("No such order.", named("Problem"))}
_CHANGED = {
    **_ONE,
    200: (f"The order. {POSITION}", named("Order")),
    409: ("The order's status does not allow it.", named("Problem")),
    412: ("Somebody changed it since; `order` is how it is now.", named("Problem")),
}


@api.get("/orders")
@allow("read", "viewer")
@describe(
    "List orders",
    "Orders",
    query=ListQuery,
    answers={200: ("A page, newest first.", ORDERS_PAGE)},
)
def list_orders() -> Response:
    """A page of orders, and the position to open the stream behind."""
    wanted = filter_of(request.query_string)
    page = queries.page(wanted)
    who = identity()
    orders = [order_view(order, who) for order in page.orders]
    position = f"{page.head.epoch}-{page.head.position}"
    return answer(
        {"orders": orders, "next": cursors.behind(wanted.sort, page.next), "position": position}
    )


@api.get("/orders/<id:order_id>")
@allow("read", "viewer", "driver")
@describe("Read an order", "Orders", answers=_ONE)
def read_order(order_id: str) -> Response:
    """One order; a driver reads their own only."""
    order, head = queries.get(order_id)
    found = answered(order, identity())
    found.headers["Orderboard-Position"] = f"{head.epoch}-{head.position}"
    return found


@api.patch("/orders/<id:order_id>")
@allow("admin", "operator")
@describe(
    "Change an order's own fields",
    "Orders",
    body=schemas.EditOrder,
    query=PreviewQuery,
    headers=(IF_MATCH,),
    answers=_CHANGED,
)
def edit_order(order_id: str) -> Response:
    """Change what is given, leave the rest."""
    given = json_body(_EDIT)

    def work(tx: Transaction, held: Held, who: Identity) -> Json:
        check_skus(tx, given.get("items") or ())
        return editing.edit(tx, held, given, who.actor)

    return change(order_id, work, has_preview=True)


@api.put("/orders/<id:order_id>/status")
@allow("admin", "operator", "driver")
@describe(
    "Move an order to another status",
    "Orders",
    body=schemas.Move,
    headers=(IF_MATCH,),
    answers=_CHANGED,
)
def move_order(order_id: str) -> Response:
    """Move an order; a driver may move their own along the way.

    With `until` (a time within a year) an order that is put on hold comes back by itself, as the
    event `order.woken`: to `processing` if it had been accepted, else to `pending`, where it rings.
    """
    given = json_body(_MOVE)
    holding.check(given, clock.now())

    def work(tx: Transaction, held: Held, who: Identity) -> Json:
        wanted, allowed = given["status"], order_view(held.before, who)["allowed"]
        if who.driver and wanted not in allowed:
            raise IllegalMove(held.row["status"], wanted, allowed)
        return holding.move(tx, held, given, who.actor)

    return change(order_id, work)


@api.put("/orders/<id:order_id>/cancel")
@allow("admin", "operator")
@describe(
    "Cancel an order",
    "Orders",
    body=schemas.Cancel,
    headers=(IF_MATCH,),
    answers=_CHANGED,
)
def cancel_order(order_id: str) -> Response:
    """Cancel an order, with a reason that its customer reads."""
    reason = json_body(_CANCEL)["reason"]
    return change(
        order_id, lambda tx, held, who: commands.move(tx, held, "cancelled", reason, who.actor)
    )


@api.put("/orders/<id:order_id>/cancellation-request")
@allow("admin", "operator")
@describe(
    "Accept or refuse a customer's wish to cancel",
    "Orders",
    body=schemas.AnswerCancellation,
    headers=(IF_MATCH,),
    answers=_CHANGED,
)
def answer_cancellation(order_id: str) -> Response:
    """Accept, which cancels the order, or refuse, which lets it go on."""
    given = json_body(_ANSWER)
    return change(
        order_id,
        lambda tx, held, who: commands.answer_cancellation(
            tx, held, given["accept"], given.get("reason"), who.actor
        ),
    )


@api.put("/orders/<id:order_id>/driver")
@allow("admin", "operator")
@describe(
    "Give an order to a driver, or to none",
    "Orders",
    body=schemas.Assign,
    headers=(IF_MATCH,),
    answers=_CHANGED,
)
def assign_driver(order_id: str) -> Response:
    """Assign a driver."""
    driver_id = json_body(_ASSIGN)["driver"]
    return change(order_id, lambda tx, held, who: commands.assign(tx, held, driver_id, who.actor))


@api.put("/orders/<id:order_id>/tracking")
@allow("admin", "operator", "driver")
@describe(
    "Say how an order travels and where it is",
    "Orders",
    body=schemas.Track,
    headers=(IF_MATCH,),
    answers={**_CHANGED, 403: ("A driver sets `location` and `eta` alone.", named("Problem"))},
)
def track_order(order_id: str) -> Response:
    """Set carrier, number, link, expected time, partner or place."""
    given = json_body(_TRACK)
    if not given:
        raise Invalid({"body": "must set at least one field"})

    track = tracking.track_as_driver if identity().driver else tracking.track
    tracked = change(order_id, lambda tx, held, who: track(tx, held, given, who.actor))
    if "location" in given:
        _signal_place(order_id)
    return tracked


def _signal_place(order_id: str) -> None:
    order, _ = queries.get(order_id)
    data = {"order_id": order_id, "location": order["tracking"]["location"]}
    for audience in ("board", "reader", f"order:{order_id}"):
        parts().stream.signal("location", audience, data)
