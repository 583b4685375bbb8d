"""JSON Schemas of an order's money."""

from orderboard.orders import paying
from orderboard.orders.rules import PAYMENT_METHODS
from orderboard.web.api.shape_words import MONEY, TEXT, TEXT_OR_NULL, TIME, Json, many, named, thing

STANDING = thing(
    method={"enum": list(PAYMENT_METHODS)},
    status={"enum": list(paying.STATUSES)},
    **dict.fromkeys(("paid", "refunded", "due"), MONEY),
)
PUBLIC_PAYMENT = thing(
    id=TEXT,
    method=TEXT,
    title=TEXT_OR_NULL,
    amount=MONEY,
    status={"enum": list(paying.PAYMENT_STATUSES)},
    at=TEXT_OR_NULL,
)
PUBLIC_REFUND = thing(id=TEXT, amount=MONEY, at=TIME)
REFUND = thing(
    id=TEXT,
    amount=MONEY,
    lines=many(
        thing(
            line=TEXT,
            name=TEXT,
            quantity={"type": ["integer", "string"], "examples": [1]},
            amount=MONEY,
        )
    ),
    shipping=MONEY,
    goodwill=MONEY,
    reason=TEXT,
    restock={"type": "boolean"},
    at=TIME,
    by=named("Actor"),
)
PAYMENT: Json = {
    **PUBLIC_PAYMENT,
    "properties": {**PUBLIC_PAYMENT["properties"], "reference": TEXT_OR_NULL},
}
REFUNDED = {"allOf": [named("Order"), thing(refunded=MONEY)]}
