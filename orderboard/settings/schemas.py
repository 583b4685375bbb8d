"""The shapes of what staff may set, for whatever way it comes in."""

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from orderboard import printer_addresses
from orderboard.converters import LONGEST_SHOP_NAME
from orderboard.fields import Choice, Email, Flag, Line, Several, Text
from orderboard.quantities import Money, Whole
from orderboard.settings import colours, printers
from orderboard.settings.values import DAY, METHODS, WEEKDAYS

Json = dict[str, Any]
LONGEST_LEAD = 60 * 24 * 60
"""Minutes: sixty days."""
MOST_SPANS = 6
MOST_REASONS = 20
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"


class Colour(Text):
    """A colour that is still seen on a white page: ``#rrggbb``."""

    def checked(self, text: str) -> str:
        if not _COLOUR.fullmatch(text):
            raise ValidationError("must be a colour as in #1d6f42")
        if not colours.is_seen(text):
            raise ValidationError("is too light to be seen on white; take a darker one")
        return text.lower()

    def openapi(self) -> Json:
        return {"type": ["string", "null"], "pattern": "^(#[0-9a-fA-F]{6})?$"}


class TimeOfDay(Text):
    """A time of day, ``09:30``."""

    def __init__(self, also: str = "", **rest: Any) -> None:
        super().__init__(5, required=True, **rest)
        self.pattern = f"{_TIME}|{also}" if also else _TIME

    def checked(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text, re.ASCII):
            raise ValidationError("must be a time as in 09:30")
        return text

    def openapi(self) -> Json:
        return {"type": "string", "pattern": f"^({self.pattern})$"}


Hours = Schema.from_dict({"from": TimeOfDay(), "until": TimeOfDay("24:00")}, name="Hours")
Hours.__doc__ = "From when until when; what goes past midnight is said as hours of both days."
_DAY = Several(fields.Nested(Hours), validate=validate.Length(max=MOST_SPANS))
Week = Schema.from_dict(dict.fromkeys(WEEKDAYS, _DAY), name="Week")
Week.__doc__ = "The days whose hours are to change; those of the others stay. None: closed."


class EditContact(Schema):
    """How the shop is reached; what is left out stays."""

    phone = Line(40)
    email = Email(254)
    address = Text(500)


class EditCharge(Schema):
    """What a way of getting an order costs; null: nothing, or no such bound."""

    fee = Money(allow_none=True)
    free_from = Money(allow_none=True)
    minimum = Money(allow_none=True)


Charges = Schema.from_dict({name: fields.Nested(EditCharge) for name in METHODS}, name="Charges")
Charges.__doc__ = "The methods whose cost is to change, in the shop's currency."


class PrinterAddress(Text):
    """Where a printer takes what it prints: ``host:port``."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(printer_addresses.LONGEST, **rest)

    def checked(self, text: str) -> str:
        try:
            return printer_addresses.printer_address(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def openapi(self) -> Json:
        return {
            "type": "string",
            "maxLength": self.longest,
            "examples": ["192.168.1.50:9100"],
            "pattern": printer_addresses.PATTERN,
        }


class EditPrinter(Schema):
    """A printer in the network; ``id`` is that of one there is. What is left out is as usual."""

    id = Text(20)
    name = Line(40, required=True)
    address = PrinterAddress(required=True)
    when = Choice(printers.WHEN)
    types = Several(Line(20, required=True), validate=validate.Length(max=10))
    methods = Several(Line(20, required=True), validate=validate.Length(max=10))
    width = Whole(*printers.WIDTHS)
    copies = Whole(1, 5)
    code_page = Choice(printers.CODE_PAGES)


class EditSettings(Schema):
    """What is to change; what is left out stays."""

    shop_name = Line(LONGEST_SHOP_NAME, filled=True)
    accent = Colour(7)
    contact = fields.Nested(EditContact)
    imprint = Text(20_000)
    opening_hours = fields.Nested(Week)
    lead_minutes = Whole(0, LONGEST_LEAD)
    methods = Several(Choice(METHODS, required=True), validate=validate.Length(1, len(METHODS)))
    charges = fields.Nested(Charges)
    accept_within = Whole(0, DAY)
    undo_within = Whole(0, DAY)
    duplicate_within = Whole(0, DAY)
    decline_reasons = Several(Line(200, required=True), validate=validate.Length(max=MOST_REASONS))
    unknown_skus = Choice(("accept", "refuse"))
    public_intake = Flag()
    printers = Several(fields.Nested(EditPrinter), validate=validate.Length(max=printers.MOST))
