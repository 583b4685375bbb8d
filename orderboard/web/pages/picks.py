"""What somebody has picked in the shop's form, as a browser without JavaScript sends it.

Of each product that the form shows there is a sku, a quantity, the price that was shown, and for
each option what is chosen of it, as JSON with the price that was shown for it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Json = dict[str, Any]
_FIELD = re.compile(r"pick-([0-9]{1,3})-(?:(sku|price|quantity)|option-[0-9]{1,2})")
_PRICE = re.compile(r"[0-9]{1,15}(\.[0-9]{1,3})?")
_WHOLE = re.compile(r"[0-9]{1,9}")


@dataclass(slots=True)
class Pick:
    """A product of the form. ``quantity`` as it was typed; ``message``: what is wrong with it."""

    sku: str = ""
    price: str = ""
    quantity: str = ""
    options: list[Json] = field(default_factory=list)
    message: str | None = None

    @property
    def wanted(self) -> bool:
        """Whether somebody wants any of it."""
        return bool(self.sku) and self.quantity.strip() not in ("", "0")

    @property
    def chosen(self) -> dict[str, str]:
        """Option → value."""
        return {str(o.get("name")): str(o.get("value")) for o in self.options}

    def line(self) -> Json:
        """The line of an order that it means."""
        quantity = self.quantity.strip()
        line: Json = {
            "sku": self.sku,
            "name": self.sku,  # which the shop replaces
            "quantity": int(quantity) if _WHOLE.fullmatch(quantity) else quantity,
        }
        if self.price:
            line["unit_price"] = self._shown()
        if self.options:
            line["options"] = self.options
        return line

    def _shown(self) -> str:
        """The price that was shown, options included; as it came where that is no price."""
        prices = [self.price, *(option["price"] for option in self.options if "price" in option)]
        bad = [price for price in prices if not _PRICE.fullmatch(price)]
        return bad[0] if bad else str(sum(map(Decimal, prices)))


def picks_of(form: Mapping[str, str]) -> list[Pick]:
    """What is picked, in the order of the form."""
    found: dict[int, Pick] = {}
    for name, value in form.items():
        if not (match := _FIELD.fullmatch(name)):
            continue
        pick = found.setdefault(int(match[1]), Pick())
        if match[2]:
            setattr(pick, match[2], value[:200])
        elif value:
            pick.options.append(_option(value))
    return [pick for _, pick in sorted(found.items()) if pick.wanted]


def _option(text: str) -> Json:
    """What is chosen of an option. What is none becomes one that there cannot be."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    good = isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
    return found if good else {"name": text[:100], "value": "?"}
