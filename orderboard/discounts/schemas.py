"""The shapes of what is asked of discount codes, for whatever way it comes in."""

import re
from typing import Any

from marshmallow import Schema, ValidationError

from orderboard.fields import Flag, Line, Text
from orderboard.quantities import Moment, Money, Percent, Whole

Json = dict[str, Any]
LONGEST_CODE = 40
MOST_USES = 1_000_000
_CODE = re.compile("[A-Z0-9_-]{2,40}")


class DiscountCode(Text):
    """A code as customers type it: in any case, kept in capitals."""

    def checked(self, text: str) -> str:
        text = text.upper()
        if not _CODE.fullmatch(text):
            raise ValidationError("must have 2 to 40 letters of A to Z, digits, - or _")
        return text

    def openapi(self) -> Json:
        return {"type": "string", "pattern": "^[A-Za-z0-9_-]{2,40}$"}


class EditDiscount(Schema):
    """What is to change of a code; what is left out stays, and null takes a bound away.

    One of ``percent`` of the goods and ``amount``; ``minimum``: what the goods must come to.
    ``most_uses``: orders that may have it, over all customers.
    """

    name = Line(200)
    percent = Percent(allow_none=True)
    amount = Money(allow_none=True)
    minimum = Money(allow_none=True)
    valid_from = Moment(allow_none=True)
    valid_until = Moment(allow_none=True)
    most_uses = Whole(1, MOST_USES, allow_none=True)
    active = Flag()


class NewDiscount(EditDiscount):
    """A discount code. The least is a code and what it takes off."""

    code = DiscountCode(LONGEST_CODE, required=True)
