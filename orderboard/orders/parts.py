"""The shapes of what an order is made of, as it is asked for."""

from marshmallow import Schema, fields, validate

from orderboard.fields import Choice, Code, Email, ImageAddress, Several, Text, WebAddress
from orderboard.money import PRICE_DIGITS
from orderboard.orders.rules import (
    METHODS,
)
from orderboard.quantities import Degrees, MomentText, Money, Percent, Quantity

MOST_ITEMS = 500
MOST_OPTIONS = 50
MOST_TAGS = 20
MOST_PARTS = 50
"""Taxes, fees, discounts or shipments of one order."""
MOST_PIECES = 1_000_000


class Customer(Schema):
    """Who orders."""

    name = Text(200, required=True)
    company = Text(200)
    email = Email(254)
    phone = Text(40)


class Address(Schema):
    """Where to bring or collect it."""

    name = Text(200)
    line1 = Text(500, required=True)
    line2 = Text(200)
    city = Text(100)
    region = Text(100)
    postal_code = Text(20)
    country = Text(100)
    phone = Text(40)
    instructions = Text(1000)
    lat = Degrees(90, allow_none=True)
    lng = Degrees(180, allow_none=True)


class LineOption(Schema):
    """What was chosen of a thing. The line's ``unit_price`` already contains ``price``."""

    name = Text(100, required=True)
    value = Text(500, required=True)
    price = Money(signed=True)


class Item(Schema):
    """A line: so much of a thing at a price each, less a discount on the whole line."""

    sku = Code(100)
    name = Text(500, required=True)
    quantity = Quantity(1, MOST_PIECES, required=True)
    unit = Text(20)
    unit_price = Money(PRICE_DIGITS)
    discount = Money()
    options = Several(fields.Nested(LineOption), validate=validate.Length(max=MOST_OPTIONS))
    note = Text(1000)
    tax_rate = Percent()
    image = ImageAddress(500)


class StrangersItem(Item):
    """The same from somebody without credentials: what is sold has the catalogue's name."""

    name = Text(500, filled=True)


class EditedItem(Item):
    """The same in an order that is there: ``id`` is that of the line it was. ``total`` may be sent
    as it was read; it has to be what the line comes to.
    """

    id = Text(20)
    total = Money()


Fulfilment = Schema.from_dict(  # "from" is a word of Python's
    {
        "method": Choice(METHODS, required=True),
        "from": MomentText(allow_none=True),
        "until": MomentText(allow_none=True),
        "instructions": Text(1000),
        "table": Code(40),
    },
    name="Fulfilment",
)
Fulfilment.__doc__ = "How and when it is wanted."


class Tax(Schema):
    """One of several taxes."""

    name = Text(100, required=True)
    rate = Percent()
    amount = Money(required=True)


class Fee(Schema):
    """Something that is paid beside the goods."""

    name = Text(100, required=True)
    amount = Money(required=True)


class Discount(Schema):
    """Something off the whole order, for a code or another reason."""

    code = Code(100)
    name = Text(200)
    amount = Money(required=True)


class StrangersDiscount(Discount):
    """The same from somebody without credentials: a code, of which the shop knows the worth."""

    amount = Money()


class Shipment(Schema):
    """A parcel. ``lines``: the ids of what is in it, all if none are named."""

    carrier = Text(100)
    number = Code(100)
    url = WebAddress(500)
    lines = Several(Text(20, required=True), validate=validate.Length(max=MOST_ITEMS))
