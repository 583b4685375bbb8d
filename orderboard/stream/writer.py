"""Writes to the sockets that streams left behind, with one epoll for all of them.

Everything here runs in greenlets of one thread, and none gives way between taking what a seat is
to be told and either writing it or keeping it as the seat's rest. So whenever another greenlet
runs, a seat's position and rest tell the truth, and the order of frames needs no locks.
"""

import logging
import os
import random
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic

from gevent.monkey import get_original  # type: ignore[import-untyped]

from orderboard.stream.frame import EventId
from orderboard.stream.group import Due, Round
from orderboard.stream.hub import Hub
from orderboard.stream.pulse import QUIET, Pulse
from orderboard.stream.reader import LogUnavailable, Reader
from orderboard.stream.seat import FROM_LOG, GONE, Seat
from orderboard.stream.source import E

log = logging.getLogger(__name__)

SLICE = 256
"""Writes after which others in the process get their turn: about two milliseconds."""
STALLED = 30.0
"""Seconds a listener may take nothing of what is kept for it."""
_LARGE_SLICE = 32
_KEEP_OPEN = b":\n\n"


class Writer(Generic[E]):
    """All seats of a process. Made in a gevent worker only."""

    def __init__(
        self, hub: Hub[E], reader: Reader[E], heartbeat: float, farewell: Callable[[], bytes]
    ) -> None:
        self._hub = hub
        self._reader = reader
        self._quiet = heartbeat * QUIET
        self._farewell = farewell
        self._counters = hub.counters
        self._epoll: select.epoll = get_original("select", "epoll")()
        self._seats: dict[int, Seat] = {}
        self._behind: deque[Seat] = deque()
        self._someone_behind = threading.Event()
        self._closing = threading.Event()
        self._pulse = Pulse(heartbeat, self._visit)

    def start(self) -> None:
        """Start the greenlets."""
        for target in (self._watch, self._catch_up, self._beat):
            threading.Thread(target=target, name=f"stream{target.__name__}", daemon=True).start()

    def close(self) -> None:
        """Let the greenlets end; the seats have been ended before."""
        self._closing.set()
        self._someone_behind.set()

    def admit(self, seat: Seat, opening: bytes, after: EventId | None) -> None:
        """Place a listener: it gets the opening, what it has missed, and then what comes.

        The first thing it hears has an id, so that it can come back from the first moment on.
        """
        hub = self._hub
        self._seats[seat.fd] = seat
        self._epoll.register(seat.fd, select.EPOLLRDHUP)
        said = hub.join(seat, after)
        if not said and (told := hub.take(seat)) is not None:
            said = told or hub.heartbeat(seat)
        seat.taken_at = time.monotonic()
        seat.rest = memoryview(opening + said)
        self._pulse.add(seat)
        self._serve(seat)

    def write(self, round_: Round) -> None:
        """Bring all who are not behind up to the end of a round."""
        for due in round_.due:
            seats = list(due.group.seats)
            for first in range(0, len(seats), SLICE):
                if self._hub.generation != round_.generation:
                    return  # the log began anew meanwhile, and the next round tells everybody
                self._write_slice(seats[first : first + SLICE], due, round_.start)
                if first + SLICE < len(seats):
                    time.sleep(0)
        if round_.everybody:
            self._serve_all(list(self._seats.values()))

    def end(self, seat: Seat) -> None:
        """End a stream, with a last word if its socket has room for one."""
        if seat.rest is None:
            seat.rest = memoryview(self._farewell())
            self._flush(seat)
        self._drop(seat, seat.ended)

    def _write_slice(self, seats: list[Seat], due: Due, start: int) -> None:
        now = time.monotonic()
        known, data, upto, frames, told = -1, b"", 0, 0, 0
        for seat in seats:
            if seat.position < due.before or seat.fd == GONE:
                continue  # behind: it takes what it misses as its socket takes it
            position = seat.position = max(seat.position, start)
            if seat.rest is not None:
                continue
            if position != known:
                if not self._hub.window.reaches(position):
                    self._fetch(seat)
                    continue
                joined = self._hub.window.join(due.group.audience, position)
                known, data, upto, frames = position, joined.data + due.signals, *joined[1:]
            seat.position = upto
            if data and self._write(seat, data, now):
                told += frames
                if upto < due.group.newest:
                    self._wait_for_room(seat, True)
        self._counters.deliveries += told

    def _write(self, seat: Seat, data: bytes, now: float) -> bool:
        try:
            taken = os.write(seat.fd, data)
        except BlockingIOError:
            taken = 0
        except OSError:
            self._drop(seat, "gone")
            return False
        if taken:
            seat.taken_at = now
        if taken < len(data):
            seat.rest = memoryview(data)[taken:]
            self._wait_for_room(seat, True)
        return True

    def _serve(self, seat: Seat) -> None:
        """Write what is left for a seat, and one piece more if there is one."""
        if not self._flush(seat):
            return
        told = self._hub.take(seat)
        if told is None:
            self._fetch(seat)
            return
        if told:
            seat.rest = memoryview(told)
            self._flush(seat)
        if seat.rest is None and seat.group:
            self._wait_for_room(seat, seat.position < seat.group.newest)

    def _flush(self, seat: Seat) -> bool:
        """Write what is left; whether nothing is left and the seat is still there."""
        rest = seat.rest
        if seat.fd == GONE or rest is FROM_LOG:
            return False
        if rest is None:
            return True
        try:
            taken = os.write(seat.fd, rest)
        except BlockingIOError:
            taken = 0
        except OSError:
            self._drop(seat, "gone")
            return False
        if taken:
            seat.taken_at = time.monotonic()
        seat.rest = rest[taken:] if taken < len(rest) else None
        if seat.rest is not None:
            self._wait_for_room(seat, True)
        return seat.rest is None

    def _serve_all(self, seats: list[Seat]) -> None:
        for number, seat in enumerate(seats, 1):
            self._serve(seat)
            if number % _LARGE_SLICE == 0:
                time.sleep(0)

    def _fetch(self, seat: Seat) -> None:
        seat.rest = FROM_LOG
        self._wait_for_room(seat, False)
        self._behind.append(seat)
        self._someone_behind.set()

    def _wait_for_room(self, seat: Seat, wait: bool) -> None:
        if wait != seat.waits:
            seat.waits = wait
            self._epoll.modify(seat.fd, select.EPOLLRDHUP | (select.EPOLLOUT if wait else 0))

    def _drop(self, seat: Seat, why: str) -> None:
        fd, seat.fd = seat.fd, GONE
        if fd == GONE:
            return
        del self._seats[fd]
        self._epoll.unregister(fd)
        os.close(fd)
        seat.rest = None
        self._hub.leave(seat)
        log.info("a stream of %s ended: %s", seat.audience.partition(":")[0], why)

    def _watch(self) -> None:
        while not self._closing.is_set():
            select.select([self._epoll], [], [], 1.0)
            # Few at a time, and no pause among them: a descriptor closed in a pause might be
            # another listener's when its event is looked at.
            for fd, what in self._epoll.poll(0, _LARGE_SLICE):
                seat = self._seats[fd]
                if what & ~select.EPOLLOUT:
                    self._drop(seat, "gone")
                else:
                    self._serve(seat)
            time.sleep(0)
        self._epoll.close()

    def _catch_up(self) -> None:
        while not self._closing.is_set():
            self._someone_behind.wait(1.0)
            self._someone_behind.clear()
            while self._behind and not self._closing.is_set():
                self._tell_from_log(self._behind.popleft())
                time.sleep(0)

    def _tell_from_log(self, seat: Seat) -> None:
        try:
            told = self._reader.catch_up(seat)
        except LogUnavailable:
            self._behind.append(seat)
            self._closing.wait(random.uniform(0.1, 0.6))  # noqa: S311 - only a spread
            return
        if seat.fd != GONE:
            seat.rest = memoryview(told) if told else None
            self._serve(seat)

    def _beat(self) -> None:
        self._pulse.run(self._closing)

    def _visit(self, seats: list[Seat], now: float) -> None:
        for number, seat in enumerate(seats, 1):
            quiet = now - seat.taken_at
            if seat.fd == GONE or quiet < self._quiet:
                continue
            if seat.rest is None:
                self._write(seat, self._hub.heartbeat(seat), now)
            elif seat.rest is FROM_LOG:
                # Its position may already count what is just being read, so this has no id.
                self._keep_open(seat)
            elif quiet > STALLED:
                self._counters.slow_closes += 1
                self._drop(seat, "slow")
            if number % SLICE == 0:
                time.sleep(0)
