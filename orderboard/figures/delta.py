"""What one order adds to the figures, and what a change of it takes and adds. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from orderboard.clock import parse_rfc3339
from orderboard.money import from_text
from orderboard.orders import paying
from orderboard.orders.rules import customer_key

Json = Mapping[str, Any]
EVER = ""
"""The ``day`` of the sums over all days."""
CUSTOMERS, PRODUCTS, REQUESTS = "customers", "products", "cancellation_requests"
_MATTER = frozenset(
    {
        *("status", "type", "currency", "total", "payment", "channel"),
        *("customer", "items", "cancellation_request"),
    }
)
"""The fields of an order on which the figures depend, of those that can change."""


_SECONDS = len("2030-01-31T17:00:00")
"""Of a moment's text, up to which it says all that a day depends on."""


class Cell(NamedTuple):
    """Orders that are alike."""

    day: str
    status: str
    type: str
    currency: str
    channel: str


@dataclass(slots=True)
class Delta:
    """Additions to the figures; what is taken away is negative.

    ``keys`` counts occurrences of (kind, key), ``requests`` wishes to cancel.
    """

    orders: Counter[Cell] = field(default_factory=Counter)
    totals: Counter[Cell] = field(default_factory=Counter)
    refunded: Counter[Cell] = field(default_factory=Counter)
    keys: Counter[tuple[str, str]] = field(default_factory=Counter)
    requests: int = 0

    def add(self, order: Json, zone: ZoneInfo, times: int = 1) -> None:
        """Add an order's part, ``times`` -1 to take it away."""
        total = times * from_text(order["total"], order["currency"])
        refunded = times * paying.refunded(order)
        for day in (EVER, _day(order, zone)):
            channel = order.get("channel") or order["source"]
            cell = Cell(day, order["status"], order["type"], order["currency"], channel)
            self.orders[cell] += times
            self.totals[cell] += total
            self.refunded[cell] += refunded
        self.keys[CUSTOMERS, customer_key(order["customer"])] += times
        for line in order["items"]:
            if line["sku"]:
                self.keys[PRODUCTS, line["sku"]] += times
        self.requests += times * bool(order["cancellation_request"])

    def change(self, order: Json, was: Json, zone: ZoneInfo) -> None:
        """Add what a change makes of an order and take away what it was before."""
        if not was.keys() & _MATTER:
            return
        self.add({**order, **was}, zone, -1)
        self.add(order, zone)


def _day(order: Json, zone: ZoneInfo) -> str:
    return _day_of(order["created_at"][:_SECONDS], zone)


@lru_cache(1024)  # orders come at once, and those that are changed have come before
def _day_of(second: str, zone: ZoneInfo) -> str:
    return parse_rfc3339(f"{second}Z").astimezone(zone).date().isoformat()
