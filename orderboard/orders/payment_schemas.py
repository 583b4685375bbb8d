"""The shapes of what is asked of an order's money."""

from marshmallow import Schema, fields, validate

from orderboard.fields import Choice, Flag, Several, Text
from orderboard.orders.paying import PAYMENT_STATUSES
from orderboard.quantities import MomentText, Money, Quantity

MOST_LINES = 500
MOST_PIECES = 1_000_000


class AddPayment(Schema):
    """Money for an order: how it came, how much, and how far it is (paid, if nothing is said)."""

    method = Text(40, required=True)
    title = Text(200)
    amount = Money(required=True)
    reference = Text(200)
    status = Choice(PAYMENT_STATUSES)
    at = MomentText()


class RefundLine(Schema):
    """What of a line goes back: so much of it, an amount, or all that is left of it."""

    line = Text(40, required=True)
    quantity = Quantity(1, MOST_PIECES)
    amount = Money()


class Refund(Schema):
    """What goes back and why; ``amount`` is in goodwill, beside lines and shipping."""

    lines = Several(fields.Nested(RefundLine), validate=validate.Length(max=MOST_LINES))
    shipping = Money()
    amount = Money()
    reason = Text(1000, required=True)
    restock = Flag()
