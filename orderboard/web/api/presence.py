"""Who of the staff is here: passed on to those who are here too, and kept nowhere."""

from flask import Blueprint, Response
from marshmallow import Schema

from orderboard.fields import Flag, Text
from orderboard.web import limits
from orderboard.web.access import allow, signed_in
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import named, thing
from orderboard.web.body import json_body

api = Blueprint("presence", __name__)
A_MINUTE = 600
"""Messages that all pages of an address may send in a minute; each sends eight, and one for each
order that somebody opens, every three seconds at most."""


class Here(Schema):
    """What a page shows. ``page``: its own name, for as long as it is open."""

    page = Text(40, required=True)
    order = Text(40, allow_none=True)
    new = Flag()
    gone = Flag()


_here = Here()


@api.post("/presence")
@allow("admin", "viewer")
@describe(
    "Say that a page is open, and which order it shows",
    "Events",
    body=Here,
    answers={
        200: ("Told to the other pages of staff as the signal `presence`.", thing()),
        401: ("A key is nobody who could be here.", named("Problem")),
    },
)
def tell_presence() -> Response:
    """Tell other boards who is here. ``new``: others are to say so too; ``gone``: it closes."""
    given = json_body(_here)
    member, _ = signed_in()
    limits.hit("presence", A_MINUTE)
    data = {
        "page": given["page"],
        "staff": {"id": member.id, "name": member.name},
        "order_id": given.get("order"),
        "new": given.get("new", False),
        "gone": given.get("gone", False),
    }
    for audience in ("board", "reader"):
        parts().stream.signal("presence", audience, data)
    return answer({})
