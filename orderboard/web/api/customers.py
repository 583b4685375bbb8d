"""Customers for staff and scripts: the list, one of them, and what is done to them."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request, stream_with_context
from marshmallow import Schema

from orderboard import clock
from orderboard.customers import commands, queries
from orderboard.customers.finding import SORTS
from orderboard.customers.queries import Filter
from orderboard.errors import Invalid
from orderboard.events import log
from orderboard.fields import Choice, Currency, Text
from orderboard.jsontext import dump
from orderboard.orders.views import label
from orderboard.quantities import Whole
from orderboard.web import cursors
from orderboard.web.access import Identity, allow, identity
from orderboard.web.answers import answer, parts
from orderboard.web.api.customer_shapes import (
    CUSTOMER_EXPORT,
    CUSTOMER_OF_ORDER,
    CUSTOMER_PAGE,
    CUSTOMERS_PAGE,
)
from orderboard.web.api.describe import describe
from orderboard.web.api.events import told_events
from orderboard.web.api.listing import query_data
from orderboard.web.api.shape_words import named
from orderboard.web.body import json_body, shaped
from orderboard.web.seeing import order_view

Json = dict[str, Any]
api = Blueprint("customers", __name__)
_PLACED = "-placed"
_PIECE, _MOST_EVENTS = 50, 10_000
_NONE = {404: ("No such customer.", named("Problem"))}


class CustomersQuery(Schema):
    """Which customers to list."""

    q = Text(
        200,
        metadata={
            "description": "Words that a customer has, all of them, each anywhere in name, company,"
            " e-mail or phone in any format; one or two letters at the beginning of a name."
        },
    )
    sort = Choice(
        (*SORTS, *(f"-{name}" for name in SORTS)),
        metadata={"description": "By `sum` only those are listed who have ordered in `currency`."},
    )
    currency = Currency(metadata={"description": "Of `sum`; the shop's where none is given."})
    limit = Whole(1, 200)
    cursor = Text(cursors.LONGEST)


class HistoryQuery(Schema):
    """Which of a customer's orders to tell, newest first."""

    limit = Whole(1, 200)
    cursor = Text(cursors.LONGEST)


class Merge(Schema):
    """The customer who turned out to be this one."""

    customer = Text(64, required=True)


_list, _history, _merge = CustomersQuery(), HistoryQuery(), Merge()


@api.get("/customers")
@allow("read", "viewer")
@describe(
    "List customers",
    "Customers",
    query=CustomersQuery,
    answers={200: ("A page, those who ordered last first.", CUSTOMERS_PAGE)},
)
def list_customers() -> Response:
    """A page of customers. Their records are up to a second behind the orders."""
    given = shaped(_list, query_data(request.query_string))
    sort = given.get("sort") or "-last_seen"
    page = queries.page(
        Filter(
            q=given.get("q") or "",
            sort=sort,
            currency=given.get("currency") or parts().settings.currency,
            after=_place(given, sort),
            limit=given.get("limit", 50),
        )
    )
    position = f"{page.head.epoch}-{page.head.position}"
    behind = cursors.behind(sort, page.next)
    return answer({"customers": page.customers, "next": behind, "position": position})


@api.get("/customers/<id:customer_id>")
@allow("read", "viewer")
@describe(
    "Read a customer",
    "Customers",
    query=HistoryQuery,
    answers={200: ("The customer with a page of their orders.", CUSTOMER_PAGE), **_NONE},
)
def read_customer(customer_id: str) -> Response:
    """One customer, and their orders, newest first."""
    given = shaped(_history, query_data(request.query_string))
    found = queries.history(customer_id, _place(given, _PLACED), given.get("limit", 50))
    return answer(
        {
            **found.customer,
            "orders": [order_view(order, identity()) for order in found.orders],
            "next": cursors.behind(_PLACED, found.next),
        }
    )


@api.get("/customers/<id:customer_id>/export")
@allow("read", "viewer")
@describe(
    "All that is known of a customer",
    "Customers",
    answers={200: ("Record, orders and their timelines, as a file.", CUSTOMER_EXPORT), **_NONE},
)
def export_customer(customer_id: str) -> Response:
    """What a person may ask for: everything that is kept of them."""
    customer = queries.get(customer_id)
    lines = stream_with_context(_exported(customer, identity()))
    headers = {"Content-Disposition": f'attachment; filename="{customer_id}.json"'}
    return Response(lines, 200, headers, mimetype="application/json")


@api.delete("/customers/<id:customer_id>")
@allow("admin", "operator")
@describe(
    "Erase a customer",
    "Customers",
    answers={202: ("They are being erased, which takes some seconds.", named("Client")), **_NONE},
)
def erase_customer(customer_id: str) -> Response:
    """Take a person out of orders, events and records, as `orderboard forget-customer` does.

    What was ordered and what it came to stays. `customer.erased` tells that it is done.
    """
    with log.transaction() as tx:
        commands.ask_to_erase(tx, customer_id, identity().actor)
    return answer(queries.get(customer_id), 202)


@api.post("/customers/<id:customer_id>/merge")
@allow("admin", "operator")
@describe(
    "Merge another customer into this one",
    "Customers",
    body=Merge,
    answers={
        200: ("The customer, with the orders and sums of both.", named("Client")),
        409: ("One of them is being erased, or has too many orders.", named("Problem")),
        **_NONE,
    },
)
def merge_customer(customer_id: str) -> Response:
    """Two customers are one: orders of either, also those to come, count for this one."""
    other = json_body(_merge)["customer"]
    with log.transaction() as tx:
        commands.merge(tx, customer_id, other, identity().actor)
    return answer(queries.get(customer_id))


@api.get("/orders/<id:order_id>/customer")
@allow("read", "viewer")
@describe(
    "Whose an order is",
    "Customers",
    answers={
        200: ("The customer; null while the record is behind.", CUSTOMER_OF_ORDER),
        404: ("No such order.", named("Problem")),
    },
)
def customer_of_order(order_id: str) -> Response:
    """The customer of an order, the how manieth of theirs it is, and the one before it."""
    found = queries.of_order(order_id)
    if previous := found["previous"]:
        kept = {name: previous[name] for name in ("id", "number", "status", "created_at")}
        found["previous"] = {**kept, "status_label": label(previous)}
    return answer(found)


def _place(given: Json, sort: str) -> tuple[Any, int] | None:
    if not (cursor := given.get("cursor")):
        return None
    place = cursors.place(cursor, sort)
    if place[0] is None:
        raise Invalid({"cursor": "is not one of this list's cursors"})
    return place


def _exported(customer: Json, who: Identity) -> Iterator[str]:
    """The file, piece by piece: somebody may have ordered for years."""
    yield f'{{"customer":{dump(customer)},"exported_at":{dump(clock.rfc3339(clock.now()))}'
    yield ',"orders":['
    after, comma = None, ""
    while True:
        found = queries.history(customer["id"], after, _PIECE)
        for order in found.orders:
            events = log.since(0, _MOST_EVENTS, f"order:{order['id']}")
            told = told_events(events, who.audience, log.head())
            yield comma + dump({**order_view(order, who), "events": told})
            comma = ","
        if found.next is None:
            break
        after = found.next
    yield "]}"
