"""Things that come back to the shop."""

from typing import Any

from flask import Blueprint, Response

from orderboard.events.log import Transaction
from orderboard.orders import returns
from orderboard.orders.commands import Held
from orderboard.orders.payment_schemas import OpenReturn
from orderboard.web.access import Identity, allow
from orderboard.web.api.changing import change_once
from orderboard.web.api.describe import describe
from orderboard.web.api.repeating import KEY
from orderboard.web.api.shape_words import named
from orderboard.web.api.versions import IF_MATCH
from orderboard.web.body import json_body

Json = dict[str, Any]
api = Blueprint("returns", __name__)
_RETURN = OpenReturn()


@api.post("/orders/<id:order_id>/returns")
@allow("admin", "operator")
@describe(
    "Open a return or an exchange of an order that has arrived",
    "Orders",
    body=OpenReturn,
    headers=(IF_MATCH, KEY),
    answers={
        201: ("The linked inbound order.", named("Order")),
        404: ("No such order.", named("Problem")),
        409: ("It has not arrived, or there is nothing to exchange it for.", named("Problem")),
        412: ("Somebody changed it since; `order` is how it is now.", named("Problem")),
    },
)
def open_return(order_id: str) -> Response:
    """Place the order by which some lines come back."""
    given = json_body(_RETURN)

    def work(tx: Transaction, held: Held, who: Identity) -> Json:
        return returns.open_return(tx, held, given, who.actor, who.source)

    answer = change_once(order_id, work, 201)
    answer.headers["Location"] = f"/api/orders/{(answer.get_json() or {})['id']}"
    return answer
