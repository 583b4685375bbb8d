"""The query of a list of orders: filters, sorting, and the cursor of the next page."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from marshmallow import Schema, fields, validate

from orderboard import clock
from orderboard.errors import Invalid
from orderboard.fields import Choice, Text
from orderboard.orders.queries import Filter
from orderboard.orders.ranges import SORTS
from orderboard.orders.rules import STATUSES, TYPES
from orderboard.orders.schemas import SPELLINGS
from orderboard.quantities import Moment, Whole
from orderboard.web.body import printable, shaped

Json = dict[str, Any]
LONGEST_CURSOR = 300


class ListQuery(Schema):
    """Which orders to list. status, type and driver may be given several times."""

    status = fields.List(Choice(STATUSES, SPELLINGS), validate=validate.Length(max=50))
    type = fields.List(Choice(TYPES), validate=validate.Length(max=50))
    driver = fields.List(Text(64, required=True), validate=validate.Length(max=50))
    q = Text(
        200,
        metadata={
            "description": "Words that an order has, all of them, each anywhere: number (that"
            " order comes first), name, company, phone in any format, e-mail, address, sku or name"
            " of a thing, external_id, driver. One or two letters are looked for at the beginning"
            " of the customer's and the driver's names and of the number. Case and accents do not"
            " matter."
        },
    )
    created_from = Moment()
    created_to = Moment()
    updated_after = Moment()
    sort = Choice((*SORTS, *(f"-{name}" for name in SORTS)))
    limit = Whole(1, 200)
    cursor = Text(LONGEST_CURSOR)


_query = ListQuery()
_SEVERAL = frozenset({"status", "type", "driver"})


def filter_of(query: bytes) -> Filter:
    """The filter that a query string means. Raises Invalid."""
    given = shaped(_query, query_data(query, _SEVERAL))
    cursor = given.pop("cursor", None)
    sort = given.get("sort", "-created")
    after = _after(cursor, sort) if cursor else None
    return Filter(after=after, **{name: v for name, v in given.items() if v is not None})


def query_data(query: bytes, several: frozenset[str] = frozenset()) -> Json:
    """A query string as data for a schema: lists where several may be given, numbers as such.

    Bytes that are no UTF-8 become characters that no field takes.
    """
    text = query.decode("utf-8", "surrogateescape")
    data: Json = {}
    for name, value in parse_qsl(text, keep_blank_values=True, errors="surrogateescape"):
        if name in several:
            data.setdefault(name, []).append(value)
        elif name in data:
            raise Invalid({printable(name): "must be given once"})
        else:
            data[name] = _number(value) if name == "limit" else value
    return data


def next_cursor(sort: str, last: tuple[Any, int] | None) -> str | None:
    """The cursor that goes on behind a row with this sort value and number."""
    if last is None:
        return None
    value = clock.rfc3339(last[0]) if isinstance(last[0], datetime) else last[0]
    return base64.urlsafe_b64encode(json.dumps([sort, value, last[1]]).encode()).decode()


def _after(cursor: str, sort: str) -> tuple[Any, int]:
    try:
        made_for, value, number = json.loads(base64.b64decode(cursor, b"-_", validate=True))
        if value is not None:  # none: before the first one
            value = value if sort.endswith("total") else clock.parse_rfc3339(value)
    except (ValueError, TypeError, RecursionError, binascii.Error, OverflowError):
        made_for = None
    if made_for != sort or not (_whole(number, 2**31) and _sortable(value)):
        raise Invalid({"cursor": "is not one of this list's cursors"})
    return value, number


def _whole(value: object, below: int) -> bool:
    return type(value) is int and 0 <= value < below


def _sortable(value: object) -> bool:
    return value is None or isinstance(value, datetime) or _whole(value, 2**62)


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
