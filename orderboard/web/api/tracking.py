"""One order for its customer, by the link that is the capability to see and cancel it."""

from typing import Any

from flask import Blueprint, Response, request

from orderboard.orders import queries, schemas, views
from orderboard.web.access import allow
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.events import LAST_EVENT_ID, StreamQuery, tracked_resume_id
from orderboard.web.api.shape_words import TEXT, named
from orderboard.web.api.shapes import TRACKED
from orderboard.web.body import json_body
from orderboard.web.customer import cancel_by_link

Json = dict[str, Any]
api = Blueprint("tracking", __name__)
_cancel = schemas.Cancel()
_GONE = ("No such order.", named("Problem"))


@api.get("/track/<id:token>")
@allow("public")
@describe(
    "Read an order as its customer",
    "Customers",
    answers={200: ("The order's public fields.", TRACKED), 404: _GONE},
)
def read_tracked(token: str) -> Response:
    """The order as its customer sees it, and the position to open the stream behind."""
    order, head = queries.get_by_token(token)
    position = f"{head.epoch}-{head.position}"
    return answer({**views.public(order), "position": position}, headers=_etag(order))


@api.get("/track/<id:token>/stream")
@allow("public")
@describe(
    "Listen to an order as its customer",
    "Customers",
    query=StreamQuery,
    headers=(LAST_EVENT_ID,),
    media="text/event-stream",
    answers={200: ("Server-Sent Events of this order alone.", TEXT), 404: _GONE},
)
def stream_tracked(token: str) -> Response:
    """The order's events, public fields only."""
    order, _ = queries.get_by_token(token)
    audience = f"order:{order['id']}"
    return parts().stream.respond(request.environ, audience, tracked_resume_id())


@api.put("/track/<id:token>/cancel")
@allow("public")
@describe(
    "Cancel an order as its customer, or ask for it",
    "Customers",
    body=schemas.Cancel,
    answers={
        200: ("The order, cancelled.", named("PublicOrder")),
        202: ("The order; staff will accept or refuse.", named("PublicOrder")),
        404: _GONE,
        409: ("It is too late, or was asked before.", named("Problem")),
    },
)
def cancel_tracked(token: str) -> Response:
    """Cancel while nobody works on the order; ask for it later on."""
    order = cancel_by_link(token, json_body(_cancel)["reason"])
    status = 200 if order["status"] == "cancelled" else 202
    return answer(views.public(order), status, headers=_etag(order))


def _etag(order: Json) -> dict[str, str]:
    return {"ETag": f'"{order["version"]}"'}
