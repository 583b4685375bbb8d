"""What works through the log, and how far it has come."""

from flask import Blueprint, Response

from orderboard import clock
from orderboard.consumers import lease, positions
from orderboard.web.access import allow
from orderboard.web.answers import answer
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import COUNT, TEXT, TIME, many, thing

api = Blueprint("consumers", __name__)

_SET_ASIDE = thing(position=COUNT, type=TEXT, error=TEXT, at=TIME)
_CONSUMER = thing(
    name=TEXT,
    position=COUNT | {"description": "The event it has taken last."},
    lag=COUNT | {"description": "Events of the log that it has still to look at."},
    state={"enum": ["running", "paused", "failing"]},
    failures=COUNT | {"description": "Tries of its next event that have failed."},
    error={"type": ["string", "null"], "description": "What the last of them said."},
    set_aside=many(_SET_ASIDE) | {"description": "Events it could not take."},
)


@api.get("/consumers")
@allow("admin", "viewer")
@describe(
    "The log's consumers",
    "Events",
    answers={
        200: (
            "How far each has come, and the process that moves them on; null while none does.",
            thing(courier={"type": ["string", "null"]}, consumers=many(_CONSUMER)),
        )
    },
)
def list_consumers() -> Response:
    """Every consumer of the log."""
    found = positions.listed()
    for one in found:
        for aside in one["set_aside"]:
            aside["at"] = clock.rfc3339(aside["at"])
    return answer({"courier": lease.holder(lease.COURIER), "consumers": found})
