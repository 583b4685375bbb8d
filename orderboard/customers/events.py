"""What staff can do to customers. The log names them by their ids alone: it is kept for ever."""

from typing import Any

from orderboard.events.kinds import Kind, View

Json = dict[str, Any]
_VIEWS: dict[str, View] = {
    "board": lambda customer, _: customer,
    "reader": lambda customer, _: customer,
}


def _of_customer(name: str) -> Kind:
    return Kind(name=name, carries="customer", heard_by=lambda *_: ("board",), views=_VIEWS)


MERGED = _of_customer("customer.merged")
"""Carries ``{id, merged}``: the one that is left, and the one whose orders are its now."""
ERASED = _of_customer("customer.erased")
"""Carries ``{id}``: nothing of that person is left."""

KINDS = (MERGED, ERASED)
