"""Answers in JSON, and the app's parts that views need."""

from dataclasses import dataclass
from typing import Any

from flask import Response, current_app
from marshmallow import ValidationError
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter

from orderboard.config import Settings
from orderboard.consumers.consumer import Consumer
from orderboard.edge import Edge
from orderboard.events.event import Event
from orderboard.fields import text_of
from orderboard.jsontext import dump
from orderboard.online.provider import Provider
from orderboard.stream.service import Stream
from orderboard.web.limits import Limiter


@dataclass(frozen=True, slots=True)
class Parts:
    """What the app is made of, under ``app.extensions["orderboard"]``."""

    settings: Settings
    stream: Stream[Event]
    limiter: Limiter
    edge: Edge
    consumers: tuple[Consumer, ...]
    provider: Provider | None = None


class IdConverter(BaseConverter):
    """The part of a path that is an id or a token; anything else is not found.

    Nor are the words that stand in the same places: ``GET /api/orders/batch`` asks for no order.
    """

    regex = r"(?!(?:batch|bulk|export)(?:/|\Z))[A-Za-z0-9_-]{1,64}"


class NumberConverter(BaseConverter):
    """What is counted, in a path; a larger number than there can be is no address.

    Werkzeug's own converter with a bound answers 405 where a path has several methods.
    """

    regex = "[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)


class SkuConverter(BaseConverter):
    """The part of a path that is a product's sku. What none can be is not found by any method."""

    regex = r"(?!(?:import|export|bulk)(?:/|\Z))[^/]{1,100}"

    def to_python(self, value: str) -> str:
        try:
            return text_of(value, 100)
        except ValidationError:
            raise NotFound from None


def parts() -> Parts:
    """The settings, the stream and the limiter of the current app."""
    found: Parts = current_app.extensions["orderboard"]
    return found


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Data as a JSON answer."""
    return Response(dump(data), status, headers, mimetype="application/json")
