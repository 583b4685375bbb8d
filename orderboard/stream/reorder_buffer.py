"""A reorder buffer: events that came before the one they follow."""

from collections.abc import Callable
from typing import Generic

from orderboard.stream.source import E
from orderboard.stream.window import Room


class ReorderBuffer(Generic[E]):
    """Keeps them until it has come. More than may be kept is forgotten, all of it: the log has it.

    That is as many as a window has room for, and a quarter of its memory by ``weigh``.
    """

    def __init__(self, room: Room, weigh: Callable[[E], int]) -> None:
        self._most = room.events
        self._most_bytes = room.bytes // 4
        self._weigh = weigh
        self._events: dict[int, tuple[E, int]] = {}
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._events)

    def keep(self, event: E) -> bool:
        """Keep an event; whether there was room."""
        if event.position not in self._events:
            size = self._weigh(event)
            self._events[event.position] = event, size
            self.bytes += size
        if len(self._events) <= self._most and self.bytes <= self._most_bytes:
            return True
        self.clear()
        return False

    def pop(self, position: int) -> E | None:
        """The event at a position, if it is here; it is kept no longer."""
        event, size = self._events.pop(position, (None, 0))
        self.bytes -= size
        return event

    def clear(self) -> None:
        """Forget them."""
        self._events.clear()
        self.bytes = 0
