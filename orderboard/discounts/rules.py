"""What a discount code takes off an order, or why it does not. Pure."""

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from orderboard.money import to_text

Json = dict[str, Any]


def trouble(row: Mapping[str, Any], goods: int, currency: str, now: datetime) -> str | None:
    """Why an order of goods of so much (minor units) cannot have a code; None where it can."""
    if not row["active"]:
        return "is not valid any more"
    if row["valid_from"] and now < row["valid_from"]:
        return "is not valid yet"
    if row["valid_until"] and now >= row["valid_until"]:
        return "has expired"
    if row["most_uses"] is not None and row["used"] >= row["most_uses"]:
        return "has been used up"
    has_amounts = row["amount"] is not None or row["minimum"] is not None
    if has_amounts and currency != row["currency"]:
        return f"is for what is sold in {row['currency']}"
    if row["minimum"] is not None and goods < row["minimum"]:
        least = to_text(row["minimum"], currency)
        return f"is for orders of {least} {currency} and more, without delivery"
    return None


def worth(row: Mapping[str, Any], goods: int) -> int:
    """What a code takes off goods of so much, in minor units; never more than they cost."""
    if row["percent"] is None:
        return min(int(row["amount"] or 0), goods)
    share = Decimal(goods) * Decimal(row["percent"]) / 100
    return int(share.to_integral_value(ROUND_HALF_EVEN))


def wrong(row: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a code as a whole, by field."""
    errors: dict[str, str] = {}
    if (row["percent"] is None) == (row["amount"] is None):
        text = "or amount is needed" if row["percent"] is None else "and amount exclude each other"
        errors["percent"] = text
    elif row["percent"] is not None and Decimal(row["percent"]) == 0:
        errors["percent"] = "must be more than nothing"
    elif row["amount"] == 0:
        errors["amount"] = "must be more than nothing"
    begin, end = row["valid_from"], row["valid_until"]
    if begin and end and end <= begin:
        errors["valid_until"] = "must be after valid_from"
    return errors
