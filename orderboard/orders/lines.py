"""The lines of an order: so much of a thing at a price. Pure.

A quantity is in thousandths; a price in minor units and millionths of one, so that weighed goods
and prices of half a cent come out. Only a line's total is rounded: once, half to even.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from orderboard import money
from orderboard.errors import Invalid
from orderboard.money import to_text
from orderboard.quantities import quantity_text

Json = dict[str, Any]
DETAILS = ("options", "unit", "note", "tax_rate", "image")
"""What only some lines have."""
_ID = "line_"
_PER_UNIT = 1_000_000_000
"""Thousandths times millionths that make one minor unit."""


@dataclass(slots=True)  # frozen ones take three times as long to be made
class Line:
    """A line, which nobody changes. ``quantity`` is in thousandths, ``unit_price`` and
    ``discount`` in minor units.

    ``line`` counts the lines that its order ever had. ``micros``: millionths of a minor unit that
    its price has beside. ``details``: as they are told.
    """

    line: int
    sku: str | None
    name: str
    quantity: int
    unit_price: int
    discount: int
    micros: int = 0
    details: Json | None = None

    @property
    def id(self) -> str:
        """What the line is called; it stays, and no other of its order ever gets it."""
        return f"{_ID}{self.line}"

    @property
    def total(self) -> int:
        """What the line comes to, in minor units."""
        return self.worth(self.quantity) - self.discount

    def worth(self, quantity: int) -> int:
        """What so much of it costs without the discount, in minor units."""
        if not self.micros and not quantity % 1000:
            return quantity // 1000 * self.unit_price
        return half_even((self.unit_price * 1_000_000 + self.micros) * quantity, _PER_UNIT)


def half_even(amount: int, parts: int) -> int:
    """``amount / parts`` as a whole number, halves to the even one."""
    whole, rest = divmod(amount, parts)
    return whole + (2 * rest > parts or (2 * rest == parts and whole % 2 == 1))


def priced_lines(
    items: Sequence[Mapping[str, Any]], currency: str, first: int, errors: dict[str, str]
) -> tuple[Line, ...]:
    """Lines as they are given, numbered from ``first`` on; what is wrong is noted by its path."""
    return tuple(
        _line(item, first + place, f"items.{place}", currency, errors)
        for place, item in enumerate(items)
    )


def _line(
    item: Mapping[str, Any], number: int, path: str, currency: str, errors: dict[str, str]
) -> Line:
    whole, micros = _unit_price(item, path, currency, errors)
    line = Line(
        number,
        item.get("sku"),
        item["name"],
        item["quantity"],
        whole,
        money.minor_at(item.get("discount"), f"{path}.discount", currency, errors),
        micros,
        None if item.keys().isdisjoint(DETAILS) else _details(item, path, currency, errors),
    )
    total = line.total
    if total < 0 and f"{path}.unit_price" not in errors:
        errors[f"{path}.discount"] = "is larger than the line's price"
    if total > money.LARGEST:
        errors[path] = "comes to more than a line may"
    if item.get("total") is not None and item["total"] != Decimal(to_text(total, currency)):
        errors[f"{path}.total"] = f"is not what the line comes to: {to_text(total, currency)}"
    return line


def _unit_price(
    item: Mapping[str, Any], path: str, currency: str, errors: dict[str, str]
) -> tuple[int, int]:
    price: Decimal | None = item.get("unit_price")
    if price is None:
        return 0, 0
    try:
        return money.to_minor_and_micros(price, currency)
    except ValueError as error:
        errors[f"{path}.unit_price"] = str(error)
        return 0, 0


def _details(
    item: Mapping[str, Any], path: str, currency: str, errors: dict[str, str]
) -> Json | None:
    details: Json = {name: item[name] for name in DETAILS if item.get(name)}
    if "options" in details:
        details["options"] = _options(item, path, currency, errors)
    return details or None


def _options(
    item: Mapping[str, Any], path: str, currency: str, errors: dict[str, str]
) -> list[Json]:
    told: list[Json] = []
    come_to = Decimal(0)
    for place, option in enumerate(item["options"]):
        told.append({"name": option["name"], "value": option["value"]})
        price: Decimal | None = option.get("price")
        if price is not None:
            come_to += price
            at = f"{path}.options.{place}.price"
            minor = money.minor_at(price, at, currency, errors, signed=True)
            told[-1]["price"] = to_text(minor, currency)
    if come_to > (item.get("unit_price") or 0):
        errors.setdefault(f"{path}.options", "come to more than unit_price, which contains them")
    return told


def told(line: Line, currency: str) -> Json:
    """A line as the log keeps it."""
    return {
        "id": line.id,
        "sku": line.sku,
        "name": line.name,
        "quantity": quantity_text(line.quantity),
        "unit_price": money.to_exact_text(line.unit_price, line.micros, currency),
        "discount": to_text(line.discount, currency),
        "total": to_text(line.total, currency),
        **(line.details or {}),
    }


def rows_of(number: int, lines: Sequence[Line]) -> list[Json]:
    """The rows of an order's lines, in their places."""
    return [
        {
            "order_number": number,
            "place": place,
            "line": line.line,
            "sku": line.sku,
            "name": line.name,
            "quantity": line.quantity // 1000,
            "thousandths": line.quantity % 1000 or None,
            "unit_price": line.unit_price,
            "micros": line.micros or None,
            "discount": line.discount,
            "details": line.details,
        }
        for place, line in enumerate(lines)
    ]


def of_row(row: Any) -> Line:
    """A line from its row."""
    return Line(
        row.line or row.place + 1,
        row.sku,
        row.name,
        row.quantity * 1000 + (row.thousandths or 0),
        row.unit_price,
        row.discount,
        row.micros or 0,
        row.details,
    )


def keep_ids(
    lines: Sequence[Line], wanted: Sequence[str | None], before: Sequence[Line], given: int
) -> tuple[Line, ...]:
    """Lines that are to stand instead of others, each with the id that it had before.

    ``wanted``: the id that each was given with, if any. Without one a line is the one before that
    has its sku, or else its name; a new one gets an id that none had among the ``given`` so far.
    Raises Invalid for an id that is no line of the order or stands twice.
    """
    left = {line.id: line for line in before}
    errors = {
        f"items.{place}.id": "is no line of this order, or stands twice"
        for place, name in enumerate(wanted)
        if name and left.pop(name, None) is None
    }
    if errors:
        raise Invalid(errors)
    kept: list[Line] = []
    for line, name in zip(lines, wanted, strict=True):
        number = int(name.removeprefix(_ID)) if name else _found(line, left)
        if number is None:
            given += 1
        kept.append(replace(line, line=given if number is None else number))
    return tuple(kept)


def _found(line: Line, left: dict[str, Line]) -> int | None:
    for same in (_same_sku, _same_name):
        for name, other in left.items():
            if same(line, other):
                del left[name]
                return other.line
    return None


def _same_sku(line: Line, other: Line) -> bool:
    return line.sku is not None and line.sku == other.sku


def _same_name(line: Line, other: Line) -> bool:
    return line.sku == other.sku and line.name == other.name
