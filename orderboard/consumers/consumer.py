"""What a consumer is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from orderboard.events.event import Event
from orderboard.events.log import Transaction


def _always() -> bool:
    return True


Apply = Callable[[Transaction, Sequence[Event]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """Something that works through the log, in order, and keeps its place in the database.

    ``apply`` is handed some events, ``batch`` at most, oldest first, inside the transaction that
    stores the new position: what it writes there happens exactly once. It has to be quick, as
    others wait for that transaction, and must do nothing that a rollback does not undo.

    ``topic``: only what is heard under it; ``kinds``: only events of these names. An event that
    fails ``tries`` times alone is set aside. ``needs_data``: whether the events must be whole; the
    log is not thinned where such a consumer still has to read it. ``gather``: seconds for which
    events gather once it has come to the log's end; ten cost little more to take in than one.
    ``is_wanted``: while it answers False, the consumer passes over everything unread.
    """

    name: str
    apply: Apply
    topic: str | None = None
    kinds: frozenset[str] | None = None
    batch: int = 50
    tries: int = 5
    needs_data: bool = True
    gather: float = 0.0
    is_wanted: Callable[[], bool] = _always

    def takes(self, event: Event) -> bool:
        """Whether an event is one of its kinds."""
        return self.kinds is None or event.type in self.kinds
