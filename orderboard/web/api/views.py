"""Saved views of the board: what somebody looks for, and how, under a name."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response
from marshmallow import Schema, ValidationError, fields

from orderboard.errors import Invalid
from orderboard.fields import Choice, Flag, Line, text_of
from orderboard.saved_views import commands
from orderboard.web.access import allow, identity
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.listing import ListFilter, filter_and
from orderboard.web.api.shape_words import TEXT, many, named, thing
from orderboard.web.body import json_body

Json = dict[str, Any]
api = Blueprint("views", __name__)
LONGEST = 4000
"""Characters of a query."""
LOOKS = ("view", "density")


class _BoardQuery(ListFilter):
    """The query of the board's address: which orders, in which order, and how they are shown."""

    view = Choice(("table", "board", "wall"))
    density = Choice(("compact",))


_board_query = _BoardQuery()


class Query(fields.Field[str]):
    """The query of a board's address, as text or as an object of its parameters."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        text = urlencode([*_pairs(value)]) if isinstance(value, dict) else text_of(value, LONGEST)
        text = text.removeprefix("?")
        if len(text) > LONGEST:
            raise ValidationError(f"must have {LONGEST} characters or fewer")
        try:
            filter_and(text.encode("utf-8", "surrogateescape"), _board_query, *LOOKS)
        except Invalid as error:
            raise ValidationError({n: [message] for n, message in error.errors.items()}) from None
        return urlencode(parse_qsl(text, keep_blank_values=True))

    def openapi(self) -> Json:
        """The field in JSON Schema."""
        value = {"type": ["string", "number"]}
        several = {"type": "array", "items": value}
        return {
            "anyOf": [
                {"type": "string", "maxLength": LONGEST},
                {"type": "object", "additionalProperties": {"anyOf": [value, several]}},
            ],
            "description": "What `GET /api/orders` takes, and `view` (table, board, wall) and"
            " `density` (compact).",
            "examples": ["status=pending&status=processing&sort=due"],
        }


class NewView(Schema):
    """A view to be kept."""

    name = Line(100, required=True)
    query = Query(required=True)
    shared = Flag()


_new = NewView()
_VIEW = thing(
    id=TEXT,
    name=TEXT,
    query=TEXT,
    shared={"type": "boolean", "description": "Everybody of the staff sees it."},
    owner=named("Actor"),
    mine={"type": "boolean", "description": "It is the asker's own."},
)


@api.get("/views")
@allow("admin", "viewer")
@describe(
    "List the saved views",
    "Orders",
    answers={200: ("One's own, and those that others share, by name.", thing(views=many(_VIEW)))},
)
def list_views() -> Response:
    """The views of the board that the asker may choose from."""
    return answer({"views": commands.everything_for(identity().caller)})


@api.post("/views")
@allow("admin", "viewer")
@describe(
    "Save a view",
    "Orders",
    body=NewView,
    answers={
        201: ("The view.", _VIEW),
        409: ("There is one of this name, or there are as many as may be.", named("Problem")),
    },
)
def add_view() -> Response:
    """Keep a view under a name. Unknown filters and values that mean nothing are refused."""
    given, who = json_body(_new), identity()
    shared = bool(given.get("shared"))
    view = commands.add(given["name"], given["query"], shared, who.caller, who.actor)
    _tell(view)
    return answer(view, 201)


@api.delete("/views/<id:view_id>")
@allow("admin", "viewer")
@describe(
    "Delete a saved view",
    "Orders",
    answers={
        200: ("It is gone.", thing()),
        404: ("There is no such view.", named("Problem")),
        409: ("It is somebody else's.", named("Problem")),
    },
)
def delete_view(view_id: str) -> Response:
    """Delete one's own view; owners of the shop and keys for everything delete shared ones too."""
    who = identity()
    _tell(commands.delete(view_id, who.caller, not who.roles.isdisjoint({"admin", "owner"})))
    return answer({})


def _tell(view: Json) -> None:
    """Have boards read the list anew; of a view that is not shared it says no more than that."""
    parts().stream.signal("views", "board", {"shared": view["shared"]})


def _pairs(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    wrong: dict[str, list[str]] = {}
    for name, value in given.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, bool) or not isinstance(one, (str, int, Decimal)):
                wrong[name] = ["must be text, a number, or a list of them"]
            else:
                yield name, format(one, "f") if isinstance(one, Decimal) else str(one)
    if wrong:
        raise ValidationError(wrong)
