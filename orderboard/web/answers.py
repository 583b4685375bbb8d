"""Answers in JSON, and the app's parts that views need."""

from typing import TYPE_CHECKING, Any

from flask import Response, current_app
from werkzeug.routing import BaseConverter

from orderboard.jsontext import dump

if TYPE_CHECKING:
    from orderboard import Parts


class IdConverter(BaseConverter):
    """The part of a path that is an id or a token; anything else is not found.

    Nor are the words that stand in the same places: ``GET /api/orders/batch`` asks for no order.
    """

    regex = r"(?!(?:batch|bulk)(?:/|\Z))[A-Za-z0-9_-]{1,64}"


def parts() -> "Parts":
    """The settings, the stream and the limiter of the current app."""
    found: Parts = current_app.extensions["orderboard"]
    return found


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Data as a JSON answer."""
    return Response(dump(data), status, headers, mimetype="application/json")
