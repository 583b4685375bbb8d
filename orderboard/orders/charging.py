"""What a stranger's order costs beside its goods, and what a code takes off. Pure.

All of it by what the shop has set, and nothing by what the order says it comes to.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from orderboard.discounts import rules
from orderboard.errors import Invalid
from orderboard.money import DIGITS, to_text
from orderboard.orders import totals
from orderboard.orders.new_order import NewOrder
from orderboard.orders.wishes import BROUGHT, Terms

Json = dict[str, Any]
METHOD_WORDS = {"delivery": "Delivery", "pickup": "Pickup"}


def charged(order: NewOrder, terms: Terms, code: Mapping[str, Any] | None) -> NewOrder:
    """An order of priced lines with its shipping or fee, its discount and the taxes within.

    ``code``: the row of the one code that the order names, if there is it. Raises Invalid.
    """
    if not terms.shop.charges and not order.discounts:
        return _taxed(order, Decimal(1))
    goods = totals.price(order.items, {}, order.currency).subtotal
    errors: dict[str, str] = {}
    fee = _fee(order, terms, goods, errors)
    off = _off(order, terms, code, goods, errors)
    if errors:
        raise Invalid(errors)
    if fee:
        order = _with_fee(order, _decimal(fee, order.currency))
    if code:
        taken = {"code": code["code"], "amount": _decimal(off, order.currency)}
        order = replace(order, discounts=[taken | ({"name": code["name"]} if code["name"] else {})])
    return _taxed(order, Decimal(goods - off) / goods if goods else Decimal(1))


def taxes_in(items: list[Json], currency: str, paid: Decimal = Decimal(1)) -> list[Json]:
    """The taxes that the prices of lines contain, one for each rate. Rounded once for each.

    ``paid``: the share of the prices that is left when a discount is taken off.
    """
    worth: dict[str, Decimal] = {}
    for item in items:
        if rate := item.get("tax_rate"):
            total = item["unit_price"] * item["quantity"] / 1000 * paid
            worth[rate] = worth.get(rate, Decimal()) + total
    step = Decimal(1).scaleb(-DIGITS[currency])
    found = [
        (rate, (total * Decimal(rate) / (100 + Decimal(rate))).quantize(step, ROUND_HALF_EVEN))
        for rate, total in worth.items()
    ]
    return [{"name": f"Tax {r} %", "rate": r, "amount": amount} for r, amount in found if amount]


def _taxed(order: NewOrder, paid: Decimal) -> NewOrder:
    taxes = taxes_in(list(order.items), order.currency, paid)
    return replace(order, taxes=taxes, tax_included=bool(taxes))


def _fee(order: NewOrder, terms: Terms, goods: int, errors: dict[str, str]) -> int:
    """What the way costs by which the order is wanted, in minor units."""
    shop, method = terms.shop, (order.fulfilment or {}).get("method")
    if not shop.charges:
        return 0
    if method is None:
        errors["fulfilment.method"] = "is needed: what the order costs depends on it"
        return 0
    charge = shop.charges.get(method)
    if charge is None:
        return 0
    if order.currency != shop.currency:
        errors["fulfilment.method"] = f"is not offered for what is sold in {order.currency}"
    elif goods < charge.minimum:
        least = to_text(charge.minimum, shop.currency)
        errors["items"] = (
            f"{METHOD_WORDS[method]} is for orders of {least} {shop.currency} and more."
        )
    return charge.of(goods)


def _with_fee(order: NewOrder, fee: Decimal) -> NewOrder:
    method = (order.fulfilment or {})["method"]
    if method == BROUGHT:
        return replace(order, shipping=fee)
    return replace(order, fees=[{"name": METHOD_WORDS[method], "amount": fee}])


def _off(
    order: NewOrder,
    terms: Terms,
    code: Mapping[str, Any] | None,
    goods: int,
    errors: dict[str, str],
) -> int:
    """What the order's code takes off, in minor units."""
    if not order.discounts:
        return 0
    if code is None:
        errors["discounts.0.code"] = "is no code of this shop"
        return 0
    if wrong := rules.trouble(code, goods, order.currency, terms.now):
        errors["discounts.0.code"] = wrong
    return rules.worth(code, goods)


def _decimal(minor: int, currency: str) -> Decimal:
    return Decimal(to_text(minor, currency))
