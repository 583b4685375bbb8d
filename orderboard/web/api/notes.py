"""Internal notes of an order."""

from flask import Blueprint, Response

from orderboard.events import log
from orderboard.orders import notes, schemas
from orderboard.web.access import allow, identity
from orderboard.web.answers import answer
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import named
from orderboard.web.body import json_body

api = Blueprint("notes", __name__)
_note = schemas.Note()


@api.post("/orders/<id:order_id>/notes")
@allow("admin", "operator")
@describe(
    "Add an internal note",
    "Orders",
    body=schemas.Note,
    answers={
        201: ("The note. Customers and drivers never see it.", named("Note")),
        404: ("No such order.", named("Problem")),
    },
)
def add_note(order_id: str) -> Response:
    """Add a note to an order's timeline."""
    given = json_body(_note)
    text, mentions = given["text"], given.get("mentions") or ()
    with log.transaction() as tx:
        note = notes.add_note(tx, order_id, text, mentions, identity().actor)
    return answer(note, 201)
