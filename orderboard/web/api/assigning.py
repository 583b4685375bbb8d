"""Giving an order to somebody of the staff."""

from typing import Any

from flask import Blueprint, Response

from orderboard.events.log import Transaction
from orderboard.orders import assigning, schemas
from orderboard.orders.commands import Held
from orderboard.web.access import Identity, allow
from orderboard.web.api.changing import change
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import named
from orderboard.web.api.versions import IF_MATCH
from orderboard.web.body import json_body

Json = dict[str, Any]
api = Blueprint("assigning", __name__)
_ASSIGN = schemas.AssignTo()


@api.put("/orders/<id:order_id>/assignment")
@allow("admin", "operator")
@describe(
    "Have somebody of the staff look after an order, or nobody",
    "Orders",
    body=schemas.AssignTo,
    headers=(IF_MATCH,),
    answers={
        200: ("The order; `assigned_to` says who.", named("Order")),
        404: ("No such order.", named("Problem")),
        412: ("Somebody changed it since; `order` is how it is now.", named("Problem")),
    },
)
def assign_order(order_id: str) -> Response:
    """Its customer and its driver are not told whose it is."""
    staff_id = json_body(_ASSIGN)["staff"]

    def work(tx: Transaction, held: Held, who: Identity) -> Json:
        return assigning.assign_to(tx, held, staff_id, who.actor)

    return change(order_id, work)
