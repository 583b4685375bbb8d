"""JSON Schemas of an order's money, and of what comes back."""

from orderboard.orders import paying, returning, transfers
from orderboard.orders.rules import PAYMENT_METHODS
from orderboard.web.api.shape_words import (
    COUNT,
    MONEY,
    TEXT,
    TEXT_OR_NULL,
    TIME,
    Json,
    many,
    named,
    or_null,
    thing,
)

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
_QUANTITY = {"type": ["integer", "string"], "examples": [1]}
_STATE = {"enum": list(returning.STATES)}
PUBLIC_REFUND = thing(
    id=TEXT,
    amount=MONEY,
    at=TIME,
    failed={**MONEY, "description": "What of it could not go back the way it came."},
)
_REFUND = thing(
    id=TEXT,
    amount=MONEY,
    lines=many(
        thing(
            line=TEXT,
            name=TEXT,
            quantity=_QUANTITY,
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
_TRANSFER = {"enum": list(transfers.STATUSES)}
REFUND: Json = {
    **_REFUND,
    "properties": {
        **_REFUND["properties"],
        "status": _TRANSFER,
        "transfers": many(
            thing(id=TEXT, payment=TEXT, amount=MONEY, status=_TRANSFER, reason=TEXT_OR_NULL)
        ),
    },
}
"""Where it goes back by a provider, it says how that is doing."""
PAYMENT: Json = {
    **PUBLIC_PAYMENT,
    "properties": {
        **PUBLIC_PAYMENT["properties"],
        "reference": TEXT_OR_NULL,
        "allowed": many({"enum": list(paying.PAYMENT_STATUSES)})
        | {"description": "What may become of it."},
    },
}
_LEFT = thing(line=TEXT, name=TEXT, quantity=_QUANTITY, amount=MONEY)
_LEFT["properties"]["returnable"] = _QUANTITY | {
    "description": "How much of it can still come back as a return or an exchange."
}
REFUNDABLE = thing(amount=MONEY, shipping=MONEY, lines=many(_LEFT))
REFUNDED = {"allOf": [named("Order"), thing(refunded=MONEY)]}
_KIND = {"enum": list(returning.KINDS)}
PUBLIC_RETURN = thing(
    number=COUNT, kind=_KIND, state=_STATE, lines=many(thing(name=TEXT, quantity=_QUANTITY))
)
RETURN = thing(
    order=TEXT,
    number=COUNT,
    kind=_KIND,
    state=_STATE,
    lines=many(thing(line=TEXT, name=TEXT, quantity=_QUANTITY)),
    reason=TEXT,
    replacement=or_null(thing(order=TEXT, number=COUNT)),
    at=TIME,
)
