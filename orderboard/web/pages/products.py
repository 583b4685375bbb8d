"""The page on which staff keep the catalogue."""

from flask import Blueprint, render_template

from orderboard.audiences import KINDS
from orderboard.catalogue import queries
from orderboard.catalogue.queries import Filter
from orderboard.web import cursors
from orderboard.web.access import allow, identity, signed_in
from orderboard.web.answers import parts

pages = Blueprint("products_page", __name__)


@pages.get("/admin/products")
@allow("viewer")
def products() -> str:
    """The first page of products, and the position to open the stream behind."""
    member, _ = signed_in()
    page = queries.page(Filter())
    data = {
        "products": page.products,
        "next": cursors.behind_product(page.next),
        "position": f"{page.head.epoch}-{page.head.position}",
        "who": identity().caller,
        "events": KINDS.names("board"),
        "categories": queries.categories(),
        "currency": parts().settings.currency,
    }
    return render_template("admin/products.html", data=data, staff=member)
