"""The shapes of what is asked of orders, for whatever way it comes in."""

from typing import Any

from marshmallow import Schema, fields, validate

from orderboard.fields import Choice, Currency, Email, Flag, Several, Text, TextOr, WebAddress
from orderboard.orders.placing import NewOrder
from orderboard.orders.rules import PAYMENT_METHODS, PAYMENT_STATUSES, STATUSES, TYPES
from orderboard.quantities import Degrees, MomentText, Money, Whole

MOST_ITEMS = 200
MOST_PIECES = 1_000_000
LONGEST_EXTERNAL_ID = 200
SPELLINGS = {"canceled": "cancelled"}
"""Other spellings of a status that are understood."""


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
    lat = Degrees(90, allow_none=True)
    lng = Degrees(180, allow_none=True)


class Item(Schema):
    """A line: so many of a thing at a price each, less a discount on the whole line."""

    sku = Text(100)
    name = Text(300, required=True)
    quantity = Whole(1, MOST_PIECES, required=True)
    unit_price = Money()
    discount = Money()


def _items() -> Any:
    return Several(fields.Nested(Item), validate=validate.Length(max=MOST_ITEMS))


class PlaceOrder(Schema):
    """An order as somebody places it. The least is a customer."""

    customer = TextOr(Customer, "name", required=True)
    type = Choice(TYPES)
    items = _items()
    currency = Currency()
    shipping = Money()
    tax = Money()
    discount = Money()
    address = TextOr(Address, "line1", allow_none=True)
    payment_method = Choice(PAYMENT_METHODS)
    note = Text(4000)
    external_id = Text(LONGEST_EXTERNAL_ID)
    related_order = Text(40)


class EditOrder(Schema):
    """An order's own fields; what is left out stays. Items and amounts only before work began."""

    customer = TextOr(Customer, "name")
    items = _items()
    shipping = Money()
    tax = Money()
    discount = Money()
    address = TextOr(Address, "line1", allow_none=True)
    payment_method = Choice(PAYMENT_METHODS)
    payment_status = Choice(PAYMENT_STATUSES)
    note = Text(4000)
    eta = MomentText(allow_none=True)


class Move(Schema):
    """A change of status."""

    status = Choice(STATUSES, SPELLINGS, required=True)
    reason = Text(1000)


class BulkMove(Schema):
    """The same change of status for many orders."""

    ids = Several(Text(40, required=True), required=True, validate=validate.Length(1, 500))
    status = Choice(STATUSES, SPELLINGS, required=True)
    reason = Text(1000)


class Cancel(Schema):
    """A cancellation and why."""

    reason = Text(1000, required=True)


class AnswerCancellation(Schema):
    """The answer to a customer's wish to cancel."""

    accept = Flag(required=True)
    reason = Text(1000)


class Assign(Schema):
    """The driver of an order, or null for none."""

    driver = Text(40, required=True, allow_none=True)


class Partner(Schema):
    """Another firm that brings the order."""

    name = Text(200, required=True)
    phone = Text(40)


class Location(Schema):
    """A place on earth, in degrees."""

    lat = Degrees(90, required=True)
    lng = Degrees(180, required=True)


class Track(Schema):
    """Any of these; null clears one."""

    carrier = Text(100)
    number = Text(100)
    url = WebAddress(500)
    eta = MomentText(allow_none=True)
    partner = fields.Nested(Partner, allow_none=True)
    location = fields.Nested(Location, allow_none=True)


class Note(Schema):
    """An internal note."""

    text = Text(4000, required=True)


class NewDriver(Schema):
    """A driver."""

    name = Text(200, required=True)
    phone = Text(40)


class EditDriver(Schema):
    """What is to change of a driver."""

    name = Text(200, filled=True)
    phone = Text(40)


def new_order(data: dict[str, Any], currency: str) -> NewOrder:
    """The order that a loaded PlaceOrder means, in this currency where it names none."""
    return NewOrder(**{"currency": currency, **data})
