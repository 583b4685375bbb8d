"""JSON Schemas of what the API answers about customers."""

from typing import Any

from orderboard.orders.rules import STATUSES
from orderboard.web.api.shape_words import (
    COUNT,
    EVENT_ID,
    MONEY,
    TEXT,
    TEXT_OR_NULL,
    TIME,
    many,
    named,
    or_null,
    thing,
)

Json = dict[str, Any]
_CLIENT = thing(
    id=TEXT,
    name=TEXT,
    **dict.fromkeys(("company", "email", "phone"), TEXT_OR_NULL),
    also=many(TEXT) | {"description": "E-mail, phone or name of those who were merged into it."},
    orders_count=COUNT,
    sums=many(thing(currency=TEXT, orders=COUNT, total=MONEY)),
    first_seen=TIME,
    last_seen=TIME,
    erasing={"type": "boolean", "description": "They are to be forgotten, and soon will be."},
)
SCHEMAS: dict[str, Json] = {"Client": _CLIENT}
CUSTOMERS_PAGE = thing(customers=many(named("Client")), next=TEXT_OR_NULL, position=EVENT_ID)
CUSTOMER_PAGE: Json = {
    "allOf": [named("Client"), thing(orders=many(named("Order")), next=TEXT_OR_NULL)]
}
_WITH_EVENTS: Json = {"allOf": [named("Order"), thing(events=many(named("Event")))]}
CUSTOMER_EXPORT = thing(customer=named("Client"), exported_at=TIME, orders=many(_WITH_EVENTS))
_PREVIOUS = thing(
    id=TEXT, number=COUNT, status={"enum": list(STATUSES)}, created_at=TIME, status_label=TEXT
)
CUSTOMER_OF_ORDER = thing(
    customer=or_null(named("Client")),
    ordinal={"type": ["integer", "null"], "description": "4: it is their fourth order."},
    previous=or_null(_PREVIOUS),
)
