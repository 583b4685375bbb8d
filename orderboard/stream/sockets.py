"""The descriptors of all seats: one epoll for them, writes that never wait, and hang-ups."""

import logging
import os
import select
import time
from collections.abc import Callable

from gevent.monkey import get_original

from orderboard.stream.seat import FROM_LOG, GONE, Seat
from orderboard.stream.wire import chunk

log = logging.getLogger(__name__)

_COMMENT = b":\n"
"""A line without a blank one behind it: that would end a block that has no data."""
_KEEP_OPEN = {True: chunk(_COMMENT), False: _COMMENT}


class Sockets:
    """Keeps what a socket does not take as its seat's rest. ``left`` hears who goes, and why."""

    def __init__(self, left: Callable[[Seat, str], None]) -> None:
        self._left = left
        self._epoll: select.epoll = get_original("select", "epoll")()
        # Not select(): it knows no descriptor above 1023, and this may be made after thousands.
        self._news = select.poll()
        self._news.register(self._epoll.fileno(), select.POLLIN)
        self._seats: dict[int, Seat] = {}

    def __len__(self) -> int:
        return len(self._seats)

    def seats(self) -> list[Seat]:
        """All of them, as they are now."""
        return list(self._seats.values())

    def add(self, seat: Seat) -> None:
        """Watch a seat's socket; its descriptor is ours from now on."""
        self._epoll.register(seat.fd, select.EPOLLRDHUP)
        self._seats[seat.fd] = seat

    def wait(self) -> None:
        """Wait for events, up to a second."""
        self._news.poll(1000)

    def events(self, most: int) -> list[Seat] | None:
        """Let those go that hung up, and name those that have room; None: there was nothing."""
        events = self._epoll.poll(0, most)
        if not events:
            return None
        ready = []
        for fd, what in events:
            seat = self._seats.get(fd)
            if seat is None:
                self._epoll.unregister(fd)  # what is left of one whose end went wrong
            elif what & select.EPOLLERR and seat.rest:
                self.drop(seat, "slow")  # the system gave up what nobody acknowledged
            elif what & ~select.EPOLLOUT:
                self.drop(seat, "gone")
            else:
                ready.append(seat)
        return ready

    def write(self, seat: Seat, data: bytes | memoryview, now: float) -> bool:
        """Write to a seat without a rest; whether it is still there."""
        try:
            try:
                taken = os.write(seat.fd, data)
            except BlockingIOError:
                taken = 0
            self._keep(seat, data, taken, now)
        except Exception as error:  # noqa: BLE001 - it is logged
            self._give_up(seat, error)
            return False
        return True

    def write_alike(
        self, seats: list[Seat], data: bytes, upto: int, now: float
    ) -> tuple[int, list[Seat]]:
        """Bring all that are where the first is, with nothing left to write, on to a position.

        Answers how many that were, and the others. This is where a server with thousands of
        listeners spends its time.
        """
        write, size = os.write, len(data)
        position, chunked = seats[0].position, seats[0].chunked
        told, others = 0, []
        for seat in seats:
            if seat.position != position or seat.rest is not None or seat.chunked is not chunked:
                others.append(seat)
                continue
            try:
                try:
                    taken = write(seat.fd, data)
                except BlockingIOError:
                    taken = 0
                if taken == size:
                    seat.taken_at = now
                else:
                    self._keep(seat, data, taken, now)
            except Exception as error:  # noqa: BLE001 - it is logged
                self._give_up(seat, error)  # or it is gone already, and with it its descriptor
                continue
            seat.position = upto
            told += 1
        return told, others

    def flush(self, seat: Seat) -> bool:
        """Write what is left; whether the seat is there and has nothing left."""
        rest = seat.rest
        if rest is not None and rest is not FROM_LOG and seat.fd != GONE:
            seat.rest = None
            self.write(seat, rest, time.monotonic())
        return seat.rest is None and seat.fd != GONE

    def keep_open(self, seat: Seat, now: float) -> None:
        """Write a comment, which says nothing but that the server is there."""
        comment = _KEEP_OPEN[seat.chunked]
        try:
            taken = os.write(seat.fd, comment)
        except BlockingIOError:
            return
        except OSError:
            taken = 0
        seat.taken_at = now
        if taken != len(comment):
            self.drop(seat, "gone")

    def wait_for_room(self, seat: Seat, wait: bool) -> None:
        """Have ``events`` name the seat when its socket has room, or no longer."""
        if wait != seat.waits:
            self._epoll.modify(seat.fd, select.EPOLLRDHUP | (select.EPOLLOUT if wait else 0))
            seat.waits = wait

    def _give_up(self, seat: Seat, error: Exception) -> None:
        # How much of it was written is not known, so nothing can be written behind it. A listener
        # that is cut off comes back and says itself how far it has come.
        if not isinstance(error, OSError):
            log.error("a stream is cut off, writing to it failed", exc_info=error)
        self.drop(seat, "gone")

    def _keep(self, seat: Seat, data: bytes | memoryview, taken: int, now: float) -> None:
        if taken:
            seat.taken_at = now
        if taken < len(data):
            seat.rest = memoryview(data)[taken:]
            self.wait_for_room(seat, True)

    def drop(self, seat: Seat, why: str) -> None:
        """Close a seat's socket; twice does no harm."""
        fd, seat.fd = seat.fd, GONE
        if fd == GONE:
            return
        try:
            self._seats.pop(fd, None)
            self._epoll.unregister(fd)
        finally:
            try:
                os.close(fd)
            finally:
                seat.rest = None
                self._left(seat, why)
