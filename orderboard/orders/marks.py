"""The marks of an order: what it has that lists are narrowed by and no column is sorted with. Pure.

A mark is text, ``tag:gift``. Each order's marks are kept beside it with the day (in UTC) on which
it was placed, so that a list finds the orders that have one, and the days that have such orders.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Json = dict[str, Any]
NOBODY = "none"
"""Whose an order is that is nobody's."""


def _method(order: Mapping[str, Any]) -> Iterable[str]:
    fulfilment = order.get("fulfilment")
    return (fulfilment["method"],) if fulfilment else ()


def _channel(order: Mapping[str, Any]) -> Iterable[str]:
    channel = order.get("channel")
    return (channel,) if channel else ()


def _assigned(order: Mapping[str, Any]) -> Iterable[str]:
    member = order.get("assigned_to")
    return (str(member["id"]) if member else NOBODY,)


_OF: dict[str, tuple[str, Callable[[Mapping[str, Any]], Iterable[str]]]] = {
    "payment": ("payment", lambda order: (order["payment"]["status"],)),
    "channel": ("channel", _channel),
    "tag": ("tags", lambda order: order.get("tags") or ()),
    "method": ("fulfilment", _method),
    "assigned_to": ("assigned_to", _assigned),
}
"""Filter → the field of an order that it looks at, and the values that the order has there."""

FILTERS = tuple(_OF)
"""The filters of lists that are marks, each of which may have several values."""
FIELDS = frozenset(field for field, _ in _OF.values())
"""The fields of an order that its marks are made of."""


def mark(name: str, value: str) -> str:
    """The mark of an order that has this value for a filter."""
    return f"{name}:{value}"


def marks_of(order: Mapping[str, Any]) -> set[str]:
    """All marks of an order, from its snapshot."""
    return {mark(name, value) for name, (_, of) in _OF.items() for value in of(order)}
