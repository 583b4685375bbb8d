"""Columns of an order that follow from its others, and are kept to be asked for. Pure."""

from collections.abc import Mapping
from typing import Any

from orderboard.orders import paying, rules
from orderboard.orders.due import due_in

Json = dict[str, Any]


def following(row: Mapping[str, Any]) -> Json:
    """What has to become of an order's row after any of it has changed."""
    found: Json = {}
    if row["held_until"] and row["status"] != rules.HELD:
        found["held_until"] = None
    if row["status"] in rules.CALLED_OFF and (row["details"] or {}).get("duplicate_of"):
        rest = {name: value for name, value in row["details"].items() if name != "duplicate_of"}
        found["details"] = rest or None
    if row["payments"]:
        found["payment_status"] = paying.standing(row).status
    if (due := due_in(row["details"], row["tracking"], row["times"])) != row["due_at"]:
        found["due_at"] = due
    return found
