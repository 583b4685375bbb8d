"""Taking a new order on."""

from typing import Any

from flask import Blueprint, Response

from orderboard import clock
from orderboard.events.log import Transaction
from orderboard.orders import accepting, schemas
from orderboard.orders.commands import Held
from orderboard.web.access import Identity, allow
from orderboard.web.api.changing import change
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import named
from orderboard.web.api.versions import IF_MATCH
from orderboard.web.body import json_body

Json = dict[str, Any]
api = Blueprint("accepting", __name__)
_ACCEPT = schemas.Accept()


@api.put("/orders/<id:order_id>/acceptance")
@allow("admin", "operator")
@describe(
    "Accept a new order, with or without a promised time",
    "Orders",
    body=schemas.Accept,
    headers=(IF_MATCH,),
    answers={
        200: (
            "The order. Asked again by the same person: as it is, or with another promise.",
            named("Order"),
        ),
        404: ("No such order.", named("Problem")),
        409: ("Somebody else was faster, or it is called off; `allowed`.", named("Problem")),
        412: ("Somebody changed it since; `order` is how it is now.", named("Problem")),
    },
)
def accept_order(order_id: str) -> Response:
    """Have an order worked on, and tell its customer by when it will be ready."""
    promise = accepting.promised(json_body(_ACCEPT), clock.now())

    def work(tx: Transaction, held: Held, who: Identity) -> Json:
        return accepting.accept(tx, held, promise, who.actor)

    return change(order_id, work)
