"""A fact, and who did it."""

from dataclasses import dataclass
from typing import Any

from orderboard import clock
from orderboard.jsontext import dump, load

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: ``staff``, ``script``, ``customer``, ``driver`` or ``system``, and a name."""

    kind: str
    name: str | None = None


@dataclass(slots=True)  # frozen ones take three times as long to be made
class Event:
    """A fact, which nobody changes. ``data`` is the whole thing right after it, with all that
    staff may see.

    ``was`` has what each changed field was before. Events of older versions know only the names
    of the changed fields, and of events long ago the thing itself is not kept (``data`` is None).
    ``undoes``: the position of the event that this one takes back.
    """

    position: int
    type: str
    at: str
    actor: Json
    changes: list[str]
    was: Json
    topics: tuple[str, ...]
    order_id: str | None = None
    data: Json | None = None
    undoes: int | None = None

    @property
    def about_its_order(self) -> Json | None:
        """The order it belongs to, where that is the thing it carries."""
        if self.order_id is None or self.data is None or self.data.get("id") != self.order_id:
            return None
        return self.data

    def to_wire(self) -> Json:
        """The event as plain JSON data, for other processes."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_wire(cls, data: Json) -> "Event":
        """The event that ``to_wire`` made the data of."""
        return cls(**{**data, "topics": tuple(data["topics"])})

    def row(self) -> Json:
        """The event as a row of the log's table."""
        return {
            "position": self.position,
            "type": self.type,
            "at": clock.parse_rfc3339(self.at),
            "actor_kind": self.actor["kind"],
            "actor_name": self.actor["name"],
            "changes": dump(self.changes),
            "was": dump(self.was),
            "topics": " ".join(self.topics),
            "order_id": self.order_id,
            "data": dump(self.data),
            "undoes": self.undoes,
        }

    @classmethod
    def of_row(cls, row: Any) -> "Event":
        """The event that a row of the log's table holds."""
        return cls(
            position=row.position,
            type=row.type,
            at=clock.rfc3339(row.at),
            actor={"kind": row.actor_kind, "name": row.actor_name},
            changes=load(row.changes),
            was=load(row.was),
            topics=tuple(row.topics.split()),
            order_id=row.order_id,
            data=load(row.data) if row.data else None,
            undoes=row.undoes,
        )
