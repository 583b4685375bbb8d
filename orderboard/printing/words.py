"""How money, times and kinds of orders are written on paper. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from orderboard.clock import parse_rfc3339

TYPES = {
    "purchase": "Order",
    "bulk": "Bulk order",
    "sample": "Sample",
    "return": "Return",
    "exchange": "Exchange",
    "donation": "Donation",
}
METHODS = {
    "delivery": "Delivery",
    "pickup": "Pickup",
    "ship": "By parcel",
    "table": "At the table",
}
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}


def money(amount: str, currency: str) -> str:
    """An amount with its currency: ``€1,240.50``, ``-CHF 3.00``."""
    sign, digits = ("-", amount[1:]) if amount.startswith("-") else ("", amount)
    whole, point, rest = digits.partition(".")
    return f"{sign}{_SYMBOLS.get(currency, currency + ' ')}{int(whole):,}{point}{rest}"


def moment(at: str | datetime, zone: ZoneInfo) -> str:
    """A moment in the shop's zone: ``Wed 25 Nov 2026, 16:05``."""
    local = (parse_rfc3339(at) if isinstance(at, str) else at).astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def until(begin: str, end: str, zone: ZoneInfo) -> str:
    """The end of a span in the shop's zone; on the day on which it begins the clock alone."""
    first, last = (parse_rfc3339(at).astimezone(zone) for at in (begin, end))
    return f"{last:%H:%M}" if first.date() == last.date() else moment(end, zone)


def plain(number: object) -> str:
    """A quantity or a rate without the noughts that say nothing: ``1.250`` → ``1.25``."""
    text = str(number)
    return text.rstrip("0").rstrip(".") if "." in text else text
