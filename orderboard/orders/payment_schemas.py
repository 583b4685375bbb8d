"""The shapes of what is asked of an order's money, and of what comes back."""

from marshmallow import Schema, fields, validate

from orderboard.fields import Choice, Flag, Several, Text
from orderboard.orders.paying import PAYMENT_STATUSES, RECORDED
from orderboard.orders.returning import KINDS
from orderboard.quantities import MomentText, Money, Quantity

MOST_LINES = 500
MOST_PIECES = 1_000_000


class AddPayment(Schema):
    """Money for an order: how it came, how much, and how far it is (paid, if nothing is said)."""

    method = Text(40, required=True)
    title = Text(200)
    amount = Money(required=True)
    reference = Text(200)
    status = Choice(RECORDED)
    at = MomentText()


class MovePayment(Schema):
    """What became of a payment."""

    status = Choice(PAYMENT_STATUSES, required=True)


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


class ReturnLine(Schema):
    """How much of a line comes back."""

    line = Text(40, required=True)
    quantity = Quantity(1, MOST_PIECES, required=True)


class OpenReturn(Schema):
    """What comes back, whether something goes out instead, and why."""

    lines = Several(
        fields.Nested(ReturnLine), required=True, validate=validate.Length(1, MOST_LINES)
    )
    kind = Choice(KINDS)
    reason = Text(1000, required=True)
