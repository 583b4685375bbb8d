"""Settling whether an order is a duplicate."""

from typing import Any

from flask import Blueprint, Response

from orderboard.events.log import Transaction
from orderboard.orders import schemas, settling
from orderboard.orders.commands import Held
from orderboard.web.access import Identity, allow
from orderboard.web.api.changing import change
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import named
from orderboard.web.api.versions import IF_MATCH
from orderboard.web.body import json_body

Json = dict[str, Any]
api = Blueprint("duplicates", __name__)
_SETTLE = schemas.SettleDuplicate()


@api.put("/orders/<id:order_id>/duplicate")
@allow("admin", "operator")
@describe(
    "Settle whether an order is a duplicate",
    "Orders",
    body=schemas.SettleDuplicate,
    headers=(IF_MATCH,),
    answers={
        200: ("The order.", named("Order")),
        404: ("No such order.", named("Problem")),
        409: (
            "It is not taken for a duplicate, or the other cannot be cancelled any more.",
            named("Problem"),
        ),
        412: ("Somebody changed it since; `order` is how it is now.", named("Problem")),
    },
)
def settle_duplicate(order_id: str) -> Response:
    """Keep `both`, which takes the mark off for good, or `this`, or the `other` that came first.

    The one that is not wanted is cancelled, with a reason that names the other.
    """
    keep = json_body(_SETTLE)["keep"]

    def work(tx: Transaction, held: Held, who: Identity) -> Json:
        return settling.settle(tx, held, keep, who.actor)

    return change(order_id, work, first=lambda tx: settling.hold_both(tx, order_id))
