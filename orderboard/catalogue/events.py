"""What can happen to a product."""

from typing import Any

from orderboard.catalogue import views
from orderboard.events.kinds import Kind, View

Json = dict[str, Any]
_VIEWS: dict[str, View] = {
    "board": lambda product, _: views.staff(product),
    "reader": lambda product, _: views.staff(product),
    "catalogue": lambda product, _: views.public(product),
}


def _heard_by(product: Json, was: Json) -> tuple[str, ...]:
    """The board; and customers, unless it is and was nothing that they can order."""
    public = product["active"] or was.get("active", False)
    return ("board", "catalogue") if public else ("board",)


def _of_product(name: str) -> Kind:
    return Kind(name=name, carries="product", heard_by=_heard_by, views=_VIEWS, thinned=True)


CREATED = _of_product("product.created")
UPDATED = _of_product("product.updated")

KINDS = (CREATED, UPDATED)
