"""The shapes of what is done to many orders at once."""

from marshmallow import Schema, fields, validate

from orderboard.fields import Choice, Several, Text
from orderboard.orders.rules import STATUSES
from orderboard.orders.schemas import SPELLINGS, Undo, tag_list
from orderboard.quantities import Moment

MOST = 500
"""Orders that one request may change."""


class Bulk(Schema):
    """Orders by their ids."""

    ids = Several(Text(40, required=True), required=True, validate=validate.Length(1, MOST))


class UndoOne(Undo):
    """A change of one order that is to be taken back."""

    id = Text(40, required=True)


class BulkUndo(Schema):
    """Changes that are to be taken back, of each order one."""

    undo = Several(fields.Nested(UndoOne), required=True, validate=validate.Length(1, MOST))


class BulkMove(Bulk):
    """The same change of status for many orders."""

    status = Choice(STATUSES, SPELLINGS, required=True)
    reason = Text(1000)
    until = Moment(allow_none=True)


class BulkExport(Bulk):
    """The orders that go into a file, and which kind of file."""

    format = Choice(("csv", "xlsx"))


class BulkAssign(Bulk):
    """The same driver for many orders, or null for none."""

    driver = Text(40, required=True, allow_none=True)


class BulkTags(Bulk):
    """Tags that many orders get and lose; ``tags`` come instead of what each has."""

    add = tag_list()
    remove = tag_list()
    tags = tag_list()
