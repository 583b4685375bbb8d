"""What is set, with the environment's word first. Pure: from what staff gave to what holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from orderboard.config import Settings
from orderboard.money import DIGITS
from orderboard.settings import printers
from orderboard.settings.printers import Printer

Json = dict[str, Any]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
METHODS = ("delivery", "pickup")
NO_CHARGE: Json = {"fee": None, "free_from": None, "minimum": None}
"""What a method costs, and from which sum of goods, while nothing was said of it."""
DAY = 24 * 60
ACCEPT_WITHIN = 10
"""Minutes after which an order that nobody has accepted is late; 0: never."""
UNDO_WITHIN = 10
"""Minutes for which a change of an order can be taken back; 0: none can."""
DUPLICATE_WITHIN = 10
"""Minutes within which an order like the one before is probably that one again; 0: never."""
DECLINE_REASONS = ("Out of stock", "Cannot deliver there", "Looks like fraud")
VARIABLES = {
    "shop_name": "ORDERBOARD_SHOP_NAME",
    "public_intake": "ORDERBOARD_PUBLIC_INTAKE",
    "unknown_skus": "ORDERBOARD_UNKNOWN_SKUS",
    "printers": "ORDERBOARD_PRINTERS",
}
"""What staff may set, and the environment as well; the variables that win."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when the shop is open on a day: minutes since midnight, in its zone."""

    opens: int
    closes: int

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Span":
        """The span that ``{"from": "09:00", "until": "24:00"}`` says."""
        return cls(_minutes(given["from"]), _minutes(given["until"]))


ALWAYS = {day: [{"from": "00:00", "until": "24:00"}] for day in WEEKDAYS}
"""The hours of a shop that has said nothing of them: it takes orders at any time."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How the shop is reached; each may be None."""

    phone: str | None = None
    email: str | None = None
    address: str | None = None

    def __bool__(self) -> bool:
        return bool(self.phone or self.email or self.address)


@dataclass(frozen=True, slots=True)
class Charge:
    """What a way of getting an order costs, in minor units of the shop's currency.

    ``free_from``: goods of so much are brought for nothing. ``minimum``: what goods must come to.
    """

    fee: int = 0
    free_from: int | None = None
    minimum: int = 0

    def of(self, goods: int) -> int:
        """The fee of an order whose goods come to so much."""
        return 0 if self.free_from is not None and goods >= self.free_from else self.fee


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """The settings as they hold just now.

    ``opening_hours`` has the spans of each day, Monday first. ``lead_minutes`` is how long an order
    takes at least until it can be picked up or is delivered. ``accent`` is ``#rrggbb`` or None.
    ``charges`` has those methods that cost something or have a minimum, in ``currency``.
    """

    shop_name: str
    accent: str | None = None
    logo: str | None = None
    contact: Contact = field(default_factory=Contact)
    imprint: str | None = None
    opening_hours: tuple[tuple[Span, ...], ...]
    lead_minutes: int = 30
    methods: tuple[str, ...] = METHODS
    charges: Mapping[str, Charge] = field(default_factory=dict)
    currency: str = "USD"
    unknown_skus: str = "accept"
    public_intake: bool = True
    accept_within: int = ACCEPT_WITHIN
    undo_within: int = UNDO_WITHIN
    duplicate_within: int = DUPLICATE_WITHIN
    decline_reasons: tuple[str, ...] = DECLINE_REASONS
    printers: tuple[Printer, ...] = ()
    version: int = 0

    @property
    def logo_url(self) -> str | None:
        """Where the logo is; another address for each picture, so it may be kept for ever."""
        return logo_url(self.logo)


def logo_url(digest: str | None) -> str | None:
    """Where the picture with these bytes is."""
    return f"/shop/logo?v={digest[:16]}" if digest else None


def defaults(config: Settings) -> Json:
    """What holds of everything that staff may set while they have set nothing."""
    return {
        "shop_name": config.shop_name,
        "accent": None,
        "logo": None,
        "contact": {"phone": None, "email": None, "address": None},
        "imprint": None,
        "opening_hours": ALWAYS,
        "lead_minutes": 30,
        "methods": list(METHODS),
        "charges": {method: dict(NO_CHARGE) for method in METHODS},
        "accept_within": ACCEPT_WITHIN,
        "undo_within": UNDO_WITHIN,
        "duplicate_within": DUPLICATE_WITHIN,
        "decline_reasons": list(DECLINE_REASONS),
        "unknown_skus": config.unknown_skus,
        "public_intake": config.public_intake,
        "printers": printers.told(config.printers),
    }


def fixed(config: Settings) -> dict[str, str]:
    """What the environment has set and staff cannot change: name → the variable."""
    return {name: text for name, text in VARIABLES.items() if text in config.given}


def effective(given: Mapping[str, Any], config: Settings) -> Json:
    """What holds of everything that staff may set, as plain JSON."""
    usual, bound = defaults(config), fixed(config)
    return {
        name: value if name in bound else given.get(name, value) for name, value in usual.items()
    }


def shop(given: Mapping[str, Any], version: int, config: Settings) -> Shop:
    """What holds, for the pages and the API."""
    now = effective(given, config)
    hours = now.pop("opening_hours")
    return Shop(
        **now
        | {
            "contact": Contact(**now["contact"]),
            "methods": tuple(now["methods"]),
            "decline_reasons": tuple(now["decline_reasons"]),
            "charges": _charges(now["charges"], config.currency),
            "currency": config.currency,
            "printers": printers.of_settings(now["printers"]),
            "opening_hours": tuple(tuple(map(Span.of, hours.get(day, ()))) for day in WEEKDAYS),
            "version": version,
        }
    )


def _charges(given: Mapping[str, Mapping[str, str | None]], currency: str) -> dict[str, Charge]:
    found = {}
    for method, said in given.items():
        fee, free, least = (_minor(said[name], currency) for name in NO_CHARGE)
        if fee or least:
            found[method] = Charge(fee or 0, free, least or 0)
    return found


def _minor(text: str | None, currency: str) -> int | None:
    """What was set may have been set when the shop had another currency with other digits."""
    if text is None:
        return None
    return int(Decimal(text).scaleb(DIGITS[currency]).to_integral_value(ROUND_HALF_EVEN))


def hours_wrong(spans: Iterable[Mapping[str, str]]) -> str | None:
    """What is wrong with the opening hours of a day, if anything is."""
    before = 0
    for span in map(Span.of, spans):
        if span.opens >= span.closes:
            return "must end later than they begin; past midnight they are the next day's"
        if span.opens < before:
            return "must follow one another without overlapping"
        before = span.closes
    return None


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
