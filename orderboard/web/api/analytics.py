"""What happened in a period."""

from flask import Blueprint, Response, request

from orderboard.web.access import allow
from orderboard.web.analytics import AnalyticsQuery, analytics
from orderboard.web.answers import answer
from orderboard.web.api.analytics_shapes import ANALYTICS
from orderboard.web.api.describe import describe
from orderboard.web.api.listing import query_data
from orderboard.web.body import shaped

api = Blueprint("analytics", __name__)
_query = AnalyticsQuery()


@api.get("/analytics")
@allow("read", "viewer")
@describe(
    "What happened in a period",
    "Orders",
    query=AnalyticsQuery,
    answers={200: ("Its figures, up to a second behind the orders.", ANALYTICS)},
)
def read_analytics() -> Response:
    """Orders, revenue and refunds of a period and of each interval of it.

    An order counts, with all that became of it later, for when it was placed. Revenue is as in the
    overview: nothing of orders that were cancelled, declined or returned, and refunds are taken
    off; of products it is what their lines came to. Amounts are of orders in `currency` alone,
    counts of all. Times are seconds from being placed to the newest coming to a status, median and
    90th percentile less than 2 percent off. `position` is that up to which orders are taken in.
    """
    return answer(analytics(shaped(_query, query_data(request.query_string))))
