"""When an order is due. Pure: from what was promised, wanted or expected of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from orderboard.clock import parse_rfc3339

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""In an order's row the time of one that is not due at any; no time from outside is as late."""


_MADE = frozenset({"ready", "shipped"})
"""Statuses that keep the promise of when an order is ready."""


def due_at(order: Mapping[str, Any]) -> str | None:
    """By when an order (a snapshot) is due: until it is ready or shipped as it was promised, or
    else as its customer wants it, or else when it is expected to arrive.
    """
    promised, wanted = order.get("acceptance"), order.get("fulfilment")
    if promised and promised["ready_at"] and not _MADE & order["times"].keys():
        found: str | None = promised["ready_at"]
        return found
    if wanted and (said := wanted.get("until") or wanted.get("from")):
        return str(said)
    return (order["tracking"] or {}).get("eta")


def due_in(
    details: Mapping[str, Any] | None, tracking: Mapping[str, Any] | None, times: Mapping[str, str]
) -> datetime:
    """The same of an order's columns, as its row has it."""
    if not details and not tracking:
        return NEVER  # most orders, when they are placed
    said = due_at({**(details or {}), "tracking": tracking, "times": times})
    return parse_rfc3339(said) if said else NEVER
