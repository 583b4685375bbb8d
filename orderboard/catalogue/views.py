"""What each kind of reader may see of a product. Pure: from the log's snapshot to an answer."""

from typing import Any

Json = dict[str, Any]
_PUBLIC = (
    "sku",
    "name",
    "description",
    "category",
    "price",
    "currency",
    "tax_rate",
    "options",
    "image",
    "available",
    "active",
    "version",
    "revision",
)


def staff(product: Json) -> Json:
    """Everything."""
    return product


def public(product: Json) -> Json:
    """What a customer sees of a product. Of one that is not sold, that it is not."""
    if not product["active"]:
        return {name: product[name] for name in ("sku", "active", "version", "revision")}
    return {name: product[name] for name in _PUBLIC}
