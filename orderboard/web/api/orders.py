"""Reading orders, and everything that is done to one."""

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from orderboard.errors import ChangedMeanwhile, IllegalMove, Invalid, NotFound
from orderboard.events import log
from orderboard.events.log import Transaction
from orderboard.orders import commands, queries, schemas, views
from orderboard.orders.commands import Held
from orderboard.turn import in_turns
from orderboard.web.access import Identity, allow, identity
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe, header
from orderboard.web.api.listing import ListQuery, filter_of, next_cursor
from orderboard.web.api.placing import refused
from orderboard.web.api.shapes import ORDERS_PAGE, RESULTS, named
from orderboard.web.body import json_body

Json = dict[str, Any]
Work = Callable[[Transaction, Held, Identity], Json]
api = Blueprint("orders", __name__)
_EDIT, _MOVE, _CANCEL = schemas.EditOrder(), schemas.Move(), schemas.Cancel()
_ANSWER, _ASSIGN = schemas.AnswerCancellation(), schemas.Assign()
_TRACK, _BULK = schemas.Track(), schemas.BulkMove()
_TAGS = r'\s*(W/)?"[!#-~]*"\s*(,\s*(W/)?"[!#-~]*"\s*)*'
_ETAGS = re.compile(_TAGS)
_IF_MATCH = header(
    "If-Match",
    "The ETag of the order you read; `*` for any.",
    {"type": "string", "pattern": rf"^({_TAGS}|\*)$"},
)
_ONE = {200: ("The order.", named("Order")), 404: ("No such order.", named("Problem"))}
_CHANGED = {
    **_ONE,
    409: ("The order's status does not allow it.", named("Problem")),
    412: ("Somebody changed it since; `order` is how it is now.", named("Problem")),
}


@api.get("/orders")
@allow("read", "staff")
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
        {"orders": orders, "next": next_cursor(wanted.sort, page.next), "position": position}
    )


@api.get("/orders/<id:order_id>")
@allow("read", "staff", "driver")
@describe("Read an order", "Orders", answers=_ONE)
def read_order(order_id: str) -> Response:
    """One order; a driver reads their own only."""
    order, head = queries.get(order_id)
    answered = _answer(order, identity())
    answered.headers["Orderboard-Position"] = f"{head.epoch}-{head.position}"
    return answered


@api.patch("/orders/<id:order_id>")
@allow("admin", "staff")
@describe(
    "Change an order's own fields",
    "Orders",
    body=schemas.EditOrder,
    headers=(_IF_MATCH,),
    answers=_CHANGED,
)
def edit_order(order_id: str) -> Response:
    """Change what is given, leave the rest."""
    given = json_body(_EDIT)
    return _change(order_id, lambda tx, held, who: commands.edit(tx, held, given, who.actor))


@api.put("/orders/<id:order_id>/status")
@allow("admin", "staff", "driver")
@describe(
    "Move an order to another status",
    "Orders",
    body=schemas.Move,
    headers=(_IF_MATCH,),
    answers=_CHANGED,
)
def move_order(order_id: str) -> Response:
    """Move an order; a driver may move their own along the way."""
    given = json_body(_MOVE)

    def work(tx: Transaction, held: Held, who: Identity) -> Json:
        wanted, allowed = given["status"], order_view(held.before, who)["allowed"]
        if wanted not in allowed:
            raise IllegalMove(held.row["status"], wanted, allowed)
        return commands.move(tx, held, wanted, given.get("reason"), who.actor)

    return _change(order_id, work)


@api.put("/orders/<id:order_id>/cancel")
@allow("admin", "staff")
@describe(
    "Cancel an order",
    "Orders",
    body=schemas.Cancel,
    headers=(_IF_MATCH,),
    answers=_CHANGED,
)
def cancel_order(order_id: str) -> Response:
    """Cancel an order, with a reason that its customer reads."""
    reason = json_body(_CANCEL)["reason"]
    return _change(
        order_id, lambda tx, held, who: commands.move(tx, held, "cancelled", reason, who.actor)
    )


@api.put("/orders/<id:order_id>/cancellation-request")
@allow("admin", "staff")
@describe(
    "Accept or refuse a customer's wish to cancel",
    "Orders",
    body=schemas.AnswerCancellation,
    headers=(_IF_MATCH,),
    answers=_CHANGED,
)
def answer_cancellation(order_id: str) -> Response:
    """Accept, which cancels the order, or refuse, which lets it go on."""
    given = json_body(_ANSWER)
    return _change(
        order_id,
        lambda tx, held, who: commands.answer_cancellation(
            tx, held, given["accept"], given.get("reason"), who.actor
        ),
    )


@api.put("/orders/<id:order_id>/driver")
@allow("admin", "staff")
@describe(
    "Give an order to a driver, or to none",
    "Orders",
    body=schemas.Assign,
    headers=(_IF_MATCH,),
    answers=_CHANGED,
)
def assign_driver(order_id: str) -> Response:
    """Assign a driver."""
    driver_id = json_body(_ASSIGN)["driver"]
    return _change(order_id, lambda tx, held, who: commands.assign(tx, held, driver_id, who.actor))


@api.put("/orders/<id:order_id>/tracking")
@allow("admin", "staff", "driver")
@describe(
    "Say how an order travels and where it is",
    "Orders",
    body=schemas.Track,
    headers=(_IF_MATCH,),
    answers={**_CHANGED, 403: ("A driver sets `location` and `eta` alone.", named("Problem"))},
)
def track_order(order_id: str) -> Response:
    """Set carrier, number, link, expected time, partner or place."""
    given = json_body(_TRACK)
    if not given:
        raise Invalid({"body": "must set at least one field"})

    track = commands.track_as_driver if identity().driver else commands.track
    tracked = _change(order_id, lambda tx, held, who: track(tx, held, given, who.actor))
    if "location" in given:
        _signal_place(order_id)
    return tracked


@api.post("/orders/bulk/status")
@allow("admin", "staff")
@describe(
    "Move up to 500 orders to another status",
    "Orders",
    body=schemas.BulkMove,
    answers={207: ("A result for each, in the order given.", RESULTS)},
)
def move_orders() -> Response:
    """Move many orders in one transaction; each is judged for itself."""
    given, who = json_body(_BULK), identity()
    ids = list(dict.fromkeys(given["ids"]))
    with log.transaction() as tx:
        done = {order_id: _moved(tx, order_id, given, who) for order_id in in_turns(sorted(ids))}
    return answer({"results": [done[order_id] for order_id in given["ids"]]}, 207)


def _signal_place(order_id: str) -> None:
    order, _ = queries.get(order_id)
    data = {"order_id": order_id, "location": order["tracking"]["location"]}
    for audience in ("board", f"order:{order_id}"):
        parts().stream.signal("location", audience, data)


def order_view(order: Json, who: Identity) -> Json:
    """An order as this identity may see it. Raises NotFound for somebody else's."""
    if who.driver:
        if not order["driver"] or order["driver"]["id"] != who.driver["id"]:
            raise NotFound("There is no such order.")
        return views.driver(order)
    if who.sees_all or (who.key_id is not None and order["source"] == who.source):
        return views.staff(order, parts().settings.base_url)
    return views.reader(order)


def _moved(tx: Transaction, order_id: str, given: Json, who: Identity) -> Json:
    try:
        held = commands.hold(tx, order_id)
        order = commands.move(tx, held, given["status"], given.get("reason"), who.actor)
    except NotFound as error:
        return {"id": order_id, **refused(404, error)}
    except IllegalMove as error:
        return {"id": order_id, **refused(409, error, allowed=error.allowed)}
    return {"id": order_id, "status": 200, "order": order_view(order, who)}


def _change(order_id: str, work: Work) -> Response:
    who = identity()
    versions = _versions_wanted()
    try:
        with log.transaction() as tx:
            held = commands.hold(tx, order_id, versions)
            order_view(held.before, who)  # not found, where it is somebody else's
            order = work(tx, held, who)
    except ChangedMeanwhile as error:
        by = error.changed_by if who.sees_all else {"kind": error.changed_by["kind"], "name": None}
        raise ChangedMeanwhile(order_view(error.order, who), by) from None
    return _answer(order, who)


def _answer(order: Json, who: Identity) -> Response:
    return answer(order_view(order, who), headers={"ETag": f'"{order["version"]}"'})


def _versions_wanted() -> frozenset[str] | None:
    """The ETags of If-Match; a proxy may have made them weak. None where any version will do."""
    text = request.headers.get("If-Match")
    if text is None or text.strip() == "*":
        return None
    if not _ETAGS.fullmatch(text):
        raise Invalid({"If-Match": 'must be the ETag of an order, as in "3"'})
    return frozenset(re.findall(r'"([^"]*)"', text))
