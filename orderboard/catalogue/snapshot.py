"""A product as the log keeps it: plain JSON data, all that staff may see. Pure."""

from collections.abc import Mapping
from typing import Any

from orderboard.catalogue import rules
from orderboard.clock import rfc3339
from orderboard.money import to_text
from orderboard.quantities import quantity_text

Json = dict[str, Any]
_AS_IT_IS = ("sku", "name", "description", "category", "currency", "tax_rate", "image", "active")


def snapshot(row: Mapping[str, Any]) -> Json:
    """The whole product from its row."""
    currency, left = row["currency"], rules.available(row)
    return {
        **{name: row[name] for name in _AS_IT_IS},
        "price": to_text(row["price"], currency),
        "options": [_option(option, currency) for option in row["options"]],
        "stock": _told(row["stock"]),
        "reserved": quantity_text(row["reserved"]),
        "available": _told(left),
        "reorder_level": quantity_text(row["reorder_level"]),
        "low": rules.is_low(row),
        "version": row["version"],
        "revision": row["revision"],
        "created_at": rfc3339(row["created_at"]),
        "updated_at": rfc3339(row["updated_at"]),
        "updated_by": {"kind": row["updated_by_kind"], "name": row["updated_by_name"]},
    }


def _told(thousandths: int | None) -> int | str | None:
    return None if thousandths is None else quantity_text(thousandths)


def _option(option: Json, currency: str) -> Json:
    values = [{**value, "price": to_text(value["price"], currency)} for value in option["values"]]
    return {**option, "values": values}
