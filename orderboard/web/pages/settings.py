"""The page on which staff say what the shop is."""

from flask import Blueprint, render_template

from orderboard.orders.rules import METHODS, TYPES
from orderboard.settings import queries, views
from orderboard.settings.schemas import LONGEST_LEAD
from orderboard.settings.values import WEEKDAYS
from orderboard.web.access import allow, signed_in
from orderboard.web.answers import parts

pages = Blueprint("settings_page", __name__)


@pages.get("/admin/settings")
@allow("owner")
def settings() -> str:
    """All settings, those that only the environment sets among them."""
    member, _ = signed_in()
    config = parts().settings
    data = views.with_origins(queries.everything(config), config)
    data["order_kinds"] = {"types": TYPES, "methods": METHODS}
    return render_template(
        "admin/settings.html", data=data, days=WEEKDAYS, longest_lead=LONGEST_LEAD, staff=member
    )
