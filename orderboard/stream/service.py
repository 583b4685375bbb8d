"""The stream as the rest of the house uses it."""

import logging
import os
import secrets
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Generic

import gevent.socket
from flask import Response

from orderboard.stream.engine import Engine
from orderboard.stream.frame import EventId
from orderboard.stream.handoff import StreamResponse, can_leave, hand_off, leave
from orderboard.stream.listener import Guard
from orderboard.stream.reader import LogUnavailable
from orderboard.stream.source import E, Head, Json, Settings, Source, Summed, nobody
from orderboard.stream.stream_body import StreamBody

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

_READY_WITHIN = 3.0
TYPE = "text/event-stream; charset=utf-8"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Stream(Generic[E]):
    """Delivers the log as Server-Sent Events. Threads start with the first use in a process."""

    def __init__(
        self,
        settings: Settings,
        app_context: Callable[[], AbstractContextManager[Any]],
        head: Callable[[], Head],
        since: Callable[[int, int, str | None], list[E]],
        topic: Callable[[str], str],
        audiences_of: Callable[[E], tuple[str, ...]],
        view: Callable[[E, str], Json | None],
        to_wire: Callable[[E], Json],
        from_wire: Callable[[Json], E],
        summaries: Sequence[Summed] = (),
        heard: Callable[[Sequence[E]], object] = nobody,
        missed: Callable[[], object] = nobody,
    ) -> None:
        self._settings = settings
        self._source = Source(
            app_context,
            head,
            since,
            topic,
            audiences_of,
            view,
            to_wire,
            from_wire,
            summaries,
            heard,
            missed,
        )
        self._lock = threading.Lock()
        self._engine: Engine[E] | None = None
        self._pid = 0
        self._name, self._named = "", 0
        self._closing = False
        self._closed = threading.Event()

    def start(self) -> None:
        """Start the threads of this process; twice does no harm."""
        self._running()

    def wsgi(self, app: "WSGIApplication") -> "WSGIApplication":
        """Wrap the app so that streams leave their requests behind where the server allows it."""
        return hand_off(app, patience=self._settings.stream_heartbeat)

    def announce(self, epoch: str, events: list[E]) -> None:
        """Tell everybody, here and in other processes, what was committed. Never raises."""
        if not events:
            return
        try:
            engine = self._running()
            engine.hub.hear(epoch, events)
            engine.pubsub.announce(epoch, events)
        except Exception:
            # The events are in the log, and a second later every hub has read them there: a POST
            # that has been committed must not fail now.
            log.exception("events could not be announced")

    def signal(self, type: str, audience: str, data: Json) -> None:
        """Pass something on to those who listen just now; it is kept nowhere."""
        engine = self._running()
        engine.signal(type, audience, data)
        engine.pubsub.signal(type, audience, data)

    def recheck(self) -> None:
        """Something was revoked: every process asks its streams' guards now."""
        engine = self._running()
        engine.authorization.recheck()
        engine.pubsub.recheck()

    def respond(
        self,
        environ: "WSGIEnvironment",
        audience: str,
        after: EventId | None,
        guard: Guard | None = None,
    ) -> Response:
        """The answer to a request for the stream: always 200, for a browser never comes back
        after anything else. When the stream cannot be had it ends at once, saying why, with a
        ``retry``, a long one when there are too many or the address of ``environ`` asks for too
        much.
        """
        engine = self._running()
        address = sys.intern(environ.get("REMOTE_ADDR") or "")
        if reason := engine.admission.refusal(address):
            return _closed(engine.last_frame(reason, after))
        if self._closing or not self._can_place(engine, after):
            engine.counters.turned_away += 1
            reason = "closing" if self._closing else "unavailable"
            return _closed(engine.last_frame(reason, after))
        return StreamResponse(
            StreamBody(engine, self._settings).body(audience, after, guard, address),
            lambda fd, head, chunked: engine.take_over(
                fd, head, chunked, audience, after, guard, address
            ),
            content_type=TYPE,
            headers=HEADERS,
        )

    def open(
        self,
        sock: gevent.socket.socket,
        head: bytes,
        audience: str,
        after: EventId | None,
        guard: Guard | None,
        address: str,
    ) -> bool:
        """Answer a request over HTTP/1.1 by its socket alone, which is the stream's from then on.

        ``head``: the answer's. False, and nothing has happened, where ``respond`` has more to say.
        """
        engine = self._running()
        if self._closing or not can_leave(sock) or not _can_place_at_once(engine, after):
            return False
        if not engine.admission.admits(address):
            return False
        fd = leave(sock, self._settings.stream_heartbeat)
        engine.take_over(fd, head, True, audience, after, guard, sys.intern(address))
        return True

    def subscribers(self) -> int:
        """How many listen in all processes; only this one's while Redis is away."""
        engine = self._running()
        others = engine.pubsub.peers.others() if engine.pubsub.connected else {}
        return sum(engine.listeners().values()) + sum(others.values())

    def redis_reachable(self) -> bool:
        """Whether Redis answers just now."""
        return self._running().pubsub.reachable()

    @property
    def process(self) -> str:
        """This process's name among those that serve the same log."""
        if self._named != os.getpid():
            self._named, self._name = os.getpid(), secrets.token_hex(4)
        return self._name

    def figures(self) -> Json:
        """This process's numbers: ``listeners`` by kind of audience, ``gauges``, ``counters``.

        ``others``: what each other process said of itself a few seconds ago.
        """
        engine = self._running()
        hub = engine.hub
        gauges = {
            "subscribers": self.subscribers(),
            "stream_head": hub.head,
            "stream_behind": hub.head - hub.delivered,
            "stream_behind_log": engine.reader.behind,
            "stream_window_events": len(hub.window),
            "stream_window_bytes": hub.window.bytes,
            "stream_early_bytes": hub.reorder_buffer.bytes,
            "doorbell_connected": int(engine.pubsub.connected),
        }
        return {
            "epoch": hub.epoch,
            "process": self.process,
            "others": engine.pubsub.peers.processes() if engine.pubsub.connected else [],
            "listeners": engine.listeners(),
            "gauges": gauges,
            "counters": engine.counters.figures(),
        }

    def close(self, over: float = 0.0) -> None:
        """End all streams of this process, spread over some seconds, and then its threads.

        A second call waits for the first; without a spread of its own it hurries it.
        """
        with self._lock:
            engine = self._engine if self._pid == os.getpid() else None
            first, self._closing = not self._closing, True
        if engine is None:
            return
        if not over:
            engine.hurry()
        if first:
            engine.end_all(over)
            engine.close()
            self._closed.set()
        self._closed.wait(over or 1.0)

    def _running(self) -> Engine[E]:
        with self._lock:
            if self._engine is None or self._pid != os.getpid():
                # Threads do not survive a fork, and what they left behind is nobody's any more.
                self._closing = False
                self._closed.clear()
                self._engine = Engine(self._settings, self._source, self.process)
                self._pid = os.getpid()
                self._engine.start()
            return self._engine

    @staticmethod
    def _can_place(engine: Engine[E], after: EventId | None) -> bool:
        hub = engine.hub
        if not hub.ready.wait(_READY_WITHIN):
            return False
        if after and (after.epoch != hub.epoch or after.position > hub.head):
            # The id may come from a page that has read more of the log than this hub has.
            try:
                engine.reader.look()
            except LogUnavailable:
                return False
        return True


def _can_place_at_once(engine: Engine[E], after: EventId | None) -> bool:
    hub = engine.hub
    known = after is None or (after.epoch == hub.epoch and after.position <= hub.head)
    return known and hub.ready.is_set()


def _closed(word: bytes) -> Response:
    return Response([word], content_type=TYPE, headers=HEADERS)
