"""What of the orders is on paper."""

from flask import Blueprint, Response

from orderboard.events import log
from orderboard.orders import commands, printing
from orderboard.web.access import allow, identity
from orderboard.web.api.changing import answered
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import named

api = Blueprint("printing", __name__)


@api.put("/orders/<id:order_id>/printed")
@allow("admin", "operator")
@describe(
    "Note that an order was printed",
    "Printing",
    answers={
        200: ("The order. Its version is the one before.", named("Order")),
        404: ("No such order.", named("Problem")),
    },
)
def mark_printed(order_id: str) -> Response:
    """Count one more time that it is on paper, by hand. What a printer failed at is settled."""
    who = identity()
    with log.transaction() as tx:
        held = commands.hold(tx, order_id)
        order = held.before | printing.mark_printed(tx, order_id, who.actor)
    return answered(order, who)
