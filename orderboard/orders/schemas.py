"""The shapes of what is asked of orders, for whatever way it comes in."""

from typing import Any

from marshmallow import Schema, fields, validate

from orderboard.fields import (
    Choice,
    Code,
    Currency,
    Flag,
    Locale,
    Several,
    Text,
    TextOr,
    WebAddress,
)
from orderboard.objects import Times, Words
from orderboard.orders.new_order import NewOrder
from orderboard.orders.parts import (
    MOST_ITEMS,
    MOST_PARTS,
    MOST_TAGS,
    Address,
    Customer,
    Discount,
    EditedItem,
    Fee,
    Fulfilment,
    Item,
    Shipment,
    StrangersDiscount,
    StrangersItem,
    Tax,
)
from orderboard.orders.paying import MOST
from orderboard.orders.payment_schemas import AddPayment
from orderboard.orders.rules import (
    PAYMENT_METHODS,
    PAYMENT_STATUSES,
    STATUSES,
    TYPES,
)
from orderboard.quantities import Degrees, Moment, MomentText, Money, Whole

LONGEST_EXTERNAL_ID = 200
LONGEST_PROMISE = 60 * 24 * 60
"""Minutes: sixty days. What is promised later than that is a mistake."""
SPELLINGS = {"canceled": "cancelled"}
"""Other spellings of a status that are understood."""


def _several(schema: type[Schema]) -> Any:
    return Several(fields.Nested(schema), validate=validate.Length(max=MOST_PARTS))


def tag_list() -> Any:
    """The field for an order's tags."""
    return Several(Text(50, required=True), validate=validate.Length(max=MOST_TAGS))


class _OrderFields(Schema):
    """What an order may have when it is placed and when it is edited."""

    shipping = Money()
    tax = Money()
    taxes = _several(Tax)
    tax_included = Flag()
    fees = _several(Fee)
    tip = Money()
    discount = Money()
    discounts = _several(Discount)
    rounding = Money(signed=True)
    address = TextOr(Address, "line1", allow_none=True)
    billing_address = TextOr(Address, "line1", allow_none=True)
    fulfilment = fields.Nested(Fulfilment, allow_none=True)
    shipments = _several(Shipment)
    payment_method = Choice(PAYMENT_METHODS)
    note = Text(4000)
    channel = Text(100)
    display_number = Code(100)
    tags = tag_list()
    metadata = Words(50, 100, 1000)
    locale = Locale()


class PlaceOrder(_OrderFields):
    """An order as somebody places it. The least is a customer.

    ``placed_at``, ``status`` and ``times`` (status → time) are for what happened elsewhere before;
    ``payments`` are not for callers without credentials.
    """

    customer = TextOr(Customer, "name", required=True)
    type = Choice(TYPES)
    payments = Several(fields.Nested(AddPayment), validate=validate.Length(max=MOST))
    items = Several(fields.Nested(Item), validate=validate.Length(max=MOST_ITEMS))
    currency = Currency()
    external_id = Code(LONGEST_EXTERNAL_ID)
    related_order = Text(40)
    placed_at = Moment()
    status = Choice(STATUSES, SPELLINGS)
    times = Times(STATUSES)


class StrangersOrder(PlaceOrder):
    """The same from somebody without credentials."""

    items = Several(fields.Nested(StrangersItem), validate=validate.Length(max=MOST_ITEMS))
    discounts = _several(StrangersDiscount)
    related_order = Text(500)


class QuoteOrder(Schema):
    """An order that is not placed yet: what is wanted and how, and the code for it."""

    items = Several(
        fields.Nested(StrangersItem), required=True, validate=validate.Length(1, MOST_ITEMS)
    )
    fulfilment = fields.Nested(Fulfilment, allow_none=True)
    discounts = _several(StrangersDiscount)
    tip = Money()


class EditOrder(_OrderFields):
    """An order's own fields; what is left out stays. Items and amounts only before work began."""

    customer = TextOr(Customer, "name")
    items = Several(fields.Nested(EditedItem), validate=validate.Length(max=MOST_ITEMS))
    payment_status = Choice(PAYMENT_STATUSES)
    eta = MomentText(allow_none=True)


class Move(Schema):
    """A change of status; ``until``: when what is put on hold comes back by itself.

    On an order that is on hold already, ``until`` sets another time, or with null none.
    """

    status = Choice(STATUSES, SPELLINGS, required=True)
    reason = Text(1000)
    until = Moment(allow_none=True)


class Cancel(Schema):
    """A cancellation and why."""

    reason = Text(1000, required=True)


class AnswerCancellation(Schema):
    """The answer to a customer's wish to cancel."""

    accept = Flag(required=True)
    reason = Text(1000)


class Undo(Schema):
    """Which change of an order is to be taken back: the position of its event."""

    position = Whole(1, 2**53 - 1, required=True)


class Accept(Schema):
    """That an order is taken on: ready in so many minutes, or at a time, or with no word of it."""

    ready_in = Whole(1, LONGEST_PROMISE)
    ready_at = Moment()


class SettleDuplicate(Schema):
    """Which is wanted of an order and the one that it probably repeats."""

    keep = Choice(("both", "this", "other"), required=True)


class Assign(Schema):
    """The driver of an order, or null for none."""

    driver = Text(40, required=True, allow_none=True)


class AssignTo(Schema):
    """The member of the staff who looks after an order, or null for none."""

    staff = Whole(0, 2_147_483_647, required=True, allow_none=True)


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
    """An internal note, and the ids of those of the staff whom it mentions."""

    text = Text(4000, required=True)
    mentions = Several(Whole(0, 2_147_483_647, required=True), validate=validate.Length(max=20))


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
