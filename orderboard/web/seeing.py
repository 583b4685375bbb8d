"""What whoever asks may see of an order."""

from typing import Any

from orderboard.errors import NotFound
from orderboard.orders import views
from orderboard.web.access import Identity
from orderboard.web.answers import parts

Json = dict[str, Any]


def order_view(order: Json, who: Identity) -> Json:
    """An order as this identity may see it. Raises NotFound for somebody else's."""
    if who.driver:
        if not order["driver"] or order["driver"]["id"] != who.driver["id"]:
            raise NotFound("There is no such order.")
        return views.driver(order)
    if who.sees_all or (who.key_id is not None and order["source"] == who.source):
        return views.staff(order, parts().settings.base_url)
    return views.reader(order)


def placed_view(order: Json, who: Identity) -> Json:
    """An order as this identity may see it who has placed it."""
    reads = who.sees_all or "read" in who.roles
    view = views.staff if reads else views.placer
    return view(order, parts().settings.base_url)
