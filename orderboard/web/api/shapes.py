"""JSON Schemas of what the API answers. Built from a few words, since so much may be null."""

from typing import Any

from orderboard.orders.rules import PAYMENT_METHODS, STATUSES, TYPES
from orderboard.web.api.money_shapes import PAYMENT, PUBLIC_PAYMENT, PUBLIC_REFUND, REFUND, STANDING
from orderboard.web.api.shape_words import (
    COUNT,
    EVENT_ID,
    MONEY,
    NUMBER_OR_NULL,
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

_PERSON = thing(name=TEXT, company=TEXT_OR_NULL, email=TEXT_OR_NULL, phone=TEXT_OR_NULL)
_ACTOR = thing(kind={"enum": ["staff", "script", "customer", "driver", "system"]})
_ACTOR["properties"]["name"] = TEXT_OR_NULL
_LINE = thing(
    sku=TEXT_OR_NULL,
    name=TEXT,
    quantity=COUNT,
    unit_price=MONEY,
    discount=MONEY,
    total=MONEY,
)
_ADDRESS = thing(
    **dict.fromkeys(
        ("name", "line1", "line2", "city", "region", "postal_code", "country"), TEXT_OR_NULL
    ),
    lat=NUMBER_OR_NULL,
    lng=NUMBER_OR_NULL,
)
_TRACKING = thing(
    **dict.fromkeys(("carrier", "number", "url", "eta"), TEXT_OR_NULL),
    partner=or_null(thing(name=TEXT)),
    location=or_null(thing(lat={"type": "number"}, lng={"type": "number"}, at=TIME)),
)
_DRIVER = thing(id=TEXT, name=TEXT, phone=TEXT_OR_NULL)
_SHARED: dict[str, Json] = {
    "id": TEXT,
    "number": COUNT,
    "type": {"enum": list(TYPES)},
    "status": {"enum": list(STATUSES)},
    "status_label": TEXT,
    "items": many(named("Line")),
    "currency": TEXT,
    **dict.fromkeys(("subtotal", "shipping", "tax", "discount", "total"), MONEY),
    "address": or_null(named("Address")),
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
_ORDER = thing(
    **_SHARED,
    payments=many(named("Payment")),
    refunds=many(named("Refund")),
    external_id=TEXT_OR_NULL,
    source=TEXT,
    allowed=many({"enum": list(STATUSES)}),
    customer=named("Customer"),
    related_order=TEXT_OR_NULL,
    driver=or_null(named("Driver")),
    times={"type": "object", "additionalProperties": TIME},
    updated_by=named("Actor"),
)
_ORDER["properties"]["track_url"] = {
    "type": "string",
    "description": "The customer's link; for staff and the one who placed the order.",
}
_STEP = thing(
    status={"enum": list(STATUSES)},
    label=TEXT,
    at={"type": ["string", "null"]},
    state={"enum": ["done", "current", "upcoming", "stopped"]},
)
_PUBLIC = thing(
    **_SHARED,
    **_OF_ITS_RULES,
    payments=many(PUBLIC_PAYMENT),
    refunds=many(PUBLIC_REFUND),
    customer=thing(name=TEXT),
    driver=or_null(thing(name=TEXT, phone=TEXT_OR_NULL)),
    steps=many(_STEP),
    can_cancel={"enum": ["cancel", "request", None]},
)
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
    "driver": named("Driver"),
    "product": {"type": "object", "description": "The product, as this listener may see it."},
    "settings": {"type": "object", "description": "The settings, as this listener may see them."},
    "customer": {"type": "object", "description": "Customers that were merged or erased: ids."},
    "order_id": {"type": "string", "description": "The order that another thing belongs to."},
}
_NOTE = thing(id=TEXT, order_id=TEXT, text=TEXT, at=TIME, by=named("Actor"))
QUANTITY: Json = {"type": ["integer", "string"], "examples": [3, "1.250"]}
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
    "sku": TEXT,
    "changed_by": named("Actor"),
}
_RESULT = thing(status={"type": "integer"})
_RESULT["properties"] |= {
    "order": named("Order"),
    "id": TEXT,
    "product": named("Product"),
    "sku": TEXT,
    "problem": named("Problem"),
}

SCHEMAS: dict[str, Json] = {
    "Actor": _ACTOR,
    "Address": _ADDRESS,
    "Customer": _PERSON,
    "Driver": _DRIVER,
    "Event": _EVENT,
    "Line": _LINE,
    "Note": _NOTE,
    "Order": _ORDER,
    "Payment": PAYMENT,
    "Problem": _PROBLEM,
    "Product": _PRODUCT,
    "PublicOrder": _PUBLIC,
    "Refund": REFUND,
    "Result": _RESULT,
    "Tracking": _TRACKING,
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
    subscribers=COUNT,
    position=EVENT_ID,
)
