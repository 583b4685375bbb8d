"""What of an order counts, and for which sums. Pure.

The facts of an order are short and plain data, kept as they were taken in: what was put into the
sums is what is taken out of them again.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from orderboard.clock import parse_rfc3339
from orderboard.orders.rules import CALLED_OFF

Json = dict[str, Any]
TOTAL, STATUS, TYPE, CHANNEL, REASON, PRODUCT = (
    *("total", "status", "type", "channel"),
    *("reason", "product"),
)
TIMES = {"accept": "processing", "ready": "ready", "ship": "shipped", "deliver": "delivered"}
"""What is timed, from when the order was placed → the status it ends with."""
BY_SKU, BY_NAME = "s", "n"
"""What the key of a product begins with: whether its sku follows, or the name of a line."""
_WITH_REASON = frozenset({"cancelled", "declined"})
_LONGEST_REASON, _LONGEST_NAME = 100, 200
_STEP = math.log(1.04)
"""Buckets of durations are each 4 percent wider than the one before, so what is read out of one is
less than 2 percent off."""


class Key(NamedTuple):
    """What orders are alike in."""

    kind: str
    key: str
    currency: str


Sums = dict[Key, list[int]]
"""Orders, amount and extra (see ``model``) for each key."""


def facts_of(order: Mapping[str, Any]) -> list[Any]:
    """The facts of an order as ``orders.measures`` tells it."""
    products = Counter[str]()
    amounts = Counter[str]()
    for line in order["lines"]:
        key = BY_SKU + line.sku if line.sku else BY_NAME + line.name[:_LONGEST_NAME]
        products[key] += line.quantity
        amounts[key] += line.total
    reason = (order["cancel_reason"] or "").strip()[:_LONGEST_REASON]
    return [
        order["status"],
        order["type"],
        order["channel"],
        order["currency"],
        order["total"],
        order["refunded"],
        reason if order["status"] in _WITH_REASON else "",
        [_seconds(order, status) for status in TIMES.values()],
        [[key, amounts[key], quantity] for key, quantity in products.items()],
    ]


def sums_of(facts: Sequence[Any]) -> Sums:
    """What an order adds to the sums of the hour, the day and the month that it was placed in.

    Revenue as in the overview: none of orders that came to nothing, and less what went back.
    """
    status, type_, channel, currency, total, refunded, reason, times, products = facts
    is_off = status in CALLED_OFF
    money = [1, 0 if is_off else total - refunded, refunded]
    alike = ((TOTAL, ""), (STATUS, status), (TYPE, type_), (CHANNEL, channel))
    sums: Sums = {Key(kind, key, currency): money for kind, key in alike}
    if status in _WITH_REASON:
        sums[Key(REASON, reason, "")] = [1, 0, 0]
    for kind, seconds in zip(TIMES, times, strict=True):
        if seconds is not None:
            sums[Key(kind, str(bucket_of(seconds)), "")] = [1, seconds, 0]
    for key, amount, quantity in () if is_off else products:
        sums[Key(PRODUCT, key, currency)] = [1, amount, quantity]
    return sums


def names_of(order: Mapping[str, Any]) -> dict[str, str]:
    """What the products in an order are called, by their skus."""
    return {line.sku: line.name for line in order["lines"] if line.sku}


def bucket_of(seconds: int) -> int:
    """The bucket that a duration is in: 0 is less than a second."""
    return 1 + math.floor(math.log(seconds) / _STEP) if seconds > 0 else 0


def seconds_of(bucket: int) -> float:
    """The duration that stands for a bucket."""
    return math.exp((bucket - 0.5) * _STEP) if bucket else 0.0


def quantile(buckets: Mapping[int, int], part: float) -> float | None:
    """Seconds that ``part`` of so many durations in each bucket do not exceed."""
    rank = math.ceil(part * sum(buckets.values()))
    seen = 0
    for bucket in sorted(buckets):
        seen += buckets[bucket]
        if seen >= rank > 0:
            return seconds_of(bucket)
    return None


def _seconds(order: Mapping[str, Any], status: str) -> int | None:
    """From being placed to a status, if the order ever came to it."""
    if (at := order["times"].get(status)) is None:
        return None
    took: float = (parse_rfc3339(at) - order["created_at"]).total_seconds()
    return max(0, round(took))
