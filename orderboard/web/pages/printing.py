"""Orders on paper from a browser: tickets of 80 mm, packing slips and order sheets in A4."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from orderboard import clock
from orderboard.database import reading
from orderboard.errors import Invalid, NotFound
from orderboard.orders import queries, views
from orderboard.printing.ticket import Ticket, ticket
from orderboard.settings import current
from orderboard.web.access import allow
from orderboard.web.answers import parts

Json = dict[str, Any]
pages = Blueprint("printing_page", __name__)
MOST = 100
"""Orders that are printed at once."""
COUNTED = ("ticket", "sheet")
"""Papers by which an order counts as printed; a slip goes into the parcel later."""
_TITLES = {"ticket": "Ticket", "slip": "Packing slip", "sheet": "Order sheet"}


@pages.get("/admin/orders/<id:order_id>/ticket")
@allow("operator")
def one_ticket(order_id: str) -> str:
    """The ticket of an order, for a printer of 80 mm."""
    return _paper("ticket", [order_id])


@pages.get("/admin/orders/<id:order_id>/slip")
@allow("operator")
def slip(order_id: str) -> str:
    """The packing slip of an order, in A4 and without prices."""
    return _paper("slip", [order_id])


@pages.get("/admin/orders/<id:order_id>/sheet")
@allow("operator")
def sheet(order_id: str) -> str:
    """An order in A4, with prices."""
    return _paper("sheet", [order_id])


@pages.get("/admin/tickets")
@allow("operator")
def tickets() -> str:
    """The papers of several orders, in the order given: ``?ids=…,…&as=ticket|slip|sheet``."""
    ids = [one for text in request.args.getlist("ids") for one in text.split(",") if one]
    form = request.args.get("as", "ticket")
    if not ids or len(ids) > MOST:
        raise Invalid({"ids": f"must name 1 to {MOST} orders, with commas between them"})
    if form not in _TITLES:
        raise Invalid({"as": f"must be one of {', '.join(_TITLES)}"})
    return _paper(form, list(dict.fromkeys(ids)))


def _paper(form: str, ids: list[str]) -> str:
    orders = _orders(ids)
    missing = len(ids) - len(orders)
    if not orders:
        raise NotFound("There is no such order.")
    return render_template(
        "print/paper.html",
        form=form,
        title=_TITLES[form],
        papers=[_ticket(order, form in COUNTED) for order in orders],
        missing=missing,
        data={
            "ids": [order["id"] for order in orders] if form in COUNTED else [],
            "at_once": "print" in request.args,
        },
    )


def _orders(ids: list[str]) -> list[Json]:
    """Those of the orders that there are, as staff see them, in the order asked for."""
    with reading() as connection:
        numbers = queries.numbers_of(connection, ids)
        known = queries.of_numbers(connection, numbers.values()) if numbers else []
    by_id = {order["id"]: views.staff(order, parts().settings.base_url) for order in known}
    return [by_id[one] for one in ids if one in by_id]


def _ticket(order: Json, is_counted: bool) -> Ticket:
    zone = ZoneInfo(parts().settings.timezone)
    is_copy = is_counted and order["printed"] is not None
    return ticket(order, current(), zone, clock.now(), is_copy)
