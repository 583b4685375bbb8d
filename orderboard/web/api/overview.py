"""The figures over all orders."""

from typing import Any

from flask import Blueprint, Response

from orderboard.figures import overview as figures
from orderboard.web.access import allow
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.shapes import OVERVIEW

Json = dict[str, Any]
api = Blueprint("overview", __name__)


@api.get("/overview")
@allow("read", "staff")
@describe("Counts and revenue", "Orders", answers={200: ("The figures now.", OVERVIEW)})
def overview() -> Response:
    """Counts by status and type, revenue, and who is listening."""
    return answer(overview_now())


def overview_now() -> Json:
    """The figures of this moment."""
    settings, stream = parts().settings, parts().stream
    found, head = figures.overview(settings.currency, settings.timezone)
    return {
        **found,
        "unread_messages": 0,
        "subscribers": stream.subscribers(),
        "position": f"{head.epoch}-{head.position}",
    }
