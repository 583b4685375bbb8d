"""The query of a list of orders: filters, sorting, and the cursor of the next page."""

import re
from typing import Any
from urllib.parse import parse_qsl

from marshmallow import Schema, ValidationError, fields, validate

from orderboard import clock
from orderboard.errors import Invalid
from orderboard.fields import Choice, Text
from orderboard.money import minor_at
from orderboard.orders import marks, paying
from orderboard.orders.ranges import SORTS
from orderboard.orders.risk import AtRisk
from orderboard.orders.rules import METHODS, STATUSES, TYPES
from orderboard.orders.schemas import SPELLINGS
from orderboard.orders.wanted import Filter
from orderboard.quantities import Moment, Money, Whole
from orderboard.settings import current
from orderboard.web import cursors
from orderboard.web.access import identity
from orderboard.web.answers import parts
from orderboard.web.body import printable, shaped

Json = dict[str, Any]
ME = "me"
_ASSIGNEE = f"{ME}|{marks.NOBODY}|[0-9]{{1,9}}"


def _any_of(field: fields.Field[Any]) -> fields.List[Any]:
    return fields.List(field, validate=validate.Length(max=50))


class Assignee(Text):
    """Who of the staff looks after an order: their id, ``me`` for who asks, ``none`` for nobody."""

    def checked(self, text: str) -> str:
        if not re.fullmatch(_ASSIGNEE, text):
            raise ValidationError(f"must be an id, {ME} or {marks.NOBODY}")
        return text.lstrip("0") or "0"

    def openapi(self) -> Json:
        return {"type": "string", "pattern": f"^({_ASSIGNEE})$"}


class ListFilter(Schema):
    """Which orders, and in which order.

    What is a list may be given several times, and finds orders that have one of the values.
    """

    status = _any_of(Choice(STATUSES, SPELLINGS))
    type = _any_of(Choice(TYPES))
    driver = _any_of(Text(64, required=True))
    payment = _any_of(Choice(paying.STATUSES))
    channel = _any_of(Text(100, required=True))
    tag = _any_of(Text(50, required=True))
    method = _any_of(Choice(METHODS))
    assigned_to = _any_of(Assignee(20, required=True))
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
    due_before = Moment()
    at_risk = Choice(
        ("yes",),
        metadata={
            "description": "Open orders that are past due, and new ones that nobody has accepted"
            " within the shop's minutes."
        },
    )
    total_from = Money()
    total_to = Money()
    sort = Choice((*SORTS, *(f"-{name}" for name in SORTS)))


class ListQuery(ListFilter):
    """Which page of a list of orders."""

    limit = Whole(1, 200)
    cursor = Text(cursors.LONGEST)


_query = ListQuery()
_TOTALS = ("total_from", "total_to")
_SEVERAL = frozenset({"status", "type", "driver", *marks.FILTERS})


def filter_of(query: bytes) -> Filter:
    """The filter that a query string means. Raises Invalid."""
    return _filter(shaped(_query, query_data(query, _SEVERAL)))


def filter_and(query: bytes, schema: ListFilter, *also: str) -> tuple[Filter, Json]:
    """The same of a query that says something else besides, and what it says of that."""
    given = shaped(schema, query_data(query, _SEVERAL))
    return _filter({n: v for n, v in given.items() if n not in also}), given


def _filter(given: Json) -> Filter:
    cursor = given.pop("cursor", None)
    sort = given.get("sort", "-created")
    after = cursors.place(cursor, sort) if cursor else None
    given = {name: value for name, value in given.items() if value is not None}
    if "at_risk" in given:
        given["at_risk"] = AtRisk.at(clock.now(), current().accept_within)
    if "assigned_to" in given:
        given["assigned_to"] = [_assignee(who) for who in given["assigned_to"]]
    return Filter(after=after, **{**given, **_totals(given)})


def _assignee(who: str) -> str:
    """Whose orders are meant. Raises Invalid for ``me`` of a key, which is nobody."""
    if who != ME:
        return who
    member = identity().member
    if member is None:
        raise Invalid({"assigned_to": f"{ME} is for the staff; a key gives an id"})
    return str(member.id)


def _totals(given: Json) -> dict[str, int]:
    """The totals of a query in the minor units of the shop's currency. Raises Invalid."""
    errors: dict[str, str] = {}
    currency = parts().settings.currency
    found = {
        name: minor_at(given[name], name, currency, errors) for name in _TOTALS if name in given
    }
    if errors:
        raise Invalid(errors)
    return found


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


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
