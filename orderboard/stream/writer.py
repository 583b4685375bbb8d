"""Tells the seats, the listeners whose sockets streams left behind.

Everything here runs in greenlets of one thread, and none gives way between taking what a seat is
to be told and either writing it or keeping it as the seat's rest. So whenever another greenlet
runs, a seat's position and rest tell the truth, and the order of frames needs no locks.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Generic

from orderboard.stream.frame import EventId
from orderboard.stream.group import Due, Round
from orderboard.stream.hub import Hub
from orderboard.stream.pulse import QUIET, Pulse
from orderboard.stream.reader import LogUnavailable, Reader
from orderboard.stream.seat import FROM_LOG, GONE, Seat
from orderboard.stream.sockets import Sockets
from orderboard.stream.source import E
from orderboard.stream.survive import survived
from orderboard.stream.window import Joined
from orderboard.stream.wire import LAST_CHUNK, Frames
from orderboard.turn import Lane, Turn, in_turns

_TELLING = "telling listeners"
SLICE = 32
"""Seats written to without a look at the time."""


class Writer(Generic[E]):
    """Brings rounds, what was missed and heartbeats to all seats of a gevent worker."""

    def __init__(
        self, hub: Hub[E], reader: Reader[E], heartbeat: float, farewell: Callable[[str], bytes]
    ) -> None:
        self._hub = hub
        self._reader = reader
        self._quiet = heartbeat * QUIET
        self._patience = heartbeat
        self._farewell = farewell
        self._counters = hub.counters
        self._sockets = Sockets(self._left)
        self._lane = Lane()
        self._pulse = Pulse(heartbeat, self.visit)
        self._behind: deque[Seat] = deque()
        self._someone_behind = threading.Event()
        self.end_of_seat = self.end  # bound once, for every seat refers to it
        self._closing = threading.Event()

    def start(self) -> None:
        """Start the greenlets."""
        for work in (self._write_on, self._catch_up, self._beat):
            name = f"stream{work.__name__}"
            threading.Thread(target=self._keep, args=(work,), name=name, daemon=True).start()

    def close(self) -> None:
        """Let the greenlets end; the seats have been ended before."""
        self._closing.set()
        self._someone_behind.set()

    def admit(self, seat: Seat, head: bytes, opening: bytes, after: EventId | None) -> None:
        """Place a listener: it gets the answer's head, the opening, what it has missed, and then
        what comes.

        The first thing it hears has an id, so that it can come back from the first moment on.
        """
        hub = self._hub
        self._sockets.add(seat)
        said = hub.join(seat, after)
        if not said and (told := hub.take(seat)) is not None:
            said = told or hub.heartbeat(seat)
        seat.taken_at = time.monotonic()
        seat.rest = memoryview(head + Frames([opening]).wire(seat.chunked) + said)
        self._pulse.add(seat)
        self._serve(seat)

    def cut(self, seat: Seat) -> None:
        """Close a seat without a word."""
        self._sockets.drop(seat, "gone")

    def end(self, seat: Seat) -> None:
        """End a stream, with a last word if nothing is left to be said before."""
        if seat.fd != GONE and (seat.rest is None or seat.rest is FROM_LOG):
            # Who waits for the log has perhaps not heard an id yet, and must not hear a word first
            # that has none.
            word = self._farewell(seat.ended) if seat.rest is None else b""
            last = Frames([word] if word else []).wire(seat.chunked)
            last += LAST_CHUNK if seat.chunked else b""
            self._sockets.write(seat, last, 0.0)
        self._sockets.drop(seat, seat.ended)

    def write(self, round_: Round) -> None:
        """Bring all who are not behind up to the end of a round."""
        slices = ((due, seats) for due in round_.due for seats in _sliced(list(due.group.seats)))
        for due, seats in in_turns(slices, self._lane):
            if self._hub.generation != round_.generation:
                return  # the log began anew meanwhile, and the next round tells everybody
            with survived(_TELLING):
                self._write_slice(seats, due, round_.start)
        for seat in in_turns(self._sockets.seats() if round_.everybody else (), self._lane):
            with survived(_TELLING):
                self._serve(seat)

    def serve_ready(self) -> bool:
        """See to some sockets that hung up or have room again; whether there were any."""
        # Few at a time, and no pause among them: a descriptor closed in a pause might be another
        # listener's when its event is looked at.
        ready = self._sockets.events(SLICE)
        for seat in ready or ():
            with survived(_TELLING):
                self._serve(seat)
        return ready is not None

    def tell_next_behind(self) -> None:
        """Tell one of those whom only the log can tell what they have missed."""
        seat = self._behind.popleft()
        if seat.rest is not FROM_LOG:
            return  # it was told already, or has gone
        before = seat.position, seat.generation
        try:
            told = self._reader.catch_up(seat)
        except LogUnavailable:
            self._behind.append(seat)
            self._closing.wait(random.uniform(0.1, 0.6))  # noqa: S311 - only a spread
            return
        except Exception:
            seat.position, seat.generation = before  # it has not been told, whatever was counted
            raise
        if seat.fd != GONE:
            seat.rest = memoryview(told) if told else None
            self._serve(seat)

    def visit(self, seats: list[Seat], now: float) -> None:
        """Look after seats: what they are owed to those whom a round has left behind, heartbeats
        to the quiet ones, an end to the stalled and the old.
        """
        for seat in in_turns(seats, self._lane):
            with survived(_TELLING):
                self._look_after(seat, now)

    def _look_after(self, seat: Seat, now: float) -> None:
        if seat.until < now:
            seat.ended = "aged"
            self.end(seat)
        elif seat.fd != GONE:
            # Whatever went wrong with the one who should have seen to it: never is a heartbeat
            # all that somebody hears who has missed something.
            if seat.rest is FROM_LOG and not self._behind:
                self._fetch(seat)
            elif seat.rest is not FROM_LOG and (seat.rest is not None or self._hub.owes(seat)):
                self._serve(seat)
            if seat.fd != GONE and now - seat.taken_at >= self._quiet:
                self._break_silence(seat, now)

    def _write_slice(self, seats: list[Seat], due: Due, start: int) -> None:
        now, group = time.monotonic(), due.group
        # Nearly all are where the first of them is, and nearly always one piece tells them all.
        usual = seats[0]
        joined = self._join(usual.position, due, start)
        if joined and joined.frames and joined.upto >= group.newest:
            data = joined.frames.wire(usual.chunked) + due.signals.wire(usual.chunked)
            told, seats = self._sockets.write_alike(seats, data, joined.upto, now)
            self._counters.deliveries += told * len(joined.frames)
        for seat in seats:
            self._bring_on(seat, due, start, now)

    def _bring_on(self, seat: Seat, due: Due, start: int, now: float) -> None:
        if seat.position < due.before or seat.fd == GONE:
            return  # behind: it takes what it misses as its socket takes it
        seat.position = max(seat.position, start)
        if seat.rest is not None:
            return
        joined = self._join(seat.position, due, start)
        if joined is None:
            self._fetch(seat)
            return
        data = joined.frames.wire(seat.chunked) + due.signals.wire(seat.chunked)
        seat.position = joined.upto
        if data and self._sockets.write(seat, data, now):
            self._counters.deliveries += len(joined.frames)
            if joined.upto < due.group.newest:
                self._sockets.wait_for_room(seat, True)

    def _join(self, position: int, due: Due, start: int) -> Joined | None:
        if position < due.before:
            return None  # behind
        window, position = self._hub.window, max(position, start)
        return window.join(due.group.audience, position) if window.reaches(position) else None

    def _serve(self, seat: Seat) -> None:
        """Write what is left for a seat, and one piece more if there is one."""
        if not self._sockets.flush(seat):
            return
        told = self._hub.take(seat)
        if told is None:
            self._fetch(seat)
        elif not told or self._sockets.write(seat, told, time.monotonic()):
            behind = seat.group is not None and seat.position < seat.group.newest
            self._sockets.wait_for_room(seat, behind or seat.rest is not None)

    def _fetch(self, seat: Seat) -> None:
        seat.rest = FROM_LOG
        self._behind.append(seat)
        self._someone_behind.set()
        self._sockets.wait_for_room(seat, False)

    def _keep(self, work: Callable[[], None]) -> None:
        while not self._closing.is_set():
            with survived(_TELLING):
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
        self._pulse.run(self._closing)

    def _break_silence(self, seat: Seat, now: float) -> None:
        if seat.rest is None:
            self._sockets.write(seat, self._hub.heartbeat(seat), now)
        elif seat.rest is FROM_LOG:
            # Its position may already count what is being read just now: this must have no id.
            self._sockets.keep_open(seat, now)
        elif now - seat.taken_at > self._patience:
            self._sockets.drop(seat, "slow")

    def _left(self, seat: Seat, why: str) -> None:
        self._counters.slow_closes += why == "slow"
        self._hub.leave(seat, why)


def _sliced(seats: list[Seat]) -> Iterator[list[Seat]]:
    return (seats[first : first + SLICE] for first in range(0, len(seats), SLICE))
