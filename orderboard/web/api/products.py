"""The catalogue for staff and scripts: products, one and many."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request
from marshmallow import Schema

from orderboard.catalogue import commands, queries, schemas
from orderboard.catalogue.queries import Filter
from orderboard.errors import Invalid, NotFound
from orderboard.events import log
from orderboard.events.log import Transaction
from orderboard.fields import Choice, Text
from orderboard.quantities import Whole
from orderboard.turn import in_turns
from orderboard.web import cursors
from orderboard.web.access import Identity, allow, identity
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.listing import query_data
from orderboard.web.api.placing import refused
from orderboard.web.api.shape_words import named
from orderboard.web.api.shapes import PRODUCTS_PAGE, RESULTS
from orderboard.web.api.versions import IF_MATCH, versions_wanted
from orderboard.web.body import json_body, shaped

Json = dict[str, Any]
api = Blueprint("products", __name__)
_WORDS = {"yes": True, "no": False}


class ProductsQuery(Schema):
    """Which products to list; they come by name. ``low``: only those to order more of."""

    q = Text(200, metadata={"description": "Words that name, sku or category have, all of them."})
    category = Text(100)
    active = Choice(tuple(_WORDS))
    low = Choice(tuple(_WORDS))
    limit = Whole(1, 500)
    cursor = Text(cursors.LONGEST)


_query, _new, _edit, _bulk = (
    ProductsQuery(),
    schemas.NewProduct(),
    schemas.EditProduct(),
    schemas.BulkChange(),
)
_ONE = {200: ("The product.", named("Product")), 404: ("No such product.", named("Problem"))}


@api.get("/products")
@allow("read", "viewer")
@describe(
    "List products",
    "Catalogue",
    query=ProductsQuery,
    answers={200: ("A page, by name.", PRODUCTS_PAGE)},
)
def list_products() -> Response:
    """A page of products, and the position to open the stream behind."""
    page = queries.page(_filter())
    position = f"{page.head.epoch}-{page.head.position}"
    return answer(
        {"products": page.products, "next": cursors.behind_product(page.next), "position": position}
    )


@api.post("/products")
@allow("admin", "operator")
@describe(
    "Add a product",
    "Catalogue",
    body=schemas.NewProduct,
    answers={
        201: ("The product.", named("Product")),
        409: ("There is a product with this sku.", named("Problem")),
    },
)
def add_product() -> Response:
    """Add a product."""
    given = json_body(_new)
    with log.transaction() as tx:
        product = commands.add(tx, given, parts().settings.currency, identity().actor)
    return _answered(product, 201)


@api.get("/products/<sku:sku>")
@allow("read", "viewer")
@describe("Read a product", "Catalogue", answers=_ONE)
def read_product(sku: str) -> Response:
    """One product."""
    return _answered(queries.get(sku)[0])


@api.patch("/products/<sku:sku>")
@allow("admin", "operator")
@describe(
    "Change a product",
    "Catalogue",
    body=schemas.EditProduct,
    headers=(IF_MATCH,),
    answers={
        **_ONE,
        412: ("Somebody changed it since; `product` is how it is now.", named("Problem")),
    },
)
def edit_product(sku: str) -> Response:
    """Change what is given, leave the rest. ``stock`` is what was counted in the shop."""
    given = json_body(_edit)
    if not given:
        raise Invalid({"body": "must set at least one field"})
    with log.transaction() as tx:
        if "image" in given:
            tx.alone()  # before the product is held: another one may get or lose its picture
        row = commands.hold(tx, sku, versions_wanted())
        product = commands.edit(tx, row, given, identity().actor)
    return _answered(product)


@api.post("/products/bulk")
@allow("admin", "operator")
@describe(
    "Change up to 500 products at once",
    "Catalogue",
    body=schemas.BulkChange,
    answers={207: ("A result for each, in the order given.", RESULTS)},
)
def edit_products() -> Response:
    """Make the same change to many products in one transaction; each is judged for itself."""
    given, who = json_body(_bulk), identity()
    if len(given) == 1:
        raise Invalid({"body": "must say what is to change"})
    for name in ("price", "stock"):
        if name in given and len(given[name]) != 1:
            paths = [f"{name}.{inner}" for inner in given[name]] or [name]
            raise Invalid(dict.fromkeys(paths, "must be the one thing that is said of it"))
    with log.transaction() as tx:
        rows = commands.hold_many(tx, given["skus"])
        done = {sku: _changed(tx, rows.get(sku), given, who) for sku in in_turns(given["skus"])}
    return answer({"results": [{"sku": sku, **done[sku]} for sku in given["skus"]]}, 207)


def _filter() -> Filter:
    given = shaped(_query, query_data(request.query_string))
    return Filter(
        q=given.get("q") or "",
        category=given.get("category"),
        active=_WORDS.get(given.get("active", "")),
        low=given.get("low") == "yes",
        after=cursors.product_place(given.get("cursor")),
        limit=given.get("limit", 100),
    )


def _answered(product: Json, status: int = 200) -> Response:
    headers = {"ETag": f'"{product["version"]}"'}
    if status == 201:
        headers["Location"] = f"/api/products/{quote(product['sku'], safe='')}"
    return answer(product, status, headers)


def _changed(tx: Transaction, row: Json | None, given: Json, who: Identity) -> Json:
    if row is None:
        return refused(404, NotFound("There is no such product."))
    try:
        product = commands.edit(tx, row, commands.of_bulk(row, given), who.actor)
    except Invalid as error:
        how = next(iter(given.get("price", ())), "")
        return refused(422, error.at({"price": f"price.{how}"}))
    return {"status": 200, "product": product}
