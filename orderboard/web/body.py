"""Reading what a request carries: strict JSON, shapes, and errors that name the field."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from orderboard.errors import Invalid

Json = dict[str, Any]
_MOST_DIGITS = 400
"""Digits of a whole number beyond which it is endless, to Python as to us."""


def json_body(schema: Schema) -> Json:
    """The request's JSON body in the shape of a schema.

    Raises UnsupportedMediaType, BadRequest (not JSON) or Invalid (not the shape).
    """
    if request.mimetype not in ("", "application/json") and not request.mimetype.endswith("+json"):
        raise UnsupportedMediaType("The body must be JSON; send Content-Type: application/json.")
    return shaped(schema, parse(raw_body()))


def raw_body() -> bytes:
    """The request's body as it was sent. Raises RequestEntityTooLarge."""
    body = request.get_data(cache=True)
    # A body that comes without its length is cut off at the limit, and nobody says so.
    if request.content_length is None and len(body) >= (request.max_content_length or 0):
        raise RequestEntityTooLarge
    return body


def parse(body: bytes) -> Any:
    """JSON text as data, numbers with a fraction as exact decimals. Raises BadRequest.

    What is written like a number and is none (NaN) or is endless becomes a float, which no field
    takes: so the answer can name the field.
    """
    try:
        text = body.decode("utf-8")
        return json.loads(text, parse_float=_decimal, parse_int=_whole)
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
        loaded: Json = schema.load(data)
    except ValidationError as error:
        raise Invalid(flat(error.messages)) from None
    return loaded


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
    try:
        return Decimal(text)
    except InvalidOperation:
        return float(text)


def _whole(text: str) -> int | float:
    return int(text) if len(text) < _MOST_DIGITS else float(text)
