"""What events there are: each kind is declared once, by the room that owns the thing it carries.

A kind says three things: under which name it carries its thing, under which topics it is heard,
and what each kind of audience sees of the thing. A *topic* (``board``, ``order:<id>``) is written
into the log with the event. An *audience* is a way of hearing a topic: several may hear the same
one and see different things. Nothing here knows which kinds, topics and audiences there are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

Json = dict[str, Any]


class Viewer(NamedTuple):
    """Who looks: ``whose`` is the part of the audience behind the colon, empty without one."""

    whose: str
    base_url: str


View = Callable[[Json, Viewer], Json]
"""What one kind of audience sees of a thing. Pure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of event.

    ``heard_by`` answers the topics from the thing and from what was before (``was``: field → its
    old value). ``views`` has the view of each kind of audience that may hear it; others hear
    nothing. ``thinned`` says that the thing itself need not be kept for ever.
    """

    name: str
    carries: str
    heard_by: Callable[[Json, Json], Iterable[str]]
    views: Mapping[str, View]
    thinned: bool = False


@dataclass(frozen=True, slots=True)
class Audience:
    """A way of hearing a topic. ``sees_names``: of who did it, not only of what kind they are."""

    topic: str
    sees_names: bool = False


class Fact(Protocol):
    """What an event has, as far as it matters to who hears what of it."""

    @property
    def position(self) -> int:
        """Where it stands in the log."""

    @property
    def type(self) -> str:
        """The name of its kind."""

    @property
    def at(self) -> str:
        """When it happened, RFC 3339."""

    @property
    def actor(self) -> Json:
        """Who did it: ``{kind, name}``."""

    @property
    def changes(self) -> list[str]:
        """The fields that changed."""

    @property
    def was(self) -> Json:
        """The changed fields as they were before."""

    @property
    def topics(self) -> tuple[str, ...]:
        """What it is heard under."""

    @property
    def order_id(self) -> str | None:
        """The order it belongs to."""

    @property
    def data(self) -> Json | None:
        """The whole thing it carries; None once the log was thinned there."""

    @property
    def undoes(self) -> int | None:
        """The position of the event that it takes back."""


@dataclass(frozen=True)
class Kinds:
    """All kinds of events and all kinds of audiences: who hears what, and sees what of it."""

    kinds: Iterable[Kind]
    audiences: Mapping[str, Audience]
    _by_name: dict[str, Kind] = field(default_factory=dict)
    _hearing: dict[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update((kind.name, kind) for kind in self.kinds)
        for name, audience in self.audiences.items():
            self._hearing[audience.topic] = (*self._hearing.get(audience.topic, ()), name)

    def names(self, audience: str) -> list[str]:
        """The names of the events that a kind of audience may hear."""
        return [name for name, kind in self._by_name.items() if audience in kind.views]

    def thinned(self) -> list[str]:
        """The names of the kinds whose things need not be kept for ever."""
        return [name for name, kind in self._by_name.items() if kind.thinned]

    def topic(self, audience: str) -> str:
        """The topic that an audience hears."""
        name, colon, whose = audience.partition(":")
        return f"{self.audiences[name].topic}{colon}{whose}"

    def audiences_of(self, event: Fact) -> tuple[str, ...]:
        """Everyone who may hear an event.

        One of a kind that this version does not know is for all who hear its topics: they are then
        told that something cannot be told, which is better than a silent gap.
        """
        kind = self._by_name.get(event.type)
        found: list[str] = []
        for topic in event.topics:
            name, colon, whose = topic.partition(":")
            hearing = self._hearing.get(name, ())
            if kind is not None:
                hearing = [audience for audience in hearing if audience in kind.views]
            found.extend(f"{audience}{colon}{whose}" for audience in hearing)
        return tuple(found)

    def view(self, event: Fact, audience: str, base_url: str) -> Json | None:
        """The event as an audience hears it, or None where it may not."""
        if audience not in self.audiences_of(event):
            return None
        name, _, whose = audience.partition(":")
        kind, names = self._by_name[event.type], self.audiences[name].sees_names
        view, viewer = kind.views[name], Viewer(whose, base_url)
        seen, was = view(event.data, viewer) if event.data else {}, _was(event, view, viewer, names)
        told: Json = {
            "position": event.position,
            "type": event.type,
            "at": event.at,
            "actor": event.actor if names else {"kind": event.actor["kind"]},
            "changes": event.changes if names else [c for c in event.changes if c in seen | was],
            "was": was,
        }
        if event.undoes is not None:
            told["undoes"] = event.undoes
        if event.order_id and kind.carries != "order":
            told["order_id"] = event.order_id
        if event.data is not None:
            told[kind.carries] = seen
        return told


def _was(event: Fact, view: View, viewer: Viewer, sees_all: bool) -> Json:
    """What was before, as far as this audience would have seen it then."""
    if not event.was or event.data is None:
        return event.was if sees_all else {}
    before = view({**event.data, **event.was}, viewer)
    return {name: before[name] for name in event.was if name in before}
