"""Listeners that are nothing but a socket: no thread, no greenlet, no request waits for them."""

from collections.abc import Callable

from orderboard.stream.listener import Guard, Listener

GONE = -1
FROM_LOG = memoryview(b"")
"""Stands for a rest that is still to be read from the log."""
COHORT = 64
"""Connections of a cohort at most. They are written to without a look at the time: 0.3 ms."""


class StreamConnection(Listener):
    """``rest`` is what its socket has not taken yet; ``position`` counts it as told.

    While there is a rest nothing else may be written. ``taken_at`` is when the socket last took
    something, in seconds of the monotonic clock; ``waits`` whether its room is waited for.

    While it stands level in its ``cohort``, position and ``taken_at`` are the cohort's and there is
    no rest. Whatever is said to one alone has it stand apart, with values of its own.
    """

    cohort: "Cohort"
    """Its place in its group, from the moment it joins the hub."""
    chunked = True
    __slots__ = ("_position", "_rest", "_taken_at", "cohort", "end", "fd", "is_level", "waits")

    def __init__(
        self,
        fd: int,
        audience: str,
        guard: Guard | None,
        address: str,
        end: Callable[["StreamConnection"], None],
    ) -> None:
        self.is_level = False
        super().__init__(audience, guard, address)
        self.end = end
        self.fd = fd
        self._rest: memoryview | None = None
        self._taken_at = 0.0
        self.waits = False

    @property
    def position(self) -> int:
        """Everything up to here has been told, or is the rest."""
        return self.cohort.position if self.is_level else self._position

    @position.setter
    def position(self, position: int) -> None:
        if self.is_level:
            if position == self.cohort.position:
                return
            self.stand_apart()
        self._position = position

    @property
    def taken_at(self) -> float:
        """When the socket last took something."""
        return self.cohort.taken_at if self.is_level else self._taken_at

    @taken_at.setter
    def taken_at(self, moment: float) -> None:
        self.stand_apart()
        self._taken_at = moment

    @property
    def rest(self) -> memoryview | None:
        """What the socket has not taken yet."""
        return self._rest

    @rest.setter
    def rest(self, rest: memoryview | None) -> None:
        self.stand_apart()
        self._rest = rest

    def stand_apart(self) -> None:
        """Have a position of its own, until the cohort is level with it again."""
        if self.is_level:
            self._position, self._taken_at = self.cohort.position, self.cohort.taken_at
            self.is_level = False
            self.cohort.part_with(self)

    def wake(self) -> None:
        """Rounds write to a connection without its doing; only its end is told to it."""
        if self.ended:
            self.end(self)


class PlainStreamConnection(StreamConnection):
    """One that asked with HTTP/1.0: its answer ends with the connection."""

    chunked = False
    __slots__ = ()


class Cohort:
    """Some connections of a group that are written to one right after the other.

    Nearly all listeners of an audience are always at the same position. Those of a cohort who are
    stand ``level``: there is one position and one moment for all of them, and a list of their
    descriptors, so telling them costs hardly more than the system's ``write()``. All others stand
    ``apart``.
    """

    __slots__ = ("apart", "chunked", "fds", "level", "position", "taken_at")

    def __init__(self, chunked: bool) -> None:
        self.chunked = chunked
        self.position, self.taken_at = 0, 0.0
        self.level: list[StreamConnection] = []
        self.fds: list[int] = []
        self.apart: list[StreamConnection] = []

    def __len__(self) -> int:
        return len(self.level) + len(self.apart)

    def add(self, conn: StreamConnection) -> None:
        """Take a connection in."""
        conn.cohort = self
        self.apart.append(conn)

    def remove(self, conn: StreamConnection) -> None:
        """Let a connection go."""
        conn.stand_apart()
        self.apart.remove(conn)

    def part_with(self, conn: StreamConnection) -> None:
        """One that stood level stands apart."""
        place = self.level.index(conn)
        del self.level[place], self.fds[place]
        self.apart.append(conn)

    def move(self, position: int, moment: float) -> None:
        """Those who stand level have been told everything up to a position."""
        self.position, self.taken_at = position, moment

    def rejoin(self) -> None:
        """Let those stand level who have caught up and have nothing left to write."""
        free = [conn for conn in self.apart if conn.rest is None and conn.fd != GONE]
        if free and not self.level:
            self.move(max(conn.position for conn in free), free[0].taken_at)
        for conn in free:
            if conn.position == self.position:
                self._join(conn)

    def _join(self, conn: StreamConnection) -> None:
        # Nobody's heartbeat may come late for that; that one comes early does no harm.
        self.taken_at = min(self.taken_at, conn.taken_at)
        self.apart.remove(conn)
        self.level.append(conn)
        self.fds.append(conn.fd)
        conn.is_level = True
