"""The page on which staff place an order for somebody who calls."""

from flask import Blueprint, render_template

from orderboard.orders.rules import TYPES
from orderboard.web.access import allow, signed_in
from orderboard.web.answers import parts

pages = Blueprint("desk", __name__)


@pages.get("/admin/new")
@allow("operator")
def new_order() -> str:
    """An empty order."""
    member, _ = signed_in()
    data = {"currency": parts().settings.currency, "types": TYPES}
    return render_template("admin/new.html", data=data, staff=member)
