"""Cursors: where the next page of a list goes on."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from orderboard import clock
from orderboard.catalogue.queries import Place as ProductPlace
from orderboard.errors import Invalid
from orderboard.fields import text_of

LONGEST = 300
_NUMBERS = ("total", "orders", "sum")
"""What is sorted by and is a number; everything else is a moment."""


def behind(sort: str, last: tuple[Any, int] | None) -> str | None:
    """The cursor that goes on behind a row with this sort value and number."""
    if last is None:
        return None
    value = clock.rfc3339(last[0]) if isinstance(last[0], datetime) else last[0]
    return base64.urlsafe_b64encode(json.dumps([sort, value, last[1]]).encode()).decode()


def place(cursor: str, sort: str) -> tuple[Any, int]:
    """The sort value and number of the row behind which a cursor goes on. Raises Invalid."""
    try:
        made_for, value, number = json.loads(base64.b64decode(cursor, b"-_", validate=True))
        if value is not None:  # none: before the first one
            value = value if sort.endswith(_NUMBERS) else clock.parse_rfc3339(value)
    except (ValueError, TypeError, RecursionError, binascii.Error, OverflowError):
        made_for = None
    if made_for != sort or not (_whole(number, 0, 2**31) and _sortable(value)):
        raise Invalid({"cursor": "is not one of this list's cursors"})
    return value, number


def behind_product(last: ProductPlace | None) -> str | None:
    """The cursor that goes on behind a product; None at the end."""
    return base64.urlsafe_b64encode(json.dumps(last).encode()).decode() if last else None


def product_place(cursor: str | None) -> ProductPlace | None:
    """The product's place behind which a cursor goes on. Raises Invalid."""
    if not cursor:
        return None
    try:
        name, sku = json.loads(base64.b64decode(cursor, b"-_", validate=True))
        return ProductPlace(text_of(name, 500), text_of(sku, 100))
    except (ValueError, TypeError, RecursionError, binascii.Error, ValidationError):
        raise Invalid({"cursor": "is not one of this list's cursors"}) from None


def _whole(value: object, least: int, below: int) -> bool:
    return type(value) is int and least <= value < below


def _sortable(value: object) -> bool:
    return value is None or isinstance(value, datetime) or _whole(value, -(2**62), 2**62)
