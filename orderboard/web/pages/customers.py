"""The page on which staff look customers up."""

from flask import Blueprint, render_template

from orderboard.audiences import KINDS
from orderboard.customers import queries
from orderboard.customers.queries import Filter
from orderboard.web import cursors
from orderboard.web.access import allow, identity, signed_in
from orderboard.web.answers import parts

pages = Blueprint("customers_page", __name__)


@pages.get("/admin/customers")
@allow("viewer")
def customers() -> str:
    """The first page of customers, and the position to open the stream behind."""
    member, _ = signed_in()
    currency = parts().settings.currency
    wanted = Filter(currency=currency)
    page = queries.page(wanted)
    data = {
        "customers": page.customers,
        "next": cursors.behind(wanted.sort, page.next),
        "position": f"{page.head.epoch}-{page.head.position}",
        "who": identity().caller,
        "events": KINDS.names("board"),
        "currency": currency,
    }
    return render_template("admin/customers.html", data=data, staff=member)
