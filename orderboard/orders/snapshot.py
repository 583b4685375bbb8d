"""An order as the log keeps it: facts alone, as plain JSON data, all that staff may see."""

from collections.abc import Iterable, Mapping
from typing import Any

from orderboard.clock import rfc3339
from orderboard.money import to_text
from orderboard.orders import paying
from orderboard.orders.lines import Line, told
from orderboard.orders.totals import EXTRAS, SUMS

Json = dict[str, Any]

ADDRESS = (
    *("name", "line1", "line2", "city", "region", "postal_code", "country"),
    *("phone", "instructions", "lat", "lng"),
)
_NOTHING: Json = {
    "taxes": [],
    "tax_included": False,
    "fees": [],
    "discounts": [],
    "fulfilment": None,
    "billing_address": None,
    "shipments": [],
    "channel": None,
    "display_number": None,
    "tags": [],
    "metadata": {},
    "locale": None,
}
DETAILS = tuple(name for name in _NOTHING if name not in EXTRAS)
"""What only some orders have, beside what their totals are made of. Kept where it says something:
most events are of orders that have none of it.
"""
BESIDE = ("acceptance", "assigned_to", "duplicate_of")
"""What is kept among the details and is not for whoever places an order to say."""
TRACKING = ("carrier", "number", "url", "eta", "partner")


def snapshot(row: Mapping[str, Any], lines: Iterable[Line], driver: Json | None) -> Json:
    """The whole order from its row, its lines and its driver (``{id, name, phone}``)."""
    currency = row["currency"]
    return {
        "id": row["id"],
        "number": row["number"],
        "external_id": row["external_id"],
        "source": row["source"],
        "type": row["type"],
        "status": row["status"],
        "customer": {
            "name": row["customer_name"],
            "company": row["customer_company"],
            "email": row["customer_email"],
            "phone": row["customer_phone"],
        },
        "items": [told(line, currency) for line in lines],
        "currency": currency,
        **{name: to_text(row[name], currency) for name in SUMS},
        "address": _filled(ADDRESS, row["address"]) if row["address"] else None,
        "payment_method": row["payment_method"],
        "payment": paying.told(row),
        "payments": row["payments"] or [],
        "refunds": row["refunds"] or [],
        "note": row["note"],
        "related_order": row["related_order"],
        "driver": driver,
        "tracking": {**_filled(TRACKING, row["tracking"] or {}), "location": row["place"]},
        "cancel_reason": row["cancel_reason"],
        "cancellation_request": row["cancellation_request"],
        "times": row["times"],
        "version": row["version"],
        "created_at": rfc3339(row["created_at"]),
        "updated_at": rfc3339(row["updated_at"]),
        "updated_by": {"kind": row["updated_by_kind"], "name": row["updated_by_name"]},
        "track_token": row["track_token"],
        **({"held_until": rfc3339(row["held_until"])} if row["held_until"] else {}),
        **(row["prints"] or {}),
        **(row["details"] or {}),
    }


def whole(order: Json) -> Json:
    """An order with all its fields, also those that it has nothing in or that came after it."""
    nothing = to_text(0, order["currency"])
    return {
        **_NOTHING,
        "returns": [],
        "acceptance": None,
        "assigned_to": None,
        "held_until": None,
        "duplicate_of": None,
        "printed": None,
        "print_failed": None,
        "tip": nothing,
        "rounding": nothing,
        **paying.whole(order),
    }


def details_of(given: Mapping[str, Any]) -> Json:
    """What is given of DETAILS, as it is kept: without what says nothing."""
    if not given:
        return {}
    kept = {name: _kept(name, given[name]) for name in DETAILS if given.get(name)}
    if "tags" in kept:
        kept["tags"] = list(dict.fromkeys(kept["tags"]))
    return kept


def _kept(name: str, value: Any) -> Any:
    match name:
        case "billing_address":
            return _filled(ADDRESS, value)
        case "fulfilment":
            return {part: said for part, said in value.items() if said is not None}
        case "shipments":
            return [{part: said for part, said in one.items() if said} for one in value]
    return value


def _filled(names: Iterable[str], given: Mapping[str, Any]) -> Json:
    return {name: given.get(name) for name in names}
