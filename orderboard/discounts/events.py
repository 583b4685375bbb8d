"""What can happen to a discount code. That an order uses it stands in the order's own event."""

from typing import Any

from orderboard.events.kinds import Kind

Json = dict[str, Any]


def _of_code(name: str) -> Kind:
    """Staff alone hear of codes: who knows one can use it."""
    return Kind(
        name=name,
        carries="discount",
        heard_by=lambda *_: ("board",),
        views={"board": lambda discount, _: discount},
    )


CREATED = _of_code("discount.created")
UPDATED = _of_code("discount.updated")

KINDS = (CREATED, UPDATED)
