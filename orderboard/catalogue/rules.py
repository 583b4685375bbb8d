"""The rules of a catalogue. Pure: no database, no clock, no web."""

from collections.abc import Mapping
from typing import Any


def available(product: Mapping[str, Any]) -> int | None:
    """How much can still be promised, in thousandths; None where it is not counted."""
    stock: int | None = product["stock"]
    return None if stock is None else max(stock - int(product["reserved"]), 0)


def is_low(product: Mapping[str, Any]) -> bool:
    """Whether it is time to order more: no more is left than the reorder level, or nothing."""
    left = available(product)
    return left is not None and left <= product["reorder_level"]
