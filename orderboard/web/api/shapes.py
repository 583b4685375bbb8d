"""JSON Schemas of what the API answers. Built from a few words, since so much may be null."""

from typing import Any

from orderboard.orders.rules import STATUSES, TYPES
from orderboard.web.api.money_shapes import PAYMENT, REFUND
from orderboard.web.api.order_shapes import (
    ACTOR,
    ADDRESS,
    DRIVER,
    LINE,
    ORDER,
    PERSON,
    PRINT_FAILED,
    PRINTED,
    PUBLIC,
    QUANTITY,
    TRACKING,
)
from orderboard.web.api.shape_words import (
    COUNT,
    EVENT_ID,
    MONEY,
    TEXT,
    TEXT_OR_NULL,
    TIME,
    counts,
    many,
    named,
    or_null,
    thing,
)

Json = dict[str, Any]

_EVENT = thing(
    id=EVENT_ID,
    position=COUNT,
    type={"type": "string", "examples": ["order.created"]},
    at=TIME,
    actor=named("Actor"),
    changes=many(TEXT),
    was={"type": "object", "description": "The changed fields as they were before."},
)
_EVENT["properties"] |= {
    "order": {
        "type": "object",
        "description": "The whole order right after the event, as this listener may see it.",
    },
    "note": named("Note"),
    "prints": thing(order_id=TEXT, printed=PRINTED, print_failed=PRINT_FAILED),
    "driver": named("Driver"),
    "product": {"type": "object", "description": "The product, as this listener may see it."},
    "settings": {"type": "object", "description": "The settings, as this listener may see them."},
    "discount": {"type": "object", "description": "A discount code, to those who may see all."},
    "customer": {"type": "object", "description": "Customers that were merged or erased: ids."},
    "order_id": {"type": "string", "description": "The order that another thing belongs to."},
    "undoes": {**COUNT, "description": "The position of the event that this one takes back."},
    "undo_until": {
        **TIME,
        "description": "In a timeline: until when this can be taken back, if it can be as it is.",
    },
}
_NOTE = thing(id=TEXT, order_id=TEXT, text=TEXT, at=TIME, by=named("Actor"))
_NOTE["properties"]["mentions"] = {
    **many(thing(id=COUNT, name=TEXT)),
    "description": "Those of the staff whom it is for.",
}
_QUANTITY_OR_NULL: Json = {
    "type": ["integer", "string", "null"],
    "description": "null: not counted",
}
_OPTION = thing(
    name=TEXT, required={"type": "boolean"}, values=many(thing(value=TEXT, price=MONEY))
)
_SOLD: dict[str, Json] = {
    "sku": TEXT,
    "name": TEXT,
    **dict.fromkeys(("description", "category", "tax_rate", "image"), TEXT_OR_NULL),
    "price": MONEY,
    "currency": TEXT,
    "options": many(_OPTION),
    "available": _QUANTITY_OR_NULL,
    "active": {"type": "boolean"},
    "version": COUNT,
    "revision": {**COUNT, "description": "Counts what orders do to the stock as well."},
}
_PRODUCT = thing(
    **_SOLD,
    stock=_QUANTITY_OR_NULL,
    reserved=QUANTITY,
    reorder_level=QUANTITY,
    low={"type": "boolean"},
    created_at=TIME,
    updated_at=TIME,
    updated_by=named("Actor"),
)
_PROBLEM = thing(type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT)
_PROBLEM["properties"] |= {
    "errors": many(thing(path=TEXT, message=TEXT)),
    "allowed": many(TEXT),
    "order_id": TEXT,
    "order": {"type": "object"},
    "product": {"type": "object"},
    "settings": {"type": "object"},
    "discount": {"type": "object"},
    "sku": TEXT,
    "changed_by": named("Actor"),
}
_RESULT = thing(status={"type": "integer"})
_RESULT["properties"] |= {
    "order": named("Order"),
    "id": TEXT,
    "product": named("Product"),
    "sku": TEXT,
    "position": {**COUNT, "description": "Of the event that it became, which can be undone."},
    "problem": named("Problem"),
}

SCHEMAS: dict[str, Json] = {
    "Actor": ACTOR,
    "Address": ADDRESS,
    "Customer": PERSON,
    "Driver": DRIVER,
    "Event": _EVENT,
    "Line": LINE,
    "Note": _NOTE,
    "Order": ORDER,
    "Payment": PAYMENT,
    "Problem": _PROBLEM,
    "Product": _PRODUCT,
    "PublicOrder": PUBLIC,
    "Refund": REFUND,
    "Result": _RESULT,
    "Tracking": TRACKING,
}
ORDERS_PAGE = thing(orders=many(named("Order")), next=TEXT_OR_NULL, position=EVENT_ID)
PRODUCTS_PAGE = thing(products=many(named("Product")), next=TEXT_OR_NULL, position=EVENT_ID)
CATALOGUE = thing(products=many(thing(**_SOLD)), next=TEXT_OR_NULL, position=EVENT_ID)
_CHANGE = thing(sku=TEXT, name=TEXT, was={"type": ["object", "null"]}, now={"type": "object"})
IMPORTED = thing(
    created=COUNT,
    updated=COUNT,
    unchanged=COUNT,
    changes=many(_CHANGE),
    ignored=many(TEXT),
    preview={"type": "boolean"},
)
TRACKED = {"allOf": [named("PublicOrder"), thing(position=EVENT_ID)]}
RESULTS = thing(results=many(named("Result")))
EVENTS = thing(events=many(named("Event")), next=EVENT_ID, reset=or_null(thing(reason=TEXT)))
OVERVIEW = thing(
    orders=COUNT,
    today=COUNT,
    by_status=counts(STATUSES),
    by_type=counts(TYPES),
    currency=TEXT,
    revenue=MONEY,
    revenue_today=MONEY,
    revenue_by_currency={"type": "object", "additionalProperties": MONEY},
    customers=COUNT,
    products=COUNT,
    unread_messages=COUNT,
    cancellation_requests=COUNT,
    at_risk=COUNT
    | {"description": "Open orders past due, or not accepted in time; of each up to 1,000."},
    subscribers=COUNT,
    position=EVENT_ID,
)
