"""JSON Schemas of what the API answers about the shop itself."""

from orderboard.web.api.shape_words import (
    COUNT,
    MONEY,
    TEXT,
    TEXT_OR_NULL,
    TIME,
    many,
    named,
    or_null,
    thing,
)

_SETTING = thing(
    value={},
    fixed={"type": "boolean", "description": "Only the environment sets it."},
    variable={**TEXT_OR_NULL, "description": "The environment's name for it."},
)
SETTINGS = thing(
    settings={"type": "object", "additionalProperties": _SETTING},
    version=COUNT,
    updated_at=TEXT_OR_NULL,
    updated_by=named("Actor"),
)
_HOURS = thing(**{"from": TEXT, "until": TEXT})
_CHARGE = thing(**dict.fromkeys(("fee", "free_from", "minimum"), or_null(MONEY)))
PUBLIC_SHOP = thing(
    shop_name=TEXT,
    accent=TEXT_OR_NULL,
    logo_url=TEXT_OR_NULL,
    contact=thing(phone=TEXT_OR_NULL, email=TEXT_OR_NULL, address=TEXT_OR_NULL),
    imprint=TEXT_OR_NULL,
    opening_hours={"type": "object", "additionalProperties": many(_HOURS)},
    lead_minutes=COUNT,
    methods=many(TEXT),
    charges={"type": "object", "additionalProperties": _CHARGE},
    version=COUNT,
    currency=TEXT,
    timezone=TEXT,
)
_MONEY_OR_NULL = or_null(MONEY)
DISCOUNT = thing(
    code=TEXT,
    name=TEXT_OR_NULL,
    percent=TEXT_OR_NULL,
    amount=_MONEY_OR_NULL,
    minimum=_MONEY_OR_NULL,
    currency=TEXT,
    valid_from=or_null(TIME),
    valid_until=or_null(TIME),
    most_uses=or_null(COUNT),
    used={**COUNT, "description": "Orders that have it now."},
    active={"type": "boolean"},
    version=COUNT,
    created_at=TIME,
    updated_at=TIME,
    updated_by=named("Actor"),
)
_SUMS = dict.fromkeys(("subtotal", "shipping", "tax", "discount", "tip", "total"), MONEY)
QUOTE = thing(
    currency=TEXT,
    **_SUMS,
    fees=many(thing(name=TEXT, amount=MONEY)),
    discounts=many(thing(code=TEXT, amount=MONEY)),
)
