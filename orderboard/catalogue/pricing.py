"""What a product costs as somebody chooses it: its own price and those of its options. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from orderboard.fields import is_kept
from orderboard.money import to_text

Json = dict[str, Any]


def chosen(product: Mapping[str, Any], options: Sequence[Json], errors: dict[str, str]) -> Json:
    """The name, price, tax rate, picture and options of a product's row as they are chosen.

    ``options``: name and value of each, in any case. What cannot be chosen is noted in ``errors``
    by its path in the line: ``options.0.value``, ``options`` where something is missing. A picture
    that the shop keeps is not told: an order lasts longer.
    """
    currency = product["currency"]
    picked = _picked(product, options, errors)
    price = product["price"] + sum(value["price"] for _, value in picked)
    return {
        "name": product["name"],
        "unit_price": Decimal(to_text(price, currency)),
        "tax_rate": product["tax_rate"],
        "image": None if is_kept(product["image"]) else product["image"],
        "options": [
            {
                "name": option["name"],
                "value": value["value"],
                "price": Decimal(to_text(value["price"], currency)),
            }
            for option, value in picked
        ],
    }


def _picked(
    product: Mapping[str, Any], given: Sequence[Json], errors: dict[str, str]
) -> list[tuple[Json, Json]]:
    """Each option that is chosen with the value that it has, in the product's own order."""
    offered = {option["name"].casefold(): option for option in product["options"]}
    values: dict[str, Json] = {}
    for place, one in enumerate(given):
        name = one["name"].casefold()
        option = offered.get(name)
        if option is None:
            errors[f"options.{place}.name"] = f"is nothing to choose of {product['name']}"
        elif name in values:
            errors[f"options.{place}.name"] = f"is chosen twice: {option['name']}"
        elif (value := _value_of(option, one["value"])) is None:
            errors[f"options.{place}.value"] = f"is no {option['name']} that there is"
        else:
            values[name] = value
    missing = [o["name"] for n, o in offered.items() if o.get("required") and n not in values]
    if missing and not errors:
        errors["options"] = f"must say which {missing[0]}"
    return [(option, values[name]) for name, option in offered.items() if name in values]


def _value_of(option: Json, value: str) -> Json | None:
    wanted = value.casefold()
    return next((v for v in option["values"] if v["value"].casefold() == wanted), None)
