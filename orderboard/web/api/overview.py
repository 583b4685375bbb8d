"""The figures over all orders."""

from flask import Blueprint, Response

from orderboard.web.access import allow
from orderboard.web.answers import answer
from orderboard.web.api.describe import describe
from orderboard.web.api.shapes import OVERVIEW
from orderboard.web.overview import overview_now

api = Blueprint("overview", __name__)


@api.get("/overview")
@allow("read", "viewer")
@describe("Counts and revenue", "Orders", answers={200: ("The figures now.", OVERVIEW)})
def overview() -> Response:
    """Counts by status and type, revenue, and who is listening."""
    return answer(overview_now())
