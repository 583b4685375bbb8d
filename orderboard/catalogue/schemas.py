"""The shapes of what is asked of the catalogue, for whatever way it comes in."""

import re
from collections.abc import Callable
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from orderboard.fields import HIDDEN, Currency, Flag, ImageAddress, Several, Text
from orderboard.quantities import Money, Number, Percent, Quantity

Json = dict[str, Any]
LONGEST_SKU = 100
MOST_STOCK = 1_000_000_000
MOST_OPTIONS = 20
MOST_VALUES = 50
MOST_AT_ONCE = 500
RESERVED_SKUS = frozenset({"import", "export", "bulk"})
"""Words that stand where a sku does in the API's paths."""
_SKU = re.compile(r"[^\s/\\]([^\\/]*[^\s/\\])?")


class Sku(Text):
    """What a product is called by machines. Without slashes, so it can stand in a path."""

    def checked(self, text: str) -> str:
        if not _SKU.fullmatch(text) or text in (".", ".."):
            raise ValidationError("must have no slash and be more than dots")
        if text.lower() in RESERVED_SKUS:
            raise ValidationError(f"must be none of {', '.join(sorted(RESERVED_SKUS))}")
        return text

    def openapi(self) -> Json:
        letters = rf"[^\s/\\{HIDDEN}]([^/\\{HIDDEN}]*[^\s/\\{HIDDEN}])?"
        pattern = rf"^(?!\.{{1,2}}$){letters}$"
        return {"type": "string", "maxLength": self.longest, "pattern": pattern}


def _once(name: str) -> Callable[[list[Json]], None]:
    """A check that of several things no two are called the same."""

    def check(things: list[Json]) -> None:
        # Seen before each of them was looked at: what is no thing of its kind is told of then.
        called = [
            thing[name].casefold()
            for thing in things
            if isinstance(thing, dict) and isinstance(thing.get(name), str)
        ]
        if len(set(called)) < len(called):
            raise ValidationError(f"must not have the same {name} twice")

    return check


class Value(Schema):
    """One choice of an option, and what it adds to the price."""

    value = Text(200, required=True)
    price = Money()


class Option(Schema):
    """Something to choose: size, roast. ``required``: one has to be chosen."""

    name = Text(100, required=True)
    required = Flag()
    values = Several(
        fields.Nested(Value),
        required=True,
        validate=[validate.Length(1, MOST_VALUES), _once("value")],
    )


class EditProduct(Schema):
    """What is to change of a product; what is left out stays. ``stock`` null: not counted."""

    name = Text(500, filled=True)
    description = Text(10_000)
    category = Text(100)
    price = Money()
    currency = Currency()
    tax_rate = Percent(allow_none=True)
    options = Several(
        fields.Nested(Option), validate=[validate.Length(max=MOST_OPTIONS), _once("name")]
    )
    image = ImageAddress(500)
    stock = Quantity(0, MOST_STOCK, allow_none=True)
    reorder_level = Quantity(0, MOST_STOCK)
    active = Flag()


class NewProduct(EditProduct):
    """A product. The least is a sku and a name."""

    sku = Sku(LONGEST_SKU, required=True)
    name = Text(500, required=True)


class PriceChange(Schema):
    """One price for all of them, or so many percent more; less, where that is negative."""

    to = Money()
    percent = Number(-100, 1000, 4)


class StockChange(Schema):
    """So much is there now (null: it is not counted), or so much has come; gone, if negative."""

    to = Quantity(0, MOST_STOCK, allow_none=True)
    add = Number(-MOST_STOCK, MOST_STOCK, 3)


class BulkChange(Schema):
    """The same change for many products."""

    skus = Several(
        Text(LONGEST_SKU, required=True),
        required=True,
        validate=validate.Length(1, MOST_AT_ONCE),
    )
    price = fields.Nested(PriceChange)
    stock = fields.Nested(StockChange)
    category = Text(100)
    active = Flag()
    tax_rate = Percent(allow_none=True)
