"""An order as the log keeps it: facts alone, as plain JSON data, all that staff may see."""

from collections.abc import Iterable, Mapping
from typing import Any

from orderboard.clock import rfc3339
from orderboard.money import to_text
from orderboard.orders import paying
from orderboard.orders.rules import Line

Json = dict[str, Any]

ADDRESS = ("name", "line1", "line2", "city", "region", "postal_code", "country", "lat", "lng")
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
        "items": [_line(line, currency) for line in lines],
        "currency": currency,
        **{
            name: to_text(row[name], currency)
            for name in ("subtotal", "shipping", "tax", "discount", "total")
        },
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
    }


def _line(line: Line, currency: str) -> Json:
    return {
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "unit_price": to_text(line.unit_price, currency),
        "discount": to_text(line.discount, currency),
        "total": to_text(line.total, currency),
    }


def _filled(names: Iterable[str], given: Mapping[str, Any]) -> Json:
    return {name: given.get(name) for name in names}
