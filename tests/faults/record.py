"""What is written down of a run, for the oracle to judge. Plain data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from orderboard.events.event import Event

Json = dict[str, Any]
Orders = dict[str, Json]
"""Orders by their id."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event that a listener applied."""

    id: str
    type: str
    data: Json


@dataclass(frozen=True, slots=True)
class Beat:
    """A heartbeat: whatever the listener may hear up to here it has heard."""

    id: str


@dataclass(frozen=True, slots=True)
class Reset:
    """The listener was told that it cannot go on from ``after``, the last id it knew."""

    id: str
    reason: str
    after: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a listener read: all its orders, with everything up to ``id`` in them.

    ``orders`` is None where a page read them and nobody looked; what it shows is compared instead.
    """

    id: str
    orders: Orders | None


Step = Told | Beat | Reset | Snapshot


@dataclass(slots=True)
class Record:
    """What one listener met, in the order in which it met it; the first step is a snapshot.

    ``fresh`` is the snapshot it reads when all is over. ``skips``: it also learns of orders in
    ways that are no events (a customer's page that polls), so events may be missing.
    """

    name: str
    audience: str
    steps: list[Step] = field(default_factory=list)
    fresh: Orders = field(default_factory=dict)
    skips: bool = False

    def count(self, kind: type[Step]) -> int:
        """How many steps of a kind there are."""
        return sum(isinstance(step, kind) for step in self.steps)

    @property
    def last_id(self) -> str:
        """The place in the log from which it goes on; empty before it has begun."""
        return self.steps[-1].id if self.steps else ""

    @property
    def reached(self) -> int:
        """The position up to which it was told everything."""
        told = (step.id for step in reversed(self.steps) if not isinstance(step, Snapshot))
        return place_of(next(told, "-0"))[1]


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that was answered with 201; ``mark`` is in its Idempotency-Key and its e-mail."""

    mark: str
    order: Json


@dataclass(frozen=True, slots=True)
class Changed:
    """A change that was answered with 200: the order as the answer showed it."""

    order: Json


@dataclass(slots=True)
class Run:
    """All of it. ``log`` is what the database holds, read directly, the oldest event first."""

    log: list[Event]
    base_url: str
    records: list[Record] = field(default_factory=list)
    placed: Sequence[Placed] = ()
    changed: Sequence[Changed] = ()
    sent: Sequence[str] = ()
    """The marks of all orders that anybody tried to place."""


def place_of(id_: str) -> tuple[str, int]:
    """The epoch and the position that an id names."""
    epoch, _, position = id_.rpartition("-")
    return epoch, int(position)
