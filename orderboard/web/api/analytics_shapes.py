"""JSON Schemas of what the API answers about a period."""

from typing import Any

from orderboard.analytics.facts import TIMES
from orderboard.analytics.periods import INTERVALS
from orderboard.orders.rules import STATUSES, TYPES
from orderboard.web.api.order_shapes import QUANTITY
from orderboard.web.api.shape_words import (
    COUNT,
    EVENT_ID,
    MONEY,
    NUMBER_OR_NULL,
    TEXT,
    TEXT_OR_NULL,
    TIME,
    many,
    named,
    or_null,
    thing,
)

Json = dict[str, Any]
_MONEY_BY_CURRENCY: Json = {"type": "object", "additionalProperties": MONEY}
_PART = thing(orders=COUNT, revenue=MONEY, refunds=MONEY)
_DURATION = thing(
    count=COUNT,
    median=NUMBER_OR_NULL | {"description": "Seconds."},
    p90=NUMBER_OR_NULL | {"description": "Seconds that nine of ten do not exceed."},
)
_TOTALS = thing(
    orders=COUNT,
    revenue=MONEY,
    refunds=MONEY,
    average=MONEY | {"description": "What an order that was not called off brought."},
    cancelled=COUNT | {"description": "Orders that were cancelled or declined."},
    revenue_by_currency=_MONEY_BY_CURRENCY,
    refunds_by_currency=_MONEY_BY_CURRENCY,
)
_INTERVAL: Json = thing(**{"from": TIME, "to": TIME}, orders=COUNT, revenue=MONEY, refunds=MONEY)
_PERIOD = thing(
    **{"from": TIME, "to": TIME},
    totals=_TOTALS,
    intervals=many(_INTERVAL),
    times=thing(**dict.fromkeys(TIMES, _DURATION)),
)
SCHEMAS: dict[str, Json] = {"Period": _PERIOD}
_SOLD = thing(sku=TEXT_OR_NULL, name=TEXT, orders=COUNT, quantity=QUANTITY, revenue=MONEY)
_REASON = thing(
    reason=TEXT_OR_NULL | {"description": "null: none was given, or one of many seldom ones."},
    orders=COUNT,
)
ANALYTICS: Json = {
    "allOf": [
        named("Period"),
        thing(
            by_status=thing(**dict.fromkeys(STATUSES, _PART)),
            by_type=thing(**dict.fromkeys(TYPES, _PART)),
            by_channel={
                "type": "object",
                "additionalProperties": _PART,
                "description": 'By the `channel` of the orders; "": those that have none.',
            },
            cancellations=many(_REASON),
            products=many(_SOLD),
            interval={"enum": list(INTERVALS)},
            zone=TEXT,
            currency=TEXT,
            previous=or_null(named("Period")),
            position=EVENT_ID,
        ),
    ]
}
