"""Reading a foreign order so that whatever nobody asked for can be named in the end."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

Json = dict[str, Any]


class Converted(NamedTuple):
    """An order as ``POST /api/orders`` takes it, and the paths of what it has no place for."""

    order: Json
    left_out: list[str]


class Unconvertible(ValueError):
    """What is given is no order of that system, or one that does not add up."""


class Reader:
    """An object of a foreign order. What is asked for counts as kept."""

    def __init__(self, data: Any, path: str = "", taken: set[str] | None = None) -> None:
        if not isinstance(data, Mapping):
            raise Unconvertible(f"{path or 'the order'} must be an object")
        self._data, self._path = data, path
        self._taken: set[str] = set() if taken is None else taken

    def text(self, *names: str) -> str | None:
        """The first of these members that says something, as text."""
        found = None
        for name in names:
            value = self._take(name)
            if found is None and isinstance(value, (str, int, float, Decimal)):
                found = str(value).strip() or None
        return found

    def is_hidden(self, name: str) -> bool:
        """Whether a member begins with an underline: then the thing is the shop system's own."""
        return str(self._data.get(name) or "_").startswith("_")

    def flag(self, name: str) -> bool:
        """Whether a member is true."""
        return self._take(name) is True

    def amount(self, name: str) -> Decimal:
        """An amount, 0 where there is none. Raises Unconvertible for what is no number."""
        value = self._take(name)
        try:
            amount = Decimal(str(value)) if value not in (None, "") else Decimal(0)
        except InvalidOperation:
            amount = Decimal("NaN")
        if isinstance(value, bool) or not amount.is_finite():
            raise Unconvertible(f"{self._at(name)} must be a number")
        return amount

    def part(self, name: str) -> "Reader":
        """An object in the object, empty where there is none."""
        return Reader(self._data.get(name) or {}, self._at(name), self._taken)

    def each(self, name: str) -> list["Reader"]:
        """A list of objects in the object."""
        found = self._data.get(name) or []
        if not isinstance(found, list):
            raise Unconvertible(f"{self._at(name)} must be a list")
        return [Reader(one, f"{self._at(name)}.{n}", self._taken) for n, one in enumerate(found)]

    def left_out(self) -> list[str]:
        """The paths of all values that say something and that nobody asked for."""
        return [path for path in _leaves(self._data, "") if path not in self._taken]

    def _take(self, name: str) -> Any:
        self._taken.add(self._at(name))
        return self._data.get(name)

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name


def _leaves(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}.{number}")
    elif value not in (None, "", False):
        yield path


def filled(**fields: Any) -> Json:
    """Those of the fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}
