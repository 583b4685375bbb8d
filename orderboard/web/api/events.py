"""The log, as JSON and as a stream."""

from typing import Any

from flask import Blueprint, Response, request
from marshmallow import Schema
from werkzeug.exceptions import Unauthorized

from orderboard import clock, settings
from orderboard.audiences import KINDS
from orderboard.errors import Invalid
from orderboard.events import log, thinning
from orderboard.events.event import Event
from orderboard.events.log import Head
from orderboard.fields import Text
from orderboard.orders import queries, undoable
from orderboard.orders.snapshot import whole
from orderboard.quantities import Whole
from orderboard.stream.frame import EventId, InvalidEventId, parse_id
from orderboard.web.access import Identity, allow, identity, still_stands
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe, header
from orderboard.web.api.listing import query_data
from orderboard.web.api.shape_words import EVENT_ID, TEXT, many, named, thing
from orderboard.web.api.shapes import EVENTS
from orderboard.web.body import shaped

Json = dict[str, Any]
api = Blueprint("events", __name__)
LAST_EVENT_ID = header("Last-Event-ID", "Go on right behind this event.", EVENT_ID)
_AFTER = {"pattern": "^([0-9a-z]{1,32}-[0-9]{1,18})?$"}
_LONGEST_TIMELINE = 10_000
_WHO = {"description": "Whom a page was made for; 401 when somebody else asks by now."}


class StreamQuery(Schema):
    """Where to go on; empty or absent means from now on."""

    after = Text(100, metadata=_AFTER)
    last_event_id = Text(
        100,
        data_key="lastEventId",
        metadata=_AFTER | {"description": "The same as `after`, and counts if there are both."},
    )


class LiveQuery(StreamQuery):
    """Where to go on, and who asks."""

    who = Text(120, metadata=_WHO)


class LogQuery(Schema):
    """Where to go on; empty or absent means from the beginning."""

    after = Text(100, metadata=_AFTER)
    limit = Whole(1, 1000)
    who = Text(120, metadata=_WHO)


_stream_query, _live_query, _log_query = StreamQuery(), LiveQuery(), LogQuery()


@api.get("/events")
@allow("read", "viewer", "driver")
@describe(
    "Read the log",
    "Events",
    query=LogQuery,
    answers={200: ("Events behind `after`, and the id to go on from.", EVENTS)},
)
def list_events() -> Response:
    """The log as JSON, for pages that poll and scripts that catch up."""
    given = _asked(_log_query)
    audience = _listener(given).audience
    after, limit = _event_id(given.get("after"), "after"), given.get("limit", 100)
    head = log.head()
    if reason := _out_of_reach(after, head):
        return _reset(reason, head)
    start = after.position if after else 0
    events = log.since(start, limit, KINDS.topic(audience))
    if start < thinning.reached():  # read after the events: they may have been thinned meanwhile
        return _reset("too_old", head)
    reached = events[-1].position if len(events) == limit else head.position
    reached = max(reached, events[-1].position if events else 0)
    told = told_events(events, audience, head)
    return answer({"events": told, "next": f"{head.epoch}-{reached}", "reset": None})


@api.get("/orders/<id:order_id>/events")
@allow("read", "viewer")
@describe(
    "An order's timeline",
    "Events",
    answers={
        200: ("Every event of the order, oldest first.", thing(events=many(named("Event")))),
        404: ("No such order.", named("Problem")),
    },
)
def timeline(order_id: str) -> Response:
    """Every event of an order: who, when, what changed; until when it can be taken back."""
    order, head = queries.get(order_id)
    events = log.since(0, _LONGEST_TIMELINE, f"order:{order_id}")
    who, told = identity(), told_events(events, identity().audience, head)
    if not who.sees_all:
        return answer({"events": told})
    within = settings.current().undo_within
    until = undoable.undoable(events, whole(order), clock.now(), within)
    for event in told:
        if moment := until.get(event["position"]):
            event["undo_until"] = clock.rfc3339(moment)
    return answer({"events": told})


@api.get("/stream")
@allow("read", "viewer", "driver")
@describe(
    "Listen to the log",
    "Events",
    query=LiveQuery,
    headers=(LAST_EVENT_ID,),
    media="text/event-stream",
    answers={200: ("Server-Sent Events.", TEXT)},
)
def stream() -> Response:
    """The log as Server-Sent Events."""
    given = _asked(_live_query)
    who = _listener(given)
    after = resume_id(given)
    return parts().stream.respond(request.environ, who.audience, after, still_stands(who))


def tracked_resume_id() -> EventId | None:
    """Where a customer's listener wants to go on. Raises Invalid."""
    return resume_id(_asked(_stream_query))


def resume_id(given: Json) -> EventId | None:
    """Where a listener wants to go on: the header, or without it the query. Raises Invalid.

    Whoever reconnects adds the newest id, as the header or, where a library cannot set one, as
    ``lastEventId``, to the address it began with. So ``after`` counts only without these.
    """
    if header_id := request.headers.get("Last-Event-ID"):
        return _event_id(header_id, "Last-Event-ID")
    if last_id := given.get("last_event_id"):
        return _event_id(last_id, "lastEventId")
    return _event_id(given.get("after"), "after")


def _asked(schema: Schema) -> Json:
    """The query. Most listeners send none, and thousands of them may come at once."""
    return shaped(schema, query_data(request.query_string)) if request.query_string else {}


def _listener(given: Json) -> Identity:
    """Who asks. Raises Unauthorized when a page of somebody else's does.

    A page stays open when another signs in at its browser; what it shows is not theirs.
    """
    who = identity()
    if (given.get("who") or who.caller) != who.caller:
        raise Unauthorized("Somebody else is signed in here now.")
    return who


def told_events(events: list[Event], audience: str, head: Head) -> list[Json]:
    """Events as an audience hears them, those that it may, each with its id."""
    base_url = parts().settings.base_url
    told = ((event, KINDS.view(event, audience, base_url)) for event in events)
    return [{"id": f"{head.epoch}-{event.position}", **seen} for event, seen in told if seen]


def _reset(reason: str, head: Head) -> Response:
    now = f"{head.epoch}-{head.position}"
    return answer({"events": [], "next": now, "reset": {"reason": reason}})


def _event_id(text: str | None, name: str) -> EventId | None:
    if not text:
        return None
    try:
        return parse_id(text)
    except InvalidEventId:
        raise Invalid({name: "is not an event's id"}) from None


def _out_of_reach(after: EventId | None, head: Head) -> str | None:
    if after is None:
        return None
    if after.epoch != head.epoch:
        return "epoch"
    return "ahead" if after.position > head.position else None
