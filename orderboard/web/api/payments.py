"""Money that comes in for an order and goes back."""

from typing import Any

from flask import Blueprint, Response

from orderboard.events.log import Transaction
from orderboard.orders import payments
from orderboard.orders.commands import Held
from orderboard.orders.payment_schemas import AddPayment, Refund
from orderboard.web.access import Identity, allow
from orderboard.web.api.changing import change_once
from orderboard.web.api.describe import describe
from orderboard.web.api.money_shapes import REFUNDED
from orderboard.web.api.repeating import KEY
from orderboard.web.api.shape_words import named
from orderboard.web.api.versions import IF_MATCH
from orderboard.web.body import json_body

Json = dict[str, Any]
api = Blueprint("payments", __name__)
_PAYMENT, _REFUND = AddPayment(), Refund()
_REFUSED = {
    404: ("No such order.", named("Problem")),
    412: ("Somebody changed it since; `order` is how it is now.", named("Problem")),
}


@api.post("/orders/<id:order_id>/payments")
@allow("admin", "staff")
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


@api.post("/orders/<id:order_id>/refunds")
@allow("admin", "staff")
@describe(
    "Refund an order or a part of it",
    "Orders",
    body=Refund,
    headers=(IF_MATCH, KEY),
    answers={
        **_REFUSED,
        201: ("The order with its `refunds`, and what went back in all.", REFUNDED),
        409: ("More than was paid and is left; `refundable` says how much is.", named("Problem")),
    },
)
def refund(order_id: str) -> Response:
    """Give money back: by line, by quantity, by amount, of the shipping, in goodwill."""
    given = json_body(_REFUND)

    def work(tx: Transaction, held: Held, who: Identity) -> Json:
        return payments.refund(tx, held, given, who.actor)

    return change_once(order_id, work, 201, lambda o: {**o, "refunded": o["payment"]["refunded"]})
