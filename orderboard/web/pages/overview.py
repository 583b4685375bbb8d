"""The page of the shop's numbers."""

from flask import Blueprint, render_template

from orderboard.analytics.periods import INTERVALS
from orderboard.audiences import KINDS
from orderboard.orders.rules import IN_PROGRESS, LABELS, STATUSES, UNACCEPTED
from orderboard.web.access import allow, identity, signed_in
from orderboard.web.answers import parts
from orderboard.web.overview import overview_now

pages = Blueprint("overview_page", __name__)


@pages.get("/admin/overview")
@allow("viewer")
def overview() -> str:
    """The figures of now; those of the period in the address the page asks the API for."""
    member, _ = signed_in()
    now = overview_now()
    data = {
        "overview": now,
        "position": now["position"],
        "who": identity().caller,
        "events": KINDS.names("board"),
        "zone": parts().settings.timezone,
        "currency": parts().settings.currency,
        "intervals": INTERVALS,
        "labels": {status: LABELS["purchase"][status] for status in STATUSES},
        "waiting": [*UNACCEPTED],
        "in_progress": [*IN_PROGRESS],
    }
    return render_template("admin/overview.html", data=data, staff=member)
