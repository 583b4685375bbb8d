"""What an order comes to. One function for placing, editing and everything after. Pure.

The total is what the lines, shipping, fees, tip and rounding come to, less the discounts, and
taxes on top unless the prices contain them. Each amount is exact in the currency; nothing is
rounded here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orderboard import money
from orderboard.errors import Invalid
from orderboard.money import to_text
from orderboard.orders.lines import Line, priced_lines

Json = dict[str, Any]
SUMS = ("subtotal", "shipping", "tax", "discount", "total")
AMOUNTS = (
    "shipping",
    "tax",
    "discount",
    "taxes",
    "tax_included",
    "fees",
    "tip",
    "discounts",
    "rounding",
)
"""The fields of an order, beside its lines, that its total is made of."""
EXTRAS = ("taxes", "tax_included", "fees", "tip", "discounts", "rounding")
"""Those of them that only some orders have."""


@dataclass(frozen=True, slots=True)
class Priced:
    """Lines and sums of an order, in minor units; ``extras``: the fields EXTRAS, as they are told,
    but for those that say nothing.
    """

    lines: tuple[Line, ...]
    subtotal: int
    shipping: int
    tax: int
    discount: int
    total: int
    extras: Json


def price(
    items: Sequence[Mapping[str, Any]],
    amounts: Mapping[str, Any],
    currency: str,
    first: int = 1,
) -> Priced:
    """Work out lines and totals exactly.

    ``items`` and ``amounts`` (AMOUNTS; any may be missing or None) carry decimals, quantities in
    thousandths. ``first``: the number of the first line. Invalid names every field that is not
    exact in the currency, larger than may be, makes an amount negative, or contradicts another.
    """
    errors: dict[str, str] = {}
    lines = priced_lines(items, currency, first, errors)
    return total_of(lines, amounts, currency, errors)


def total_of(
    lines: tuple[Line, ...],
    amounts: Mapping[str, Any],
    currency: str,
    errors: dict[str, str] | None = None,
) -> Priced:
    """The same with lines that are there already; raises ``errors`` that were found before."""
    errors = {} if errors is None else errors
    sums = {name: money.minor_at(amounts.get(name), name, currency, errors) for name in _PLAIN}
    extras: Json = {}
    more = 0
    if amounts.keys() - _PLAIN:
        more = _add_extras(sums, extras, amounts, currency, errors)
    subtotal = sum(line.total for line in lines)
    total = subtotal + sums["shipping"] - sums["discount"] + more
    if not extras.get("tax_included"):
        total += sums["tax"]
    if not errors:
        _check(subtotal, sums, total, extras, errors)
    if errors:
        raise Invalid(errors)
    return Priced(lines, subtotal, total=total, extras=extras, **sums)


_PLAIN = ("shipping", "tax", "discount")


def _check(
    subtotal: int, sums: Mapping[str, int], total: int, extras: Json, errors: dict[str, str]
) -> None:
    if total < 0:
        errors["discount"] = "is larger than everything else together"
    elif extras.get("tax_included") and sums["tax"] > total:
        errors["tax"] = "is larger than the total, which contains it"
    elif total > money.LARGEST:
        errors["items" if subtotal > money.LARGEST // 2 else "total"] = (
            "come to more than an order may"
        )


def _add_extras(
    sums: dict[str, int],
    extras: Json,
    amounts: Mapping[str, Any],
    currency: str,
    errors: dict[str, str],
) -> int:
    """Note what only some orders have; answers what fees, tip and rounding come to."""
    for sum_of, parts in (("tax", "taxes"), ("discount", "discounts")):
        if amounts.get(parts):
            whole = _listed(parts, extras, amounts, currency, errors)
            if amounts.get(sum_of) is not None and sums[sum_of] != whole:
                errors[sum_of] = f"is not the sum of the {parts}"
            sums[sum_of] = whole
    if amounts.get("tax_included"):
        extras["tax_included"] = True
    more = _listed("fees", extras, amounts, currency, errors) if amounts.get("fees") else 0
    _check_codes(amounts.get("discounts") or (), errors)
    for name in ("tip", "rounding"):
        signed = name == "rounding"
        minor = money.minor_at(amounts.get(name), name, currency, errors, signed=signed)
        if signed and abs(minor) > 10 ** money.DIGITS[currency]:
            errors[name] = "is more than one unit of the currency"
        if minor:
            extras[name] = to_text(minor, currency)
        more += minor
    return more


def _listed(
    name: str, extras: Json, amounts: Mapping[str, Any], currency: str, errors: dict[str, str]
) -> int:
    """Note a list of amounts as it is told; answers their sum."""
    whole, told = 0, []
    for place, part in enumerate(amounts[name]):
        minor = money.minor_at(part["amount"], f"{name}.{place}.amount", currency, errors)
        whole += minor
        kept = {key: value for key, value in part.items() if value is not None}
        told.append({**kept, "amount": to_text(minor, currency)})
    extras[name] = told
    return whole


def _check_codes(discounts: Sequence[Mapping[str, Any]], errors: dict[str, str]) -> None:
    seen: set[str] = set()
    for place, discount in enumerate(discounts):
        code = (discount.get("code") or "").casefold()
        if code and code in seen:
            errors[f"discounts.{place}.code"] = "is used twice"
        seen.add(code)
