"""What the lines of an order name of the catalogue. Pure."""

from collections.abc import Container, Iterable, Sequence
from typing import Any

from orderboard.errors import Invalid
from orderboard.orders.lines import Line

Json = dict[str, Any]


def wanted(lines: Sequence[Line]) -> dict[str, int]:
    """How much of each sku the lines are about, in thousandths."""
    found: dict[str, int] = {}
    for line in lines:
        if line.sku:
            found[line.sku] = found.get(line.sku, 0) + line.quantity
    return found


def skus_of(items: Iterable[Json]) -> set[str]:
    """The skus of some lines."""
    return {item["sku"] for item in items if item.get("sku")}


def check_known(items: Sequence[Json], known: Container[str]) -> None:
    """Raise Invalid, which names the lines, for skus that are not among these."""
    errors = {
        f"items.{place}.sku": "is not in the catalogue"
        for place, item in enumerate(items)
        if item.get("sku") and item["sku"] not in known
    }
    if errors:
        raise Invalid(errors)
