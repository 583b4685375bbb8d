"""Discount codes, for staff and scripts."""

from flask import Blueprint, Response

from orderboard.discounts import commands, queries
from orderboard.discounts.schemas import EditDiscount, NewDiscount
from orderboard.errors import Invalid
from orderboard.events import log
from orderboard.web.access import allow, identity
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import many, named, thing
from orderboard.web.api.shop_shapes import DISCOUNT
from orderboard.web.api.versions import IF_MATCH, versions_wanted
from orderboard.web.body import json_body

api = Blueprint("discounts", __name__)
_new, _edit = NewDiscount(), EditDiscount()


@api.get("/discounts")
@allow("admin", "viewer")
@describe(
    "List the discount codes",
    "Settings",
    answers={200: ("Those in force first.", thing(discounts=many(DISCOUNT)))},
)
def list_discounts() -> Response:
    """All codes, each with how many orders have it now."""
    return answer({"discounts": queries.everything()})


@api.post("/discounts")
@allow("admin", "owner")
@describe(
    "Add a discount code",
    "Settings",
    body=NewDiscount,
    answers={201: ("The code.", DISCOUNT), 409: ("There is this code.", named("Problem"))},
)
def add_discount() -> Response:
    """Add a code. Its amounts are in the shop's currency."""
    given = json_body(_new)
    with log.transaction() as tx:
        discount = commands.add(tx, given, parts().settings.currency, identity().actor)
    return answer(discount, 201, {"ETag": f'"{discount["version"]}"'})


@api.patch("/discounts/<id:code>")
@allow("admin", "owner")
@describe(
    "Change a discount code",
    "Settings",
    body=EditDiscount,
    headers=(IF_MATCH,),
    answers={
        200: ("The code.", DISCOUNT),
        404: ("No such code.", named("Problem")),
        412: ("Somebody changed it since; `discount` is how it is now.", named("Problem")),
    },
)
def edit_discount(code: str) -> Response:
    """Change what is given, leave the rest. Orders that have it keep what it took off."""
    given = json_body(_edit)
    if not given:
        raise Invalid({"body": "must set at least one field"})
    with log.transaction() as tx:
        discount = commands.edit(tx, code, given, identity().actor, versions_wanted())
    return answer(discount, 200, {"ETag": f'"{discount["version"]}"'})
