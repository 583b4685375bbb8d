"""Reading what a request carries: strict JSON, shapes, and errors that name the field."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from typing import Any

from flask import Flask, request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from orderboard.errors import Invalid
from orderboard.fastload import loader
from orderboard.offload import thinking
from orderboard.web.access import identity

Json = dict[str, Any]
LARGEST_SINGLE = 2 * 1024 * 1024
LARGEST_MANY = 2 * LARGEST_SINGLE
"""Bytes of a body about one thing, and about many."""
LARGEST_OF_A_STRANGER = 512 * 1024
"""Bytes without credentials: an order of as many lines as may be has less than half of that."""
LARGEST_FORM = 480 * 1024
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_MOST_VALUES, _MOST_VALUES_OF_MANY = 20_000, 400_000
_MOST_KEYS = 128
"""Of one object. What none of ours has is refused key by key, and each costs something."""
_MUCH = 256 * 1024
"""Bytes of JSON from which on it is read aside. What is less is read in some milliseconds; in a
thread that takes longer for everybody, since each of the loop's waits hands it the interpreter."""
_MOST_DIGITS = 400
"""Digits of a whole number beyond which it is endless, to Python as to us."""


class Twice(BadRequest):
    """An object has the same key twice, so nobody can know which of them is meant."""

    def __init__(self, key: str) -> None:
        shown = printable(key)
        super().__init__(f"The key {shown!r} stands twice in one object.")
        self.errors = {shown: "stands twice in one object"}


def setup(app: Flask) -> None:
    """Look at what is said of a body before it is read. To come after who may ask."""
    app.before_request(_look_at_head)


def _look_at_head() -> None:
    form = request.mimetype in _FORMS
    request.max_content_length = LARGEST_FORM if form else LARGEST_SINGLE
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        # A few bytes may become gigabytes; and no client needs it for bodies of this size.
        raise UnsupportedMediaType("The body must not be compressed.")


def json_body(schema: Schema, many: bool = False) -> Json:
    """The request's JSON body in the shape of a schema; ``many``: it is about many things.

    Raises UnsupportedMediaType, RequestEntityTooLarge, BadRequest (not JSON) or Invalid (not the
    shape).
    """
    if request.mimetype not in ("", "application/json") and not request.mimetype.endswith("+json"):
        raise UnsupportedMediaType("The body must be JSON; send Content-Type: application/json.")
    if many:
        request.max_content_length = LARGEST_MANY
    elif identity().anonymous:
        _bound_stranger()
    body = raw_body()
    _check_amount(body, _MOST_VALUES_OF_MANY if many else _MOST_VALUES)
    if len(body) < _MUCH:
        return shaped(schema, parse(body))
    return thinking(lambda: shaped(schema, parse(body)))


def _bound_stranger() -> None:
    request.max_content_length = LARGEST_OF_A_STRANGER
    if (request.content_length or 0) > LARGEST_OF_A_STRANGER:
        raise RequestEntityTooLarge(
            f"Without a key a body may have {LARGEST_OF_A_STRANGER} bytes at most."
        )


def raw_body() -> bytes:
    """The request's body as it was sent. Raises RequestEntityTooLarge."""
    body = request.get_data(cache=True)
    # A body that comes without its length is cut off at the limit, and nobody says so.
    if request.content_length is None and len(body) >= (request.max_content_length or 0):
        raise RequestEntityTooLarge
    return body


def _check_amount(body: bytes, most: int) -> None:
    """Raise RequestEntityTooLarge for JSON of more values than anything of use has.

    Each becomes an object of Python's, and perhaps an error of its own. Values beside each other
    have commas between them. Commas in texts count too: there is room for those.
    """
    if body.count(b",") > most:
        raise RequestEntityTooLarge(f"The body has more than {most} values.")


def parse(body: bytes) -> Any:
    """JSON text as data, numbers with a fraction as exact decimals. Raises BadRequest.

    What is written like a number and is none (NaN) or is endless becomes a float, which no field
    takes: so the answer can name the field.
    """
    try:
        return _read(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not UTF-8: byte {error.start}.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadRequest(f"The body is not JSON: {error.msg} at {where}.") from None
    except RecursionError:
        raise BadRequest("The body nests too deep.") from None


def shaped(schema: Schema, data: Any) -> Json:
    """Data in the shape of a schema. Raises Invalid with the path of each bad field."""
    try:
        return _loader(schema)(data)
    except ValidationError as error:
        raise Invalid(flat(error.messages)) from None


def flat(messages: Any, path: str = "") -> dict[str, str]:
    """marshmallow's nested messages as path → message: ``items.0.quantity``."""
    if isinstance(messages, Mapping):
        found: dict[str, str] = {}
        for name, inner in messages.items():
            inner_path = path if name == "_schema" else f"{path}.{name}" if path else str(name)
            found |= flat(inner, printable(inner_path))
        return found
    first = messages[0] if isinstance(messages, list) and messages else messages
    return {path or "body": str(first)}


def printable(path: str) -> str:
    """A path without what cannot be sent or is endless: it may be a field the client made up."""
    return path.encode("utf-8", "replace").decode()[:200]


def _decimal(text: str) -> Decimal | float:
    if len(text) >= _MOST_DIGITS:
        return float(text)
    try:
        return Decimal(text)
    except InvalidOperation:
        return float(text)


def _whole(text: str) -> int | float:
    return int(text) if len(text) < _MOST_DIGITS else float(text)


def _object(pairs: list[tuple[str, Any]]) -> Json:
    if len(pairs) > _MOST_KEYS:
        raise BadRequest(f"An object has more than {_MOST_KEYS} keys.")
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise Twice(key)
            seen.add(key)
    return found


_loader = cache(loader)
_read = partial(json.loads, parse_float=_decimal, parse_int=_whole, object_pairs_hook=_object)
