"""The shape of what printers are asked for."""

from marshmallow import Schema

from orderboard.fields import Text


class Print(Schema):
    """Which printer is to print an order, by its id."""

    printer = Text(20, required=True)
