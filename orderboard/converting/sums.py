"""What a foreign order comes to, in the parts that ours has, to the last minor unit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from orderboard.converting.reading import Json, Unconvertible
from orderboard.money import DIGITS, PRICE_DIGITS

_STEP = Decimal(1).scaleb(-PRICE_DIGITS)


@dataclass(slots=True)
class Sums:
    """The amounts of an order while they are gathered. What comes in may have more digits than the
    currency; each part is then rounded, and ``rounding`` takes what that makes of the total.
    """

    currency: str
    lines: list[Json] = field(default_factory=list)
    shipping: Decimal = Decimal(0)
    taxes: list[Json] = field(default_factory=list)
    tax: Decimal = Decimal(0)
    tax_included: bool = False
    fees: list[Json] = field(default_factory=list)
    discounts: list[Json] = field(default_factory=list)
    tip: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if self.currency not in DIGITS:
            raise Unconvertible(f"there is no currency {self.currency!r}")

    def line(self, worth: Decimal, quantity: Decimal, **line: Any) -> None:
        """Add a line that comes to so much."""
        if quantity <= 0:
            raise Unconvertible("a line has no quantity")
        price = (worth / quantity).quantize(_STEP).normalize()
        much = int(quantity) if quantity == int(quantity) else str(quantity.normalize())
        self.lines.append({**line, "quantity": much, "unit_price": format(price, "f")})

    def fee(self, name: str, amount: Decimal) -> None:
        """Add what is paid beside the goods; a negative one is a discount."""
        self._add(self.fees if amount > 0 else self.discounts, abs(amount), name=name)

    def discount(self, amount: Decimal, **named: Any) -> None:
        """Take something off; a negative one is a fee."""
        if amount < 0:
            self.fee(str(named.get("name") or "Adjustment"), -amount)
        else:
            self._add(self.discounts, amount, **named)

    def tax_line(self, name: str, rate: Decimal | None, amount: Decimal) -> None:
        """Add one of the taxes; ``rate`` in percent."""
        named: Json = {"name": name}
        if rate:
            named["rate"] = format(rate.quantize(Decimal("0.0001")).normalize(), "f")
        self._add(self.taxes, amount, **named)

    def fields(self, total: Decimal) -> Json:
        """The fields of the order that comes to ``total``. Raises Unconvertible otherwise."""
        told = self._told()
        rest = self._round(total) - self._come_to(told)
        if abs(rest) > 1:
            raise Unconvertible(f"it says {total} and comes to {total - rest}")
        return {**told, "rounding": str(rest)} if rest else told

    def _told(self) -> Json:
        told: Json = {"currency": self.currency, "items": self.lines}
        parts: dict[str, Sequence[Json]] = {"fees": self.fees, "discounts": self.discounts}
        if sum(Decimal(one["amount"]) for one in self.taxes) == self._round(self.tax):
            parts["taxes"] = self.taxes
        elif self.tax:
            told["tax"] = str(self._round(self.tax))
        told |= {name: part for name, part in parts.items() if part}
        amounts = {"shipping": self.shipping, "tip": self.tip}
        told |= {name: str(self._round(amount)) for name, amount in amounts.items() if amount}
        return {**told, "tax_included": True} if self.tax_included else told

    def _come_to(self, told: Json) -> Decimal:
        lines = sum(self._round(_worth(line)) for line in self.lines)
        more = Decimal(told.get("shipping", 0)) + Decimal(told.get("tip", 0)) + _sum(self.fees)
        tax = Decimal(0) if self.tax_included else self._round(self.tax)
        return lines + more + tax - _sum(self.discounts)

    def _add(self, parts: list[Json], amount: Decimal, **named: Any) -> None:
        if amount:
            given = {name: value for name, value in named.items() if value}
            parts.append({**given, "amount": str(self._round(amount))})

    def _round(self, amount: Decimal) -> Decimal:
        return amount.quantize(Decimal(1).scaleb(-DIGITS[self.currency]), ROUND_HALF_EVEN)


def _sum(parts: Sequence[Json]) -> Decimal:
    return sum((Decimal(one["amount"]) for one in parts), Decimal(0))


def _worth(line: Json) -> Decimal:
    return Decimal(line["unit_price"]) * Decimal(line["quantity"])
