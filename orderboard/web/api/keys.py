"""The keys of scripts."""

from flask import Blueprint, Response
from marshmallow import Schema, validate

from orderboard.errors import Conflict, NotFound
from orderboard.fields import Choice, Line, Several
from orderboard.people import keys
from orderboard.web.access import allow, identity
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import COUNT, TEXT, TIME, many, named, thing
from orderboard.web.body import json_body

api = Blueprint("keys", __name__)
_KEY = thing(id=COUNT, name=TEXT, scopes=many({"enum": list(keys.SCOPES)}), created_at=TIME)


class NewKey(Schema):
    """A key's name, which its orders and events bear, and what it is good for."""

    name = Line(keys.LONGEST_NAME, required=True)
    scopes = Several(
        Choice(keys.SCOPES, required=True),
        required=True,
        validate=validate.Length(1, len(keys.SCOPES)),
    )


_new = NewKey()


@api.get("/keys")
@allow("admin", "owner")
@describe(
    "List the keys of scripts", "Settings", answers={200: ("By name.", thing(keys=many(_KEY)))}
)
def list_keys() -> Response:
    """All keys; what they are is known only to those who were given them."""
    return answer({"keys": keys.everyone()})


@api.post("/keys")
@allow("admin", "owner")
@describe(
    "Make a key",
    "Settings",
    body=NewKey,
    answers={201: ("The key, which cannot be read again.", thing(key=TEXT))},
)
def make_key() -> Response:
    """Make a key for a script."""
    given = json_body(_new)
    return answer({"key": keys.create(given["name"], given["scopes"])}, 201)


@api.delete("/keys/<int(max=2147483647):key_id>")
@allow("admin", "owner")
@describe(
    "Revoke a key",
    "Settings",
    answers={
        200: ("It is out of force, and its streams end.", thing()),
        404: ("There is no such key.", named("Problem")),
        409: ("It is the key that asks.", named("Problem")),
    },
)
def revoke_key(key_id: int) -> Response:
    """Take a key out of force, in every process within a second."""
    if key_id == identity().key_id:
        raise Conflict("A key does not revoke itself.")
    if not keys.revoke_one(key_id):
        raise NotFound("There is no such key.")
    parts().stream.recheck()
    return answer({})
