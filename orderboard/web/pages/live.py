"""The page on which staff see the stream itself."""

from flask import Blueprint, render_template

from orderboard.events import log
from orderboard.orders.rules import LABELS, STATUSES
from orderboard.web.access import allow, signed_in
from orderboard.web.answers import parts

pages = Blueprint("live", __name__)


@pages.get("/admin/live")
@allow("viewer")
def live() -> str:
    """The page, and the position behind which it opens the stream."""
    member, _ = signed_in()
    head = log.head()
    data = {
        "position": f"{head.epoch}-{head.position}",
        "labels": LABELS,
        "statuses": STATUSES,
        "heartbeat": parts().settings.stream_heartbeat,
    }
    return render_template("admin/live.html", data=data, staff=member)
