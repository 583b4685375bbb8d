"""In what a provider counts money. Pure: from minor units to the provider's, and back.

Sources: "Supported currencies" in Stripe's documentation (zero-decimal, three-decimal and special
cases), "Payment Links Entity" in Razorpay's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from orderboard.money import DIGITS

_WITHOUT = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
_TENS = frozenset({currency for currency, digits in DIGITS.items() if digits == 3})
"""Currencies of three digits, of which cards know the first two: the last one has to be 0."""


@dataclass(frozen=True, slots=True)
class Units:
    """``digits``: how many a provider writes of a currency. ``whole``: of which all must be 0."""

    digits: Mapping[str, int]
    whole: frozenset[str] = frozenset()

    def of(self, amount: int, currency: str) -> int | None:
        """What the provider calls an amount; None where it cannot say it exactly."""
        more = self.digits[currency] - DIGITS[currency]
        units, rest = divmod(amount * 10 ** max(more, 0), 10 ** max(-more, 0))
        exact = not rest and units % self._step(currency) == 0
        return units if exact else None

    def minor(self, units: int, currency: str) -> int | None:
        """The amount that the provider calls so; None where it is not exact."""
        if currency not in self.digits:
            return None
        more = self.digits[currency] - DIGITS[currency]
        minor, rest = divmod(units * 10 ** max(-more, 0), 10 ** max(more, 0))
        return None if rest else minor

    def _step(self, currency: str) -> int:
        if currency in self.whole:
            return int(10 ** self.digits[currency])
        return 10 if currency in _TENS else 1


STRIPE = Units(
    {**dict.fromkeys(DIGITS, 2), **dict.fromkeys(_TENS, 3), **dict.fromkeys(_WITHOUT.split(), 0)},
    frozenset({"ISK", "UGX"}),
)
"""ISK and UGX have no digits any more, and are still written with two."""
RAZORPAY = Units(DIGITS)
