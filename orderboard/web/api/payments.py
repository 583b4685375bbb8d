"""Money that comes in for an order and goes back."""

from typing import Any

from flask import Blueprint, Response

from orderboard.events.log import Transaction
from orderboard.orders import payments, queries, refunding, returning
from orderboard.orders.commands import Held
from orderboard.orders.payment_schemas import AddPayment, MovePayment, Refund
from orderboard.orders.snapshot import whole
from orderboard.web.access import Identity, allow
from orderboard.web.answers import answer, parts
from orderboard.web.api.changing import change, change_once
from orderboard.web.api.describe import describe
from orderboard.web.api.money_shapes import REFUNDABLE, REFUNDED
from orderboard.web.api.previewing import PreviewQuery
from orderboard.web.api.repeating import KEY
from orderboard.web.api.shape_words import named
from orderboard.web.api.versions import IF_MATCH
from orderboard.web.body import json_body

Json = dict[str, Any]
api = Blueprint("payments", __name__)
_PAYMENT, _MOVE, _REFUND = AddPayment(), MovePayment(), Refund()
_REFUSED = {
    404: ("No such order.", named("Problem")),
    412: ("Somebody changed it since; `order` is how it is now.", named("Problem")),
}


@api.post("/orders/<id:order_id>/payments")
@allow("admin", "operator")
@describe(
    "Record a payment of an order",
    "Orders",
    body=AddPayment,
    headers=(IF_MATCH, KEY),
    answers={
        **_REFUSED,
        201: ("The order with its `payments`.", named("Order")),
        409: ("It is paid by hand, or has as many as an order may.", named("Problem")),
    },
)
def add_payment(order_id: str) -> Response:
    """Record money that came in, or is to come."""
    given = json_body(_PAYMENT)

    def work(tx: Transaction, held: Held, who: Identity) -> Json:
        return payments.add_payment(tx, held, given, who.actor)

    return change_once(order_id, work, 201)


@api.patch("/orders/<id:order_id>/payments/<id:payment_id>")
@allow("admin", "operator")
@describe(
    "Say what became of a payment",
    "Orders",
    body=MovePayment,
    headers=(IF_MATCH,),
    answers={
        **_REFUSED,
        200: ("The order with its `payments`.", named("Order")),
        404: ("No such order, or it has no such payment.", named("Problem")),
        409: ("That cannot become of it; `allowed` says what can.", named("Problem")),
    },
)
def move_payment(order_id: str, payment_id: str) -> Response:
    """Bring a payment that is waiting or authorized into another status."""
    status = json_body(_MOVE)["status"]
    return change(
        order_id,
        lambda tx, held, who: payments.move_payment(tx, held, payment_id, status, who.actor),
    )


@api.get("/orders/<id:order_id>/refundable")
@allow("admin", "viewer")
@describe(
    "Read what of an order can still go back",
    "Orders",
    answers={200: ("In money, and of each line.", REFUNDABLE), 404: _REFUSED[404]},
)
def read_refundable(order_id: str) -> Response:
    """What can still be refunded, and what can still come back."""
    order = whole(queries.get(order_id)[0])
    rest = returning.left(order)
    left = refunding.left(order)
    for line in left["lines"]:
        line["returnable"] = rest.get(line["line"], 0)
    return answer(left)


@api.post("/orders/<id:order_id>/refunds")
@allow("admin", "operator")
@describe(
    "Refund an order or a part of it",
    "Orders",
    body=Refund,
    query=PreviewQuery,
    headers=(IF_MATCH, KEY),
    answers={
        **_REFUSED,
        200: ("With `preview=yes`: how the order would be.", REFUNDED),
        201: ("The order with its `refunds`, and what went back in all.", REFUNDED),
        409: ("More than was paid and is left; `refundable` says how much is.", named("Problem")),
    },
)
def refund(order_id: str) -> Response:
    """Give money back: by line, by quantity, by amount, of the shipping, in goodwill."""
    given, by = json_body(_REFUND), parts().provider

    def work(tx: Transaction, held: Held, who: Identity) -> Json:
        return payments.refund(tx, held, given, who.actor, by.name if by else None)

    def told(order: Json) -> Json:
        return {**order, "refunded": order["payment"]["refunded"]}

    return change_once(order_id, work, 201, told, has_preview=True)
