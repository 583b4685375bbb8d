"""How and when a stranger wants an order that the shop sells, beside what the shop offers. Pure."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from orderboard.clock import parse_rfc3339
from orderboard.orders.new_order import NewOrder
from orderboard.settings.hours import trouble
from orderboard.settings.values import Shop

BROUGHT = "delivery"


class Terms(NamedTuple):
    """What the shop offers, and the clock by which it does."""

    shop: Shop
    zone: ZoneInfo
    now: datetime


def errors_of(order: NewOrder, terms: Terms) -> dict[str, str]:
    """What is wrong with how and when it is wanted, by field. An order may say nothing of it."""
    wanted = order.fulfilment
    if not wanted:
        return {}
    errors: dict[str, str] = {}
    if wanted["method"] not in terms.shop.methods:
        errors["fulfilment.method"] = f"is not offered here: {', '.join(terms.shop.methods)} is"
    if wanted["method"] == BROUGHT:
        errors |= _missing_for_delivery(order)
    for name in ("from", "until"):
        if wanted.get(name) and (why := trouble(*terms, parse_rfc3339(wanted[name]))):
            errors[f"fulfilment.{name}"] = why
    return errors


def _missing_for_delivery(order: NewOrder) -> dict[str, str]:
    missing: dict[str, str] = {}
    if not order.address:
        missing["address.line1"] = "is needed for a delivery"
    if not (order.customer.get("phone") or order.customer.get("email")):
        missing["customer.phone"] = "or e-mail is needed for a delivery"
    return missing
