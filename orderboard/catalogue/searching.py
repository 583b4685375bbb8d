"""What a search for products looks through. Pure."""

from collections.abc import Mapping
from typing import Any

from orderboard.folding import folded

MOST_WORDS = 10


def sort_name(name: str) -> str:
    """A name as lists are sorted, cut where nobody sees a difference any more."""
    return folded(name)[:500]


def text_of(product: Mapping[str, Any]) -> str:
    """Sku, name, category of a product's row."""
    parts = (product["sku"], product["name"], product["category"])
    return "\n".join(folded(part) for part in parts if part)


def words(search: str) -> list[str]:
    """The words of a search; a product has all of them, each anywhere."""
    return folded(search).split()[:MOST_WORDS]
