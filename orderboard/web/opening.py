"""Streams opened from a request's head alone, before the framework sees it.

After a deploy thousands come back at once, and the framework was the most of what that took. What
is asked as browsers and scripts ask it, and would be answered with a stream, is answered here. All
else is left to the views, above all whatever is refused: so there is one place for errors. The
rules are the views' own: who may ask is what their ``@allow`` says, and who asks is worked out by
the same function.
"""

import re
import time
from typing import NamedTuple
from urllib.parse import unquote

import gevent.socket
import sqlalchemy as sa
from flask import Flask, Response
from werkzeug.exceptions import Unauthorized

from orderboard.edge.plain import PlainGet
from orderboard.errors import OrderboardError
from orderboard.orders import queries
from orderboard.stream.frame import EventId, InvalidEventId, parse_id
from orderboard.stream.handoff import head_of
from orderboard.stream.listener import Guard
from orderboard.stream.service import HEADERS, TYPE
from orderboard.web import access, metrics, security

_AT_A_GLANCE = re.compile(rb"GET /api/(?:track/[^/ ]+/|catalogue/)?stream[? ]")
_TRACKED = re.compile(r"/api/track/([A-Za-z0-9_-]{1,64})/stream")
_COOKIE = re.compile(rf"(?:^|;) *{access.COOKIE}=([\w-]*) *(?=;|$)", re.ASCII)

_NAMES = frozenset({"after", "lastEventId", "who"})


class _OfAView(Exception):
    """It is for a view to answer this."""


class _Heard(NamedTuple):
    """What somebody may listen to, and what is asked from time to time while they do."""

    audience: str
    guard: Guard | None = None


class Opening:
    """Opens the streams of one app, in one process."""

    def __init__(self, app: Flask) -> None:
        self._app, self._stream = app, app.extensions["orderboard"].stream
        self._head, self._second = b"", 0
        self._fields: list[tuple[str, str]] = []
        self._rules = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}

    def may_know(self, head: bytes) -> bool:
        """Whether a request may be for a stream, at a glance."""
        return _AT_A_GLANCE.match(head) is not None

    def take(self, asked: PlainGet, client: gevent.socket.socket, address: str) -> bool:
        """Open the stream that is asked for. False: nothing has happened, a view has to answer."""
        began = time.perf_counter()
        try:
            endpoint, heard = self._find(asked)
            after = _resume_id(asked)
        except (_OfAView, Unauthorized, OrderboardError, sa.exc.SQLAlchemyError):
            return False
        head, stream = self._head_now(), self._stream
        if not stream.open(client, head, heard.audience, after, heard.guard, address):
            return False
        metrics.count(self._rules[endpoint], "GET", 200, stream.process, began)
        return True

    def _find(self, asked: PlainGet) -> tuple[str, _Heard]:
        """The view that would answer, and what it would have somebody hear."""
        if asked.path == "/api/stream":
            return "events.stream", self._of_the_log(asked)
        # Who sends a key wants to know whether it is good; and nobody need say who they are.
        if "authorization" in asked.fields or "who" in asked.query:
            raise _OfAView
        if asked.path == "/api/catalogue/stream":
            return self._public("catalogue.stream_catalogue"), _Heard("catalogue")
        return self._public("tracking.stream_tracked"), self._of_an_order(asked.path)

    def _of_the_log(self, asked: PlainGet) -> _Heard:
        who = self._who_asks(asked)
        if not who.roles & access.allowed_roles(self._app, "events.stream"):
            raise _OfAView
        if _query(asked).get("who", who.caller) != who.caller:
            raise _OfAView
        return _Heard(who.audience, access.still_stands(who))

    def _who_asks(self, asked: PlainGet) -> access.Identity:
        key = asked.fields.get("authorization")
        if key and (known := access.remembered(key)):
            return known
        with self._app.app_context():
            return access.identify(key, _session_token(asked))

    def _of_an_order(self, path: str) -> _Heard:
        found = _TRACKED.fullmatch(path)
        if found is None:
            raise _OfAView
        with self._app.app_context():
            order_id = queries.id_by_token(found[1])
        if order_id is None:
            raise _OfAView
        return _Heard(f"order:{order_id}")

    def _public(self, endpoint: str) -> str:
        if "public" not in access.allowed_roles(self._app, endpoint):
            raise _OfAView
        return endpoint

    def _head_now(self) -> bytes:
        """The answer's head, made once a second, with the fields that every answer has."""
        now = int(time.time())
        if now != self._second:
            if not self._fields:
                with self._app.test_request_context("/api/stream"):
                    answer = security.mark(Response(content_type=TYPE, headers=HEADERS))
                self._fields = [*answer.headers]
            self._head, self._second = head_of("200 OK", self._fields, chunked=True), now
        return self._head


def setup(app: Flask) -> None:
    """Have the connections of an app's process look here first."""
    app.extensions["orderboard"].edge.early = Opening(app)


def _session_token(asked: PlainGet) -> str | None:
    """The session's cookie; raises _OfAView where a cookie's text may mean more than one thing."""
    text = asked.fields.get("cookie", "")
    if access.COOKIE not in text:
        return None
    found = _COOKIE.findall(text)
    # What stands between quotes is one cookie's text, whatever it looks like.
    if '"' in text or len(found) != 1 or text.count(access.COOKIE) != 1:
        raise _OfAView
    return str(found[0])


def _resume_id(asked: PlainGet) -> EventId | None:
    """Where a listener wants to go on, as ``resume_id`` of the views has it."""
    query = _query(asked)
    ids = [asked.fields.get("last-event-id"), query.get("lastEventId"), query.get("after")]
    try:
        known = [parse_id(text) for text in ids if text]
    except InvalidEventId:
        raise _OfAView from None
    return known[0] if known else None


def _query(asked: PlainGet) -> dict[str, str]:
    """The query's values that are not empty, where each stands once and is one that is known."""
    found: dict[str, str] = {}
    for piece in asked.query.split("&") if asked.query else ():
        name, _, value = piece.partition("=")
        if name in found or name not in _NAMES:
            raise _OfAView
        found[name] = unquote(value)
    return {name: value for name, value in found.items() if value}
