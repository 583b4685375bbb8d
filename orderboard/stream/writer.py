"""Tells the connections, the listeners whose sockets streams left behind.

Everything here runs in greenlets of one thread, and none gives way between taking what a
connection is to be told and either writing it or keeping it as its rest. So whenever another
greenlet runs, position and rest tell the truth, and the order of frames needs no locks.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic

from orderboard.stream.connection import FROM_LOG, GONE, Cohort, StreamConnection
from orderboard.stream.frame import EventId
from orderboard.stream.group import Due, Round
from orderboard.stream.hub import Hub
from orderboard.stream.reader import LogUnavailable, Reader
from orderboard.stream.sockets import Sockets
from orderboard.stream.source import E
from orderboard.stream.suppress import suppress_and_log
from orderboard.stream.timing_wheel import QUIET, TimingWheel
from orderboard.stream.window import Joined
from orderboard.stream.wire import LAST_CHUNK, Frames
from orderboard.turn import Lane, Turn, in_turns

_TELLING = "telling listeners"
_AT_ONCE = 32
"""Sockets that have something to say, seen to without a look at the time."""


class Writer(Generic[E]):
    """Brings rounds, what was missed and heartbeats to all connections of a gevent worker."""

    def __init__(
        self, hub: Hub[E], reader: Reader[E], heartbeat: float, last_frame: Callable[[str], bytes]
    ) -> None:
        self._hub = hub
        self._reader = reader
        self._quiet = heartbeat * QUIET
        self._patience = heartbeat
        self._last_frame = last_frame
        self._counters = hub.counters
        self._sockets = Sockets(self._left)
        self._lane = Lane()
        self._timing_wheel = TimingWheel(heartbeat, self.visit)
        self._behind: deque[StreamConnection] = deque()
        self._someone_behind = threading.Event()
        self.end_of_connection = self.end  # bound once, for every connection refers to it
        self._closing = threading.Event()

    def start(self) -> None:
        """Start the greenlets."""
        for work in (self._write_on, self._catch_up, self._beat):
            name = f"stream{work.__name__}"
            threading.Thread(target=self._keep, args=(work,), name=name, daemon=True).start()

    def close(self) -> None:
        """Let the greenlets end; the connections have been ended before."""
        self._closing.set()
        self._someone_behind.set()

    def admit(self, conn: StreamConnection, opening: bytes, after: EventId | None) -> None:
        """Place a listener: it gets the opening, what it has missed, and then what comes.

        The first thing it hears has an id, so that it can come back from the first moment on.
        """
        hub = self._hub
        self._sockets.add(conn)
        said = hub.join(conn, after)
        if not said and (told := hub.take(conn)) is not None:
            said = told or hub.heartbeat(conn)
        self._timing_wheel.add(conn)
        if self._sockets.begin(conn, opening, said, time.monotonic()):
            self._serve(conn)

    def cut(self, conn: StreamConnection) -> None:
        """Close a connection without a word."""
        self._sockets.drop(conn, "gone")

    def end(self, conn: StreamConnection) -> None:
        """End a stream, with a last word if nothing is left to be said before."""
        if conn.fd != GONE and (conn.rest is None or conn.rest is FROM_LOG):
            # Who waits for the log has perhaps not heard an id yet, and must not hear a word first
            # that has none.
            word = self._last_frame(conn.ended) if conn.rest is None else b""
            last = Frames([word] if word else []).wire(conn.chunked)
            last += LAST_CHUNK if conn.chunked else b""
            self._sockets.write(conn, last, 0.0)
        self._sockets.drop(conn, conn.ended)

    def write(self, round_: Round) -> None:
        """Bring all who are not behind up to the end of a round."""
        # The resets first: who came back with an id of a new log would miss what is before that.
        for conn in in_turns(self._sockets.connections() if round_.everybody else (), self._lane):
            with suppress_and_log(_TELLING):
                self._serve(conn)
        cohorts = ((due, cohort) for due in round_.due for cohort in due.group.cohorts)
        for due, cohort in in_turns(cohorts, self._lane):
            if self._hub.generation != round_.generation:
                return  # the log began anew meanwhile, and the next round tells everybody
            with suppress_and_log(_TELLING):
                self._write_cohort(cohort, due, round_.start)

    def serve_ready(self) -> bool:
        """See to some sockets that hung up or have room again; whether there were any."""
        # Few at a time, and no pause among them: a descriptor closed in a pause might be another
        # listener's when its event is looked at.
        ready = self._sockets.events(_AT_ONCE)
        for conn in ready or ():
            with suppress_and_log(_TELLING):
                self._serve(conn)
        return ready is not None

    def tell_next_behind(self) -> None:
        """Tell one of those whom only the log can tell what they have missed."""
        conn = self._behind.popleft()
        if conn.rest is not FROM_LOG:
            return  # it was told already, or has gone
        before = conn.position, conn.generation
        try:
            told = self._reader.catch_up(conn)
        except LogUnavailable:
            self._behind.append(conn)
            self._closing.wait(random.uniform(0.1, 0.6))  # noqa: S311 - only a spread
            return
        except Exception:
            conn.position, conn.generation = before  # it has not been told, whatever was counted
            raise
        if conn.fd != GONE:
            conn.rest = memoryview(told) if told else None
            self._serve(conn)

    def visit(self, connections: list[StreamConnection], now: float) -> None:
        """Give what they are owed, to the quiet a heartbeat, to the stalled and the old an end."""
        for conn in in_turns(connections, self._lane):
            with suppress_and_log(_TELLING):
                self._look_after(conn, now)

    def _look_after(self, conn: StreamConnection, now: float) -> None:
        if conn.until < now:
            conn.ended = "aged"
            self.end(conn)
        elif conn.fd != GONE:
            # Whatever went wrong with the one who should have seen to it: never is a heartbeat
            # all that somebody hears who has missed something.
            if conn.rest is FROM_LOG and not self._behind:
                self._fetch(conn)
            elif conn.rest is not FROM_LOG and (conn.rest is not None or self._hub.owes(conn)):
                self._serve(conn)
            if conn.fd != GONE and now - conn.taken_at >= self._quiet:
                self._break_silence(conn, now)

    def _write_cohort(self, cohort: Cohort, due: Due, start: int) -> None:
        now, apart = time.monotonic(), list(cohort.apart)
        joined = self._join(cohort.position, due, start)
        if joined and joined.upto >= due.group.newest:  # nearly always one piece tells them all
            data = joined.frames.wire(cohort.chunked) + due.signals.wire(cohort.chunked)
            if data:
                told = self._sockets.write_alike(cohort, data, joined.upto, now)
                self._counters.deliveries += told * len(joined.frames)
            cohort.position = joined.upto
        else:
            apart += cohort.level
        for conn in apart:
            self._bring_on(conn, due, start, now)
        cohort.rejoin()

    def _bring_on(self, conn: StreamConnection, due: Due, start: int, now: float) -> None:
        if conn.position < due.before or conn.fd == GONE:
            return  # behind: it takes what it misses as its socket takes it
        conn.position = max(conn.position, start)
        if conn.rest is not None:
            return
        joined = self._join(conn.position, due, start)
        if joined is None:
            self._fetch(conn)
            return
        data = joined.frames.wire(conn.chunked) + due.signals.wire(conn.chunked)
        conn.position = joined.upto
        if data and self._sockets.tell(conn, data, now):
            self._counters.deliveries += len(joined.frames)
            if joined.upto < due.group.newest:
                self._sockets.wait_for_room(conn, True)

    def _join(self, position: int, due: Due, start: int) -> Joined | None:
        if position < due.before:
            return None  # behind
        window, position = self._hub.window, max(position, start)
        return window.join(due.group.audience, position) if window.reaches(position) else None

    def _serve(self, conn: StreamConnection) -> None:
        """Write what is left for a connection, and one piece more if there is one."""
        if not self._sockets.flush(conn):
            return
        told = self._hub.take(conn)
        if told is None:
            self._fetch(conn)
        elif not told or self._sockets.tell(conn, told, time.monotonic()):
            behind = conn.group is not None and conn.position < conn.group.newest
            self._sockets.wait_for_room(conn, behind or conn.rest is not None)

    def _fetch(self, conn: StreamConnection) -> None:
        conn.rest = FROM_LOG
        self._behind.append(conn)
        self._someone_behind.set()
        self._sockets.wait_for_room(conn, False)

    def _keep(self, work: Callable[[], None]) -> None:
        while not self._closing.is_set():
            with suppress_and_log(_TELLING):
                work()
            self._closing.wait(0.1)

    def _write_on(self) -> None:
        while not self._closing.is_set():
            self._sockets.wait()
            turn = Turn(self._lane)
            while self.serve_ready() and not self._closing.is_set():
                turn.step()

    def _catch_up(self) -> None:
        while not self._closing.is_set():
            self._someone_behind.wait(1.0)
            self._someone_behind.clear()
            turn = Turn(self._lane)
            while self._behind and not self._closing.is_set():
                self.tell_next_behind()
                turn.step()

    def _beat(self) -> None:
        self._timing_wheel.run(self._closing)

    def _break_silence(self, conn: StreamConnection, now: float) -> None:
        if conn.rest is None:
            self._sockets.write(conn, self._hub.heartbeat(conn), now)
        elif conn.rest is FROM_LOG:
            # Its position may already count what is being read just now: this must have no id.
            self._sockets.keep_open(conn, now)
        elif now - conn.taken_at > self._patience:
            self._sockets.drop(conn, "slow")

    def _left(self, conn: StreamConnection, why: str) -> None:
        self._counters.slow_closes += why == "slow"
        self._hub.leave(conn, why)
