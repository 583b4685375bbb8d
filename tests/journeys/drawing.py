"""Orders drawn by chance from a seed, and what each must come to, worked out by itself here."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

Json = dict[str, Any]

NAMES = (
    "Ada Lovelace",
    "<script>document.title = 'taken'</script>",
    "</script><img src=x onerror=alert(1)>",
    "<b>Bold</b> & Söhne &amp; Co.",
    'O\'Neill "the second"',
    "two\nlines",
    "carriage\r\nreturn",
    "data: {}\n\nid: 9-9\nevent: reset\ndata: {}",
    "a tab\there",
    "line\u2028separator",
    "\U0001f469\U0001f3fd\u200d\U0001f373 Zoë \U0001f984",
    "\u0645\u062d\u0645\u062f \u0628\u0646 \u0633\u0644\u0645\u0649",
    "\u05e9\u05e8\u05d4 \u05db\u05d4\u05df",
    "\u202eoverridden",
    "\u5c71\u7530 \u4e00\u90ce",
    "{{ 7 * 7 }} {% endraw %} ${x}",
    "null",
    "-1",
)
PARTS = ("Tea", "Tin <i>of</i> tea", 'A "fine" cup', "Кофе", "\U0001f9c0", "نعناع", "x" * 90)
TYPES = ("purchase", "return", "exchange", "donation", "bulk", "sample")
DIGITS = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
OFTEN = ("USD", "USD", "USD", "EUR", "JPY", "KWD")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is sent, and what must come of it."""

    body: Json
    total: Decimal
    currency: str

    @property
    def name(self) -> str:
        """The customer's name."""
        return str(self.body["customer"]["name"])

    @property
    def total_text(self) -> str:
        """The total as it is written, with exactly the currency's digits."""
        return f"{self.total:.{DIGITS[self.currency]}f}"


def draw(random: Random, mark: str) -> Drawn:
    """An order that no other is like: its customer's name ends in the mark."""
    currency = random.choice(OFTEN)
    digits = DIGITS[currency]
    lines = [_line(random, digits) for _ in range(random.randint(0, 5))]
    total = sum((sum_ for _, sum_ in lines), Decimal(0))
    body: Json = {
        "customer": {"name": f"{random.choice(NAMES)} {mark}", "email": f"{mark}@example.com"},
        "type": random.choice(TYPES),
        "currency": currency,
        "items": [line for line, _ in lines],
    }
    for name in ("shipping", "tax"):
        if random.random() < 0.5:
            amount = _amount(random, 0, 5000, digits)
            total += amount
            body[name] = _written(random, amount, digits)
    if random.random() < 0.4:
        discount = _part_of(random, total, digits)
        total -= discount
        body["discount"] = _written(random, discount, digits)
    if random.random() < 0.3:
        body["note"] = random.choice(NAMES)
    if random.random() < 0.3:
        body["address"] = {"line1": random.choice(NAMES), "city": random.choice(PARTS)}
    return Drawn(body, total, currency)


def _line(random: Random, digits: int) -> tuple[Json, Decimal]:
    price, quantity = _amount(random, 0, 200_000, digits), random.randint(1, 40)
    line: Json = {
        "name": random.choice(PARTS),
        "sku": f"S-{random.randint(1, 60)}",
        "quantity": quantity,
        "unit_price": _written(random, price, digits),
    }
    total = price * quantity
    if random.random() < 0.4:
        discount = _part_of(random, total, digits)
        line["discount"] = _written(random, discount, digits)
        total -= discount
    return line, total


def _amount(random: Random, least: int, most: int, digits: int) -> Decimal:
    return Decimal(random.randint(least, most)).scaleb(-digits)


def _part_of(random: Random, whole: Decimal, digits: int) -> Decimal:
    return _amount(random, 0, int(whole.scaleb(digits)), digits)


def _written(random: Random, amount: Decimal, digits: int) -> str | float:
    """An amount as text, or as the number that reads the same."""
    return f"{amount:.{digits}f}" if random.random() < 0.7 else float(amount)
