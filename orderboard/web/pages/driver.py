"""A driver's own page."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from orderboard.audiences import KINDS
from orderboard.errors import NotFound
from orderboard.orders import queries, views
from orderboard.orders.rules import ON_THE_WAY
from orderboard.orders.wanted import Filter
from orderboard.people import drivers, sessions
from orderboard.web import limits
from orderboard.web.access import allow, identity
from orderboard.web.answers import parts
from orderboard.web.pages.cookie import redirect_with_session

pages = Blueprint("driver", __name__)


@pages.get("/driver/link/<id:token>")
@allow("public")
def open_link(token: str) -> Response:
    """Open the page of the driver whom staff gave this link."""
    limits.hit("driver-link", parts().settings.sign_in_limit)
    driver = drivers.by_link_token(token)
    if driver is None:
        raise NotFound("This link is not good any more. Ask for a new one.")
    secret = sessions.begin_for_driver(driver["id"], request.headers.get("User-Agent", ""))
    return redirect_with_session("/driver", secret)


@pages.get("/driver")
@allow("driver")
def driver_page() -> str:
    """The driver's open orders, the oldest first, and the position to listen behind."""
    driver = identity().driver or {}
    wanted = Filter(driver=[driver["id"]], status=ON_THE_WAY, sort="created", limit=200)
    page = queries.page(wanted)
    data = {
        "driver": driver,
        "orders": [views.driver(order) for order in page.orders],
        "position": f"{page.head.epoch}-{page.head.position}",
        "who": identity().caller,
        "events": KINDS.names("driver"),
    }
    return render_template("driver/driver.html", data=data, driver=driver)
