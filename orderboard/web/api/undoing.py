"""Taking a change of an order back."""

from typing import Any

from flask import Blueprint, Response

from orderboard import settings
from orderboard.events.log import Transaction
from orderboard.orders import schemas, undoing
from orderboard.orders.commands import Held
from orderboard.web.access import Identity, allow
from orderboard.web.api.changing import POSITION, change
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import named
from orderboard.web.api.versions import IF_MATCH
from orderboard.web.body import json_body

Json = dict[str, Any]
api = Blueprint("undoing", __name__)
_UNDO = schemas.Undo()


@api.post("/orders/<id:order_id>/undo")
@allow("admin", "operator", "driver")
@describe(
    "Take a change of an order back",
    "Orders",
    body=schemas.Undo,
    headers=(IF_MATCH,),
    answers={
        200: (f"The order. {POSITION}", named("Order")),
        403: ("A driver takes back their own moves alone.", named("Problem")),
        404: ("No such order, or no such event of it.", named("Problem")),
        409: (
            "It is too late; `built_on`, `told`, `missing` or `fields` say why.",
            named("Problem"),
        ),
        412: ("Somebody changed it since; `order` is how it is now.", named("Problem")),
    },
)
def undo_change(order_id: str) -> Response:
    """Put back what an event changed, by an event that says so (`undoes`).

    The newest change of a status, driver, tracking, tags or another own field, for as many minutes
    as the shop has set (`undo_within`). An undo is a change like others and can be undone.
    """
    position, within = json_body(_UNDO)["position"], settings.current().undo_within

    def work(tx: Transaction, held: Held, who: Identity) -> Json:
        driver_id = who.driver["id"] if who.driver else None
        return undoing.undo(tx, held, position, within, who.actor, driver_id)

    return change(order_id, work)
