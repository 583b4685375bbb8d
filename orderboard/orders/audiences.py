"""Who hears an event, and what each of them hears of it. Pure.

Audiences are ``board`` (staff and admin keys), ``reader`` (keys that may only read), and one for
each order and each driver: ``order:<id>``, ``driver:<id>``.
"""

from typing import Any

from orderboard.events.log import Event
from orderboard.orders import views

Json = dict[str, Any]


def audiences_of(event: Event) -> tuple[str, ...]:
    """Everyone who may hear an event."""
    names = ["board", "reader"]
    if event.order_id:
        names.append(f"order:{event.order_id}")
    names.extend(f"driver:{driver}" for driver in event.drivers)
    return tuple(names)


def view(event: Event, audience: str, base_url: str) -> Json | None:
    """The event as an audience hears it, or None where it may not."""
    if audience not in audiences_of(event):
        return None
    kind, _, whose = audience.partition(":")
    told: Json = {
        "position": event.position,
        "type": event.type,
        "at": event.at,
        "actor": event.actor if kind in ("board", "reader") else {"kind": event.actor["kind"]},
        "changes": event.changes,
    }
    if event.order is not None:
        told["order"] = _order(event.order, kind, whose, base_url)
    return told


def _order(order: Json, kind: str, whose: str, base_url: str) -> Json:
    match kind:
        case "board":
            return views.staff(order, base_url)
        case "reader":
            return views.reader(order)
        case "order":
            return views.public(order)
    if order["driver"] and order["driver"]["id"] == whose:
        return views.driver(order)
    return {
        "id": order["id"],
        "number": order["number"],
        "version": order["version"],
        "driver": None,
    }
