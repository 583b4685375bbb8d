"""What is done to many orders at once: one transaction, and each is judged for itself."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response

from orderboard import clock, settings
from orderboard.errors import Conflict, IllegalMove, Invalid, NotFound
from orderboard.events import log
from orderboard.events.event import Event
from orderboard.events.log import Transaction
from orderboard.orders import bulk_schemas, commands, editing, holding, printing, undoing
from orderboard.orders.commands import Held
from orderboard.turn import in_turns
from orderboard.web.access import Identity, allow, identity
from orderboard.web.answers import answer
from orderboard.web.api.describe import describe
from orderboard.web.api.placing import refused
from orderboard.web.api.shapes import RESULTS
from orderboard.web.body import json_body
from orderboard.web.seeing import order_view

Json = dict[str, Any]
Work = Callable[[Transaction, Held, Identity], Json]
api = Blueprint("bulk", __name__)
_MOVE, _ASSIGN = bulk_schemas.BulkMove(), bulk_schemas.BulkAssign()
_TAGS, _UNDO = bulk_schemas.BulkTags(), bulk_schemas.BulkUndo()
_RESULTS = {
    207: ("A result for each, in the order given. `position` is that of its event.", RESULTS)
}
_BULK = bulk_schemas.Bulk()


@api.post("/orders/bulk/status")
@allow("admin", "operator")
@describe(
    "Move up to 500 orders to another status",
    "Orders",
    body=bulk_schemas.BulkMove,
    answers=_RESULTS,
)
def move_orders() -> Response:
    """Move many orders; an illegal move is a 409 of that one."""
    given = json_body(_MOVE)
    holding.check(given, clock.now())
    return _all(given["ids"], lambda tx, held, who: holding.move(tx, held, given, who.actor))


@api.post("/orders/bulk/driver")
@allow("admin", "operator")
@describe(
    "Give up to 500 orders to a driver, or to none",
    "Orders",
    body=bulk_schemas.BulkAssign,
    answers=_RESULTS,
)
def assign_orders() -> Response:
    """Assign many orders to one driver."""
    given = json_body(_ASSIGN)
    driver_id = given["driver"]
    return _all(given["ids"], lambda tx, held, who: commands.assign(tx, held, driver_id, who.actor))


@api.post("/orders/bulk/tags")
@allow("admin", "operator")
@describe(
    "Tag up to 500 orders, or take tags off them",
    "Orders",
    body=bulk_schemas.BulkTags,
    answers=_RESULTS,
)
def tag_orders() -> Response:
    """Add and remove tags; an order that would have too many is a 422 of that one."""
    given = json_body(_TAGS)
    if given.keys() == {"ids"}:
        raise Invalid({"add": "must be given, or remove, or tags"})
    return _all(given["ids"], lambda tx, held, who: editing.retag(tx, held, given, who.actor))


@api.post("/orders/bulk/undo")
@allow("admin", "operator")
@describe(
    "Take a change back of each of up to 500 orders",
    "Orders",
    body=bulk_schemas.BulkUndo,
    answers=_RESULTS,
)
def undo_changes() -> Response:
    """Undo many; what cannot be taken back is a 409 of that one."""
    wanted, within = json_body(_UNDO)["undo"], settings.current().undo_within
    positions = {one["id"]: one["position"] for one in wanted}
    if len(positions) < len(wanted):
        raise Invalid({"undo": "must name each order once"})

    def undo(position: int) -> Work:
        return lambda tx, held, who: undoing.undo(tx, held, position, within, who.actor)

    return _each({order_id: undo(position) for order_id, position in positions.items()})


@api.post("/orders/bulk/printed")
@allow("admin", "operator")
@describe(
    "Note that up to 500 orders were printed",
    "Printing",
    body=bulk_schemas.Bulk,
    answers=_RESULTS,
)
def mark_printed() -> Response:
    """Count one more time that each is on paper, by hand; no order gets another version by it."""
    return _all(
        json_body(_BULK)["ids"],
        lambda tx, held, who: held.before | printing.mark_printed(tx, held.row["id"], who.actor),
    )


def _all(ids: list[str], work: Work) -> Response:
    """The same work for all orders; one that is named twice has two results."""
    return _each(dict.fromkeys(ids, work), ids)


def _each(works: Mapping[str, Work], ids: list[str] | None = None) -> Response:
    who = identity()
    with log.transaction() as tx:
        commands.keep_still(tx, [*works])
        # In one order, so that no two such requests wait for each other.
        done = {one: _done(tx, one, works[one], who) for one in in_turns(sorted(works))}
    results = {one: _placed(*of_one) for one, of_one in done.items()}
    return answer({"results": [results[order_id] for order_id in ids or works]}, 207)


def _done(tx: Transaction, order_id: str, work: Work, who: Identity) -> tuple[Json, Event | None]:
    """What became of one order, and its event, which gets its position later."""
    before = len(tx.events)
    result = _result(tx, order_id, work, who)
    return result, tx.event_of(order_id, before) if result["status"] == 200 else None


def _placed(result: Json, event: Event | None) -> Json:
    return {**result, "position": event.position} if event else result


def _result(tx: Transaction, order_id: str, work: Work, who: Identity) -> Json:
    try:
        order = work(tx, commands.hold(tx, order_id), who)
    except NotFound as error:
        return {"id": order_id, **refused(404, error)}
    except IllegalMove as error:
        return {"id": order_id, **refused(409, error, allowed=error.allowed)}
    except Conflict as error:
        return {"id": order_id, **refused(409, error, **error.extra)}
    except Invalid as error:
        return {"id": order_id, **refused(422, error)}
    return {"id": order_id, "status": 200, "order": order_view(order, who)}
