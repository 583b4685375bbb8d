"""What is done to many orders at once: one transaction, and each is judged for itself."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response

from orderboard import clock
from orderboard.errors import Conflict, IllegalMove, Invalid, NotFound
from orderboard.events import log
from orderboard.events.log import Transaction
from orderboard.orders import bulk_schemas, commands, editing, holding
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
_TAGS = bulk_schemas.BulkTags()
_RESULTS = {207: ("A result for each, in the order given.", RESULTS)}


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
    return _each(given["ids"], lambda tx, held, who: holding.move(tx, held, given, who.actor))


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
    return _each(
        given["ids"], lambda tx, held, who: commands.assign(tx, held, driver_id, who.actor)
    )


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
    return _each(given["ids"], lambda tx, held, who: editing.retag(tx, held, given, who.actor))


def _each(ids: Sequence[str], work: Work) -> Response:
    who = identity()
    with log.transaction() as tx:
        commands.keep_still(tx, ids)
        # In one order, so that no two such requests wait for each other.
        done = {one: _result(tx, one, work, who) for one in in_turns(sorted(set(ids)))}
    return answer({"results": [done[order_id] for order_id in ids]}, 207)


def _result(tx: Transaction, order_id: str, work: Work, who: Identity) -> Json:
    try:
        order = work(tx, commands.hold(tx, order_id), who)
    except NotFound as error:
        return {"id": order_id, **refused(404, error)}
    except IllegalMove as error:
        return {"id": order_id, **refused(409, error, allowed=error.allowed)}
    except Conflict as error:
        return {"id": order_id, **refused(409, error)}
    except Invalid as error:
        return {"id": order_id, **refused(422, error)}
    return {"id": order_id, "status": 200, "order": order_view(order, who)}
