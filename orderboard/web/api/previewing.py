"""What would come of a change: it is made as always, answered, and taken back."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, request
from marshmallow import Schema

from orderboard.errors import Invalid
from orderboard.events import log
from orderboard.events.log import Transaction
from orderboard.fields import Choice
from orderboard.web.answers import answer

Json = dict[str, Any]
_READS = ("GET", "HEAD", "OPTIONS")
_WORDS = {"yes": True, "no": False}


class PreviewQuery(Schema):
    """Whether only to say what would come of it."""

    preview = Choice(
        tuple(_WORDS),
        metadata={
            "description": "With `yes` nothing is changed and nobody told: the answer, a 200, is"
            " what the answer would be. It is judged by the same rules, and refused as always."
        },
    )


def setup(app: Flask) -> None:
    """Refuse to do what was meant to be seen first."""
    app.before_request(_refuse_unknown)


def _refuse_unknown() -> None:
    """Whoever asks for a preview where there is none must not have it done for good."""
    if "preview" not in request.args or request.method in _READS or not request.endpoint:
        return
    described = getattr(current_app.view_functions[request.endpoint], "described", None)
    query = described.query if described else None
    if query is None or "preview" not in query().fields:
        raise Invalid({"preview": "Unknown field."})


def is_preview() -> bool:
    """Whether the request asks for a preview. Raises Invalid for any other word."""
    given = request.args.getlist("preview") or ["no"]
    if len(given) > 1 or given[0] not in _WORDS:
        raise Invalid({"preview": f"must be one of: {', '.join(_WORDS)}"})
    return _WORDS[given[0]]


def previewed(work: Callable[[Transaction], Json]) -> Response:
    """The answer to a preview: what work answers before it is taken back."""
    with log.rehearsal() as tx:
        seen = work(tx)
    return answer(seen)
