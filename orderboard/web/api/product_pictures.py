"""Pictures of products that the shop keeps itself."""

from flask import Blueprint, Response

from orderboard.catalogue import commands, picturing
from orderboard.events import log
from orderboard.pictures import Picture
from orderboard.web.access import allow, identity
from orderboard.web.answers import answer
from orderboard.web.api.describe import describe
from orderboard.web.api.sent_pictures import sent_picture
from orderboard.web.api.shape_words import named
from orderboard.web.api.versions import IF_MATCH, versions_wanted

api = Blueprint("product_pictures", __name__)
LARGEST_PICTURE = 8_000_000
_BOX = (1000, 1000)
"""Within which a picture is kept, in pixels."""
_DONE = {
    200: ("The product; `image` is where its picture is.", named("Product")),
    404: ("No such product.", named("Problem")),
    412: ("Somebody changed it since; `product` is how it is now.", named("Problem")),
}


@api.put("/products/<sku:sku>/picture")
@allow("admin", "operator")
@describe(
    "Give a product a picture",
    "Catalogue",
    body_media="application/octet-stream",
    headers=(IF_MATCH,),
    answers=_DONE,
)
def set_picture(sku: str) -> Response:
    """A PNG, JPEG, WebP or GIF picture of 8 MB at most. It is drawn anew, without what else is
    in the file.
    """
    return _with(sku, sent_picture(LARGEST_PICTURE, _BOX))


@api.delete("/products/<sku:sku>/picture")
@allow("admin", "operator")
@describe("Take a product's picture away", "Catalogue", headers=(IF_MATCH,), answers=_DONE)
def remove_picture(sku: str) -> Response:
    """Have the product show no picture."""
    return _with(sku, None)


def _with(sku: str, picture: Picture | None) -> Response:
    with log.transaction() as tx:
        tx.alone()  # before the product is held: another product may get or lose this picture
        row = commands.hold(tx, sku, versions_wanted())
        product = picturing.set_picture(tx, row, picture, identity().actor)
    return answer(product, 200, {"ETag": f'"{product["version"]}"'})
