"""What a search for customers looks through. Pure; what its words mean is as for orders."""

from collections.abc import Iterable, Mapping
from typing import Any

from orderboard.folding import folded
from orderboard.orders.searching import GRAM, MARK


def text_of(customer: Mapping[str, Any], other_keys: Iterable[str]) -> str:
    """What a search looks through, from a customer's row and the keys of those merged into it."""
    words = [MARK * (GRAM - 1) + word for word in folded(customer["name"]).split()]
    texts = [customer["company"], customer["email"], customer["phone"], *other_keys]
    words += [word for text in texts if text for word in folded(text).split()]
    words.append("".join(c for c in folded(customer["phone"] or "") if c.isdigit()))
    return " ".join(dict.fromkeys(word for word in words if word))
