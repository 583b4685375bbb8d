"""Orders as rows of a table, one for each. Pure: from how an order is read."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from orderboard.clock import parse_rfc3339
from orderboard.orders.due import due_at
from orderboard.orders.snapshot import whole
from orderboard.spreadsheets import Cell

Json = dict[str, Any]
_AMOUNTS = ("subtotal", "shipping", "tax", "discount", "tip", "total")
_ADDRESS = ("name", "line1", "line2", "city", "region", "postal_code", "country")


def _amount(name: str) -> Callable[[Json], Cell]:
    return lambda order: Decimal(order[name])


def _within(outer: str, name: str) -> Callable[[Json], Cell]:
    return lambda order: (order[outer] or {}).get(name)


def _due(order: Json) -> Cell:
    said = due_at(order)
    return parse_rfc3339(said) if said else None


def _money(name: str) -> Callable[[Json], Cell]:
    return lambda order: Decimal(order["payment"][name])


def _items(order: Json) -> str:
    return "; ".join(
        f"{item['quantity']}{_unit(item)} x {item['name']}{_options(item)}"
        for item in order["items"]
    )


def _unit(item: Mapping[str, Any]) -> str:
    return f" {item['unit']}" if item.get("unit") else ""


def _options(item: Mapping[str, Any]) -> str:
    said = ", ".join(option["value"] for option in item.get("options", ()))
    return f" ({said})" if said else ""


_CELLS: dict[str, Callable[[Json], Cell]] = {
    "number": lambda order: order["number"],
    "display_number": lambda order: order["display_number"],
    "external_id": lambda order: order["external_id"],
    "type": lambda order: order["type"],
    "status": lambda order: order["status"],
    "created_at": lambda order: parse_rfc3339(order["created_at"]),
    "updated_at": lambda order: parse_rfc3339(order["updated_at"]),
    "customer": _within("customer", "name"),
    "company": _within("customer", "company"),
    "email": _within("customer", "email"),
    "phone": _within("customer", "phone"),
    "items": _items,
    "currency": lambda order: order["currency"],
    **{name: _amount(name) for name in _AMOUNTS},
    "payment_method": _within("payment", "method"),
    "payment_status": _within("payment", "status"),
    **{name: _money(name) for name in ("paid", "refunded", "due")},
    "fulfilment": _within("fulfilment", "method"),
    **{f"address_{name}": _within("address", name) for name in _ADDRESS},
    "due_at": _due,
    "driver": _within("driver", "name"),
    "carrier": _within("tracking", "carrier"),
    "tracking_number": _within("tracking", "number"),
    "channel": lambda order: order["channel"],
    "tags": lambda order: ", ".join(order["tags"]),
    "note": lambda order: order["note"],
    "cancel_reason": lambda order: order["cancel_reason"],
    "id": lambda order: order["id"],
}
HEAD = tuple(_CELLS)


def row_of(order: Json, zone: tzinfo) -> list[Cell]:
    """An order's snapshot as a row, in the columns of HEAD; moments in a zone."""
    full = whole(order)
    cells = [cell_of(full) for cell_of in _CELLS.values()]
    return [cell.astimezone(zone) if isinstance(cell, datetime) else cell for cell in cells]
