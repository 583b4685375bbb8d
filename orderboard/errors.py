"""What can go wrong in the trade itself. The web layer translates each to a problem."""

from collections.abc import Mapping, Sequence
from typing import Any


class OrderboardError(Exception):
    """The base of every error that a caller can do something about."""


class ConfigurationError(OrderboardError):
    """A setting has a value that the program cannot start with."""


class StartFailed(OrderboardError):
    """Something that must be there or run is not; the text says what, and what to do."""


class Invalid(OrderboardError):
    """Input that breaks a rule. ``errors`` maps a field's path to what is wrong with it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {message}" for path, message in errors.items()))
        self.errors = dict(errors)

    def at(self, names: Mapping[str, str]) -> "Invalid":
        """The same error of other fields: the name that one has here → the one it came by."""
        return Invalid({names.get(path, path): text for path, text in self.errors.items()})


class NotTheirs(Invalid):
    """Input in fields that are not this caller's to set; ``errors`` names them."""


class NotFound(OrderboardError):
    """There is no such record, or none that this caller may see."""


class IllegalMove(OrderboardError):
    """An order cannot go from its status to the one asked for."""

    def __init__(self, current: str, wanted: str, allowed: Sequence[str]) -> None:
        super().__init__(f"An order that is {current} cannot become {wanted}.")
        self.current, self.wanted, self.allowed = current, wanted, list(allowed)


class Conflict(OrderboardError):
    """What was asked contradicts what is already there. ``extra`` goes into the problem."""

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.extra = extra


class OutOfStock(Conflict):
    """Not as much of a product is left as is wanted; ``extra`` has its sku and what is left."""


class ChangedMeanwhile(OrderboardError):
    """Somebody else changed a thing since the version the caller named. ``name``: what it is."""

    def __init__(
        self, thing: dict[str, Any], changed_by: dict[str, Any], name: str = "order"
    ) -> None:
        were = "were" if name.endswith("s") else "was"
        super().__init__(f"The {name} {were} changed since you read it.")
        self.thing, self.changed_by, self.name = thing, changed_by, name


class Busy(OrderboardError):
    """The database could not be written to within the deadline; trying again is right."""


class TooSlow(OrderboardError):
    """What was asked for could not be read within the time that one may take for it."""


class NotWritable(OrderboardError):
    """The database takes nothing. ``state`` is its word for it; ``retry_after`` in seconds."""

    state = "away"
    retry_after = 10


class DiskFull(NotWritable):
    """There is no room left for what is to be written, or the disk refuses it."""

    state = "full"


class ReadOnly(NotWritable):
    """The database lets itself be read and no more."""

    state = "read-only"
