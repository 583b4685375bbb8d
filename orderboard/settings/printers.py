"""The printers in the network that print orders by themselves, as staff have set them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orderboard.errors import Invalid

Json = dict[str, Any]
MOST = 10
WIDTHS = (24, 64)
"""Characters that a line may have: paper of 58 mm mostly has 32, of 80 mm 42 or 48."""
WHEN = ("placed", "accepted", "asked")
"""What brings an order to a printer: that it came, that somebody took it on, or people alone."""
CODE_PAGES = ("cp437", "cp850", "cp852", "cp858", "cp866", "cp1252")
"""What letters a printer has; the one for Western Europe has the euro."""
_USUAL: Json = {
    "when": "placed",
    "types": [],
    "methods": [],
    "width": 48,
    "copies": 1,
    "code_page": "cp858",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Printer:
    """A printer. ``types``, ``methods``: those of the orders it prints; none: of all."""

    id: str
    name: str
    address: str
    when: str = "placed"
    types: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    width: int = 48
    copies: int = 1
    code_page: str = "cp858"

    def prints(self, when: str, type: str, method: str) -> bool:
        """Whether it prints an order of this type and method by itself when this happens."""
        fits = not self.types or type in self.types
        return self.when == when and fits and (not self.methods or method in self.methods)


def told(printers: Sequence[tuple[str, str]]) -> list[Json]:
    """The printers that the environment names, as settings are told: name and address of each."""
    return numbered([], [{"name": name, "address": address} for name, address in printers])


def numbered(before: Sequence[Json], given: Sequence[Json]) -> list[Json]:
    """Printers with the ids that they had, or new ones, and what is usual where nothing was said.

    Raises Invalid for two of one name, and for an id that no printer had.
    """
    errors: dict[str, str] = {}
    known, names = {printer["id"] for printer in before}, set[str]()
    newest = max((int(one.rpartition("_")[2]) for one in known), default=0)
    found = []
    for place, printer in enumerate(given):
        own = printer.get("id")
        if own and own not in known:
            errors[f"printers.{place}.id"] = "is of no printer, or of one named before"
        if printer["name"].casefold() in names:
            errors[f"printers.{place}.name"] = "is that of another printer"
        known.discard(own)
        names.add(printer["name"].casefold())
        if not own:
            newest += 1
            own = f"printer_{newest}"
        found.append({**_USUAL, **printer, "id": own})
    if errors:
        raise Invalid(errors)
    return found


def of_settings(given: Sequence[Mapping[str, Any]]) -> tuple[Printer, ...]:
    """The printers of the settings."""
    return tuple(
        Printer(**{**one, "types": tuple(one["types"]), "methods": tuple(one["methods"])})
        for one in given
    )
