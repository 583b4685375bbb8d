"""What an order would come to, before anybody places it."""

from typing import Any

from flask import Blueprint, Response

from orderboard.database import reading
from orderboard.orders import selling
from orderboard.orders.new_order import NewOrder
from orderboard.orders.schemas import QuoteOrder
from orderboard.web import limits
from orderboard.web.access import allow, identity
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.placing import terms
from orderboard.web.api.shape_words import named
from orderboard.web.api.shop_shapes import QUOTE
from orderboard.web.body import json_body

Json = dict[str, Any]
api = Blueprint("quoting", __name__)
_quote = QuoteOrder()
_FOR_ONE_ORDER = 10
"""How often somebody changes a basket for each order that they may place."""


@api.post("/catalogue/quote")
@allow("intake", "operator", "public_intake")
@describe(
    "What an order would come to",
    "Catalogue",
    body=QuoteOrder,
    answers={
        200: ("The sums at the shop's prices, with its fees and the code's discount.", QUOTE),
        409: ("Prices have changed; `lines` has what they are now.", named("Problem")),
    },
)
def quote_order() -> Response:
    """Sums as a stranger's order would have them; nothing is placed, counted or kept."""
    return answer(quoted(json_body(_quote)))


def quoted(data: Json) -> Json:
    """The sums that a loaded QuoteOrder comes to. Raises Invalid and Conflict."""
    limit = parts().settings.intake_limit
    if identity().anonymous:
        # Whoever guesses codes is not to get further here than by placing orders.
        if data.get("discounts"):
            limits.hit("code", limit)
        limits.hit("quote", _FOR_ONE_ORDER * limit)
    order = NewOrder(**{"customer": {}, "currency": parts().settings.currency, **data})
    with reading() as connection:
        return selling.quote(connection, order, terms())
