"""A discount code as the log keeps it: plain JSON data. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from orderboard.clock import rfc3339
from orderboard.money import to_text

Json = dict[str, Any]


def snapshot(row: Mapping[str, Any]) -> Json:
    """The whole code from its row."""
    currency = row["currency"]
    return {
        "code": row["code"],
        "name": row["name"],
        "percent": row["percent"],
        "amount": _money(row["amount"], currency),
        "minimum": _money(row["minimum"], currency),
        "currency": currency,
        "valid_from": _time(row["valid_from"]),
        "valid_until": _time(row["valid_until"]),
        "most_uses": row["most_uses"],
        "used": row["used"],
        "active": row["active"],
        "version": row["version"],
        "created_at": rfc3339(row["created_at"]),
        "updated_at": rfc3339(row["updated_at"]),
        "updated_by": {"kind": row["updated_by_kind"], "name": row["updated_by_name"]},
    }


def _money(minor: int | None, currency: str) -> str | None:
    return None if minor is None else to_text(minor, currency)


def _time(moment: datetime | None) -> str | None:
    return rfc3339(moment) if moment else None
