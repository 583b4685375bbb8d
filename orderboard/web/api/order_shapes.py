"""JSON Schemas of an order as the API answers it, and of its parts."""

from orderboard.orders import snapshot
from orderboard.orders.rules import METHODS, PAYMENT_METHODS, STATUSES, TYPES
from orderboard.web.api.money_shapes import (
    PUBLIC_PAYMENT,
    PUBLIC_REFUND,
    PUBLIC_RETURN,
    RETURN,
    STANDING,
)
from orderboard.web.api.shape_words import (
    COUNT,
    MONEY,
    NUMBER_OR_NULL,
    TEXT,
    TEXT_OR_NULL,
    TIME,
    Json,
    many,
    named,
    or_null,
    some,
    thing,
)

PERSON = thing(name=TEXT, company=TEXT_OR_NULL, email=TEXT_OR_NULL, phone=TEXT_OR_NULL)
ACTOR = thing(kind={"enum": ["staff", "script", "customer", "driver", "system"]})
ACTOR["properties"]["name"] = TEXT_OR_NULL
QUANTITY: Json = {"type": ["integer", "string"], "examples": [3, "1.250"]}
LINE = thing(
    sku=TEXT_OR_NULL,
    name=TEXT,
    quantity=QUANTITY,
    unit_price=MONEY,
    discount=MONEY,
    total=MONEY,
)
LINE["properties"] |= {
    "id": {**TEXT, "description": "Stays with the line, whatever is edited."},
    "options": many(some(name=TEXT, value=TEXT, price=MONEY)),
    **dict.fromkeys(("unit", "note", "tax_rate", "image"), TEXT),
}
ADDRESS = thing(
    **dict.fromkeys(snapshot.ADDRESS[:-2], TEXT_OR_NULL), lat=NUMBER_OR_NULL, lng=NUMBER_OR_NULL
)
ADDRESS["required"] = [part for part in snapshot.ADDRESS if part not in ("phone", "instructions")]
TRACKING = thing(
    **dict.fromkeys(("carrier", "number", "url", "eta"), TEXT_OR_NULL),
    partner=or_null(thing(name=TEXT)),
    location=or_null(thing(lat={"type": "number"}, lng={"type": "number"}, at=TIME)),
)
DRIVER = thing(id=TEXT, name=TEXT, phone=TEXT_OR_NULL)
_SHARED: dict[str, Json] = {
    "id": TEXT,
    "number": COUNT,
    "type": {"enum": list(TYPES)},
    "status": {"enum": list(STATUSES)},
    "status_label": TEXT,
    "items": many(named("Line")),
    "currency": TEXT,
    **dict.fromkeys(("subtotal", "shipping", "tax", "discount", "total"), MONEY),
    "taxes": many(some(name=TEXT, rate=TEXT, amount=MONEY)),
    "tax_included": {"type": "boolean", "description": "The prices contain the taxes."},
    "fees": many(thing(name=TEXT, amount=MONEY)),
    "tip": MONEY,
    "discounts": many(some(code=TEXT, name=TEXT, amount=MONEY)),
    "rounding": MONEY,
    "address": or_null(named("Address")),
    "billing_address": or_null(named("Address")),
    "fulfilment": or_null(
        {
            **some(
                method={"enum": list(METHODS)},
                **{"from": TIME},
                until=TIME,
                instructions=TEXT,
                table=TEXT,
            ),
            "required": ["method"],
        }
    ),
    "shipments": many(some(carrier=TEXT, number=TEXT, url=TEXT, lines=many(TEXT))),
    "display_number": TEXT_OR_NULL,
    "locale": TEXT_OR_NULL,
    "payment_method": {"enum": list(PAYMENT_METHODS)},
    "payment": STANDING,
    "note": TEXT_OR_NULL,
    "tracking": named("Tracking"),
    "cancel_reason": TEXT_OR_NULL,
    "cancellation_request": or_null(thing(reason=TEXT, requested_at=TIME)),
    "version": COUNT,
    "created_at": TIME,
    "updated_at": TIME,
}
_OF_ITS_RULES: dict[str, Json] = {
    "inbound": {"type": "boolean", "description": "Goods come to the shop."},
    "on_the_way": {"type": "boolean", "description": "It has still to arrive."},
    "called_off": {"type": "boolean", "description": "It came to nothing; nothing is due."},
}
_OWED = {**MONEY, "description": "What the shop has of its money and should not."}
PRINTED: Json = {
    **or_null(thing(at=TIME, by=named("Actor"), times=COUNT)),
    "description": "When and by whom it was printed last, and how often. Makes no version.",
}
PRINT_FAILED: Json = {
    **or_null(thing(printer=TEXT, name=TEXT, reason=TEXT, at=TIME)),
    "description": "The printer that has still to print it, and why it has not.",
}
ORDER = thing(
    **_SHARED,
    payments=many(named("Payment")),
    refunds=many(named("Refund")),
    returns=many(RETURN),
    external_id=TEXT_OR_NULL,
    source=TEXT,
    channel=TEXT_OR_NULL,
    tags=many(TEXT),
    metadata={"type": "object", "additionalProperties": TEXT},
    allowed=many({"enum": list(STATUSES)}),
    refundable={**MONEY, "description": "What was paid and has not gone back."},
    owed=_OWED,
    items_open={"type": "boolean", "description": "Lines and amounts can be changed."},
    returnable={"type": "boolean", "description": "Something of it can come back."},
    customer=named("Customer"),
    related_order=TEXT_OR_NULL,
    driver=or_null(named("Driver")),
    assigned_to=or_null(thing(id=COUNT, name=TEXT)),
    times={"type": "object", "additionalProperties": TIME},
    updated_by=named("Actor"),
    duplicate_of=or_null(
        {
            **thing(id=TEXT, number=COUNT),
            "description": "The order that it probably repeats, until that is settled.",
        }
    ),
    held_until={
        "type": ["string", "null"],
        "description": "When it comes back by itself from being on hold.",
    },
    due_at={
        "type": ["string", "null"],
        "description": "When it is due: as it was promised until it is ready or shipped, or else as"
        " it is wanted or expected.",
    },
    acceptance=or_null(thing(by=named("Actor"), at=TIME, ready_at={"type": ["string", "null"]})),
    printed=PRINTED,
    print_failed=PRINT_FAILED,
)
ORDER["properties"]["track_url"] = {
    "type": "string",
    "description": "The customer's link; for staff and the one who placed the order.",
}
_STEP = thing(
    status={"enum": list(STATUSES)},
    label=TEXT,
    at={"type": ["string", "null"]},
    state={"enum": ["done", "current", "upcoming", "stopped"]},
)
PUBLIC = thing(
    **_SHARED,
    **_OF_ITS_RULES,
    payments=many(PUBLIC_PAYMENT),
    refunds=many(PUBLIC_REFUND),
    returns=many(PUBLIC_RETURN),
    owed=_OWED,
    customer=thing(name=TEXT),
    driver=or_null(thing(name=TEXT, phone=TEXT_OR_NULL)),
    steps=many(_STEP),
    promised_at={"type": ["string", "null"], "description": "By when it is to be ready."},
    can_cancel={"enum": ["cancel", "request", None]},
)
