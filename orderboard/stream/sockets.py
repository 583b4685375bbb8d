"""The descriptors of all connections: one epoll for them, writes that never wait, and hang-ups."""

import logging
import os
import select
import time
from collections.abc import Callable
from itertools import islice, repeat

from gevent.monkey import get_original

from orderboard.stream.connection import FROM_LOG, GONE, Cohort, StreamConnection
from orderboard.stream.suppress import suppress_and_log
from orderboard.stream.wire import chunk

log = logging.getLogger(__name__)

_COMMENT = b":\n"
"""A line without a blank one behind it: that would end a block that has no data."""
_KEEP_OPEN = {True: chunk(_COMMENT), False: _COMMENT}


class Sockets:
    """Keeps what a socket does not take as the rest. ``left`` hears who goes, and why."""

    def __init__(self, left: Callable[[StreamConnection, str], None]) -> None:
        self._left = left
        self._epoll: select.epoll = get_original("select", "epoll")()
        # Not select(): it knows no descriptor above 1023, and this may be made after thousands.
        self._news = select.poll()
        self._news.register(self._epoll.fileno(), select.POLLIN)
        self._connections: dict[int, StreamConnection] = {}

    def __len__(self) -> int:
        return len(self._connections)

    def connections(self) -> list[StreamConnection]:
        """All of them, as they are now."""
        return list(self._connections.values())

    def add(self, conn: StreamConnection) -> None:
        """Watch a connection's socket; its descriptor is ours from now on."""
        self._epoll.register(conn.fd, select.EPOLLRDHUP)
        self._connections[conn.fd] = conn

    def wait(self) -> None:
        """Wait for events, up to a second."""
        self._news.poll(1000)

    def events(self, most: int) -> list[StreamConnection] | None:
        """Let those go that hung up, and name those that have room; None: there was nothing."""
        events = self._epoll.poll(0, most)
        if not events:
            return None
        ready = []
        for fd, what in events:
            conn = self._connections.get(fd)
            if conn is None:
                self._epoll.unregister(fd)  # what is left of one whose end went wrong
            elif what & select.EPOLLERR and conn.rest:
                self.drop(conn, "slow")  # the system gave up what nobody acknowledged
            elif what & ~select.EPOLLOUT:
                self.drop(conn, "gone")
            else:
                ready.append(conn)
        return ready

    def begin(self, conn: StreamConnection, head: bytes, data: bytes, now: float) -> bool:
        """Write what a connection alone is told, and behind it what many are: that is not copied.

        Whether the connection is there and has nothing left.
        """
        conn.taken_at = now
        try:
            try:
                taken = os.writev(conn.fd, (head, data))
            except BlockingIOError:
                taken = 0
        except Exception as error:  # noqa: BLE001 - it is logged
            self._give_up(conn, error)
            return False
        if taken < len(head):
            return self._took(conn, head + data, taken, now) and conn.rest is None
        return self._took(conn, data, taken - len(head), now) and conn.rest is None

    def write(self, conn: StreamConnection, data: bytes | memoryview, now: float) -> bool:
        """Write to a connection without a rest; whether it is still there."""
        try:
            try:
                taken = os.write(conn.fd, data)
            except BlockingIOError:
                taken = 0
        except Exception as error:  # noqa: BLE001 - it is logged
            self._give_up(conn, error)
            return False
        return self._took(conn, data, taken, now)

    def tell(self, conn: StreamConnection, data: bytes, now: float) -> bool:
        """Write what a position counts as told; whether the connection is still there."""
        try:
            return self.write(conn, data, now)
        except Exception:
            self.drop(conn, "gone")  # it comes back, and says itself how far it has come
            raise

    def write_alike(self, cohort: Cohort, data: bytes, upto: int, now: float) -> int:
        """Bring those of a cohort who stand level on to a position; how many were told.

        This is where a server with thousands of listeners spends its time: the loop over the
        descriptors is ``map``'s, without a line of Python in it.
        """
        fds, size = cohort.fds, len(data)
        taken: list[int | Exception] = []
        while len(taken) < len(fds):
            try:
                taken.extend(map(os.write, islice(fds, len(taken), None), repeat(data)))
            except BlockingIOError:  # what was written before it is in the list
                taken.append(0)
            except Exception as error:  # noqa: BLE001 - it is logged
                taken.append(error)
        told = len(taken)
        try:
            if taken.count(size) < told:
                told -= sum(isinstance(one, Exception) for one in taken)
                self._settle(list(cohort.level), data, taken, upto, now)
        finally:
            cohort.move(upto, now)  # what was written was written, whatever goes wrong here
        return told

    def _settle(
        self,
        connections: list[StreamConnection],
        data: bytes,
        taken: list[int | Exception],
        upto: int,
        now: float,
    ) -> None:
        """See to those whose sockets did not take all of it."""
        for conn, size in zip(connections, taken, strict=True):
            with suppress_and_log("writing to a stream"):
                if isinstance(size, Exception):
                    self._give_up(conn, size)
                elif size < len(data):
                    conn.position = upto  # apart from now on: its moment is not the others'
                    self._took(conn, data, size, now)

    def flush(self, conn: StreamConnection) -> bool:
        """Write what is left; whether the connection is there and has nothing left."""
        rest = conn.rest
        if rest is not None and rest is not FROM_LOG and conn.fd != GONE:
            conn.rest = None
            self.write(conn, rest, time.monotonic())
        return conn.rest is None and conn.fd != GONE

    def keep_open(self, conn: StreamConnection, now: float) -> None:
        """Write a comment, which says nothing but that the server is there."""
        comment = _KEEP_OPEN[conn.chunked]
        try:
            taken = os.write(conn.fd, comment)
        except BlockingIOError:
            return
        except OSError:
            taken = 0
        conn.taken_at = now
        if taken != len(comment):
            self.drop(conn, "gone")

    def wait_for_room(self, conn: StreamConnection, wait: bool) -> None:
        """Have ``events`` name the connection when its socket has room, or no longer."""
        if wait != conn.waits:
            self._epoll.modify(conn.fd, select.EPOLLRDHUP | (select.EPOLLOUT if wait else 0))
            conn.waits = wait

    def _give_up(self, conn: StreamConnection, error: Exception) -> None:
        # How much of it was written is not known, so nothing can be written behind it. A listener
        # that is cut off comes back and says itself how far it has come.
        if not isinstance(error, OSError):
            log.error("a stream is cut off, writing to it failed", exc_info=error)
        self.drop(conn, "gone")

    def _took(
        self, conn: StreamConnection, data: bytes | memoryview, taken: int, now: float
    ) -> bool:
        """See to what a socket did not take; whether the connection is still there."""
        try:
            self._keep(conn, data, taken, now)
        except Exception as error:  # noqa: BLE001 - it is logged
            self._give_up(conn, error)
            return False
        return True

    def _keep(
        self, conn: StreamConnection, data: bytes | memoryview, taken: int, now: float
    ) -> None:
        if taken:
            conn.taken_at = now
        if taken < len(data):
            conn.rest = memoryview(data)[taken:]
            self.wait_for_room(conn, True)

    def drop(self, conn: StreamConnection, why: str) -> None:
        """Close a connection's socket; twice does no harm."""
        fd, conn.fd = conn.fd, GONE
        if fd == GONE:
            return
        try:
            self._connections.pop(fd, None)
            self._epoll.unregister(fd)
        finally:
            try:
                os.close(fd)
            finally:
                conn.rest = None
                self._left(conn, why)
