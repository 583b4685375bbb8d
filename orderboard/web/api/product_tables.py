"""The catalogue as a table: import with a preview, and export."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request, stream_with_context
from marshmallow import Schema
from werkzeug.exceptions import UnsupportedMediaType

from orderboard.catalogue import importing, queries, table
from orderboard.fields import Choice
from orderboard.offload import thinking
from orderboard.web.access import allow, identity
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.listing import query_data
from orderboard.web.api.shape_words import TEXT
from orderboard.web.api.shapes import IMPORTED
from orderboard.web.body import LARGEST_MANY, raw_body, shaped

Json = dict[str, Any]
api = Blueprint("product_tables", __name__)


class ImportQuery(Schema):
    """Whether only to say what would change."""

    preview = Choice(("yes", "no"))


_query = ImportQuery()


@api.post("/products/import")
@allow("admin", "operator")
@describe(
    "Take in a table of products",
    "Catalogue",
    query=ImportQuery,
    body_media="text/csv",
    answers={200: ("What was done, or with `preview=yes` what would be.", IMPORTED)},
)
def import_products() -> Response:
    """Add and change products as a CSV file says: all of it, or nothing where a cell is wrong."""
    given = shaped(_query, query_data(request.query_string))
    if request.mimetype not in ("", "text/csv", "text/plain", "application/octet-stream"):
        raise UnsupportedMediaType("The body must be CSV; send Content-Type: text/csv.")
    request.max_content_length = LARGEST_MANY
    content, currency = raw_body(), parts().settings.currency
    found = thinking(lambda: table.read(content))
    preview = given.get("preview") == "yes"
    if preview:
        outcome = importing.preview(found, currency)
    else:
        outcome = importing.take_in(found, currency, identity().actor)
    return answer({**asdict(outcome), "ignored": found.ignored, "preview": preview})


@api.get("/products/export")
@allow("read", "viewer")
@describe(
    "All products as a table",
    "Catalogue",
    media="text/csv",
    answers={200: ("CSV, which the import takes as well.", TEXT)},
)
def export_products() -> Response:
    """All products as CSV, in the columns that the import knows."""
    lines = stream_with_context(table.write(queries.everything()))
    headers = {"Content-Disposition": 'attachment; filename="products.csv"'}
    return Response(lines, 200, headers, mimetype="text/csv")
