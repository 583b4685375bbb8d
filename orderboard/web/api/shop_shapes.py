"""JSON Schemas of what the API answers about the shop itself."""

from orderboard.web.api.shape_words import COUNT, TEXT, TEXT_OR_NULL, many, named, thing

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
PUBLIC_SHOP = thing(
    shop_name=TEXT,
    accent=TEXT_OR_NULL,
    logo_url=TEXT_OR_NULL,
    contact=thing(phone=TEXT_OR_NULL, email=TEXT_OR_NULL, address=TEXT_OR_NULL),
    imprint=TEXT_OR_NULL,
    opening_hours={"type": "object", "additionalProperties": many(_HOURS)},
    lead_minutes=COUNT,
    methods=many(TEXT),
    version=COUNT,
    currency=TEXT,
    timezone=TEXT,
)
