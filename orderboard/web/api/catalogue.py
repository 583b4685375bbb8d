"""The catalogue for everybody: what there is to order, and its changes as they happen."""

from typing import Any

from flask import Blueprint, Response, request
from marshmallow import Schema, fields, validate

from orderboard.catalogue import queries, views
from orderboard.catalogue.queries import Filter
from orderboard.fields import Text
from orderboard.quantities import Whole
from orderboard.web import cursors
from orderboard.web.access import allow
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.events import LAST_EVENT_ID, StreamQuery, tracked_resume_id
from orderboard.web.api.listing import query_data
from orderboard.web.api.shape_words import TEXT
from orderboard.web.api.shapes import CATALOGUE
from orderboard.web.body import shaped

Json = dict[str, Any]
api = Blueprint("catalogue", __name__)
MOST_SKUS = 100


class CatalogueQuery(Schema):
    """What to look for; products come by name. ``sku``: these alone, may be given many times."""

    sku = fields.List(Text(100, required=True), validate=validate.Length(max=MOST_SKUS))
    q = Text(200)
    category = Text(100)
    limit = Whole(1, 500)
    cursor = Text(cursors.LONGEST)


_query = CatalogueQuery()
_SEVERAL = frozenset({"sku"})


@api.get("/catalogue")
@allow("public")
@describe(
    "What there is to order",
    "Catalogue",
    query=CatalogueQuery,
    answers={200: ("A page of what is sold, by name.", CATALOGUE)},
)
def read_catalogue() -> Response:
    """A page of the active products, and the position to open the stream behind."""
    given = shaped(_query, query_data(request.query_string, _SEVERAL))
    wanted = Filter(
        q=given.get("q") or "",
        category=given.get("category"),
        skus=given.get("sku"),
        active=True,
        after=cursors.product_place(given.get("cursor")),
        limit=given.get("limit", 200),
    )
    page = queries.page(wanted)
    return answer(
        {
            "products": [views.public(product) for product in page.products],
            "next": cursors.behind_product(page.next),
            "position": f"{page.head.epoch}-{page.head.position}",
        }
    )


@api.get("/catalogue/stream")
@allow("public")
@describe(
    "Listen to the catalogue",
    "Catalogue",
    query=StreamQuery,
    headers=(LAST_EVENT_ID,),
    media="text/event-stream",
    answers={200: ("Server-Sent Events of products, as the public sees them.", TEXT)},
)
def stream_catalogue() -> Response:
    """The catalogue's events: prices, and what is left."""
    return parts().stream.respond(request.environ, "catalogue", tracked_resume_id())
