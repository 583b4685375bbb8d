"""The analytics as people and scripts read them. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from orderboard.analytics import facts
from orderboard.analytics.facts import quantile
from orderboard.analytics.periods import moment_of
from orderboard.analytics.reading import ByCurrency, Found, Product, Sums
from orderboard.clock import rfc3339
from orderboard.money import to_text
from orderboard.orders.rules import CALLED_OFF, STATUSES, TYPES
from orderboard.quantities import quantity_text

Json = dict[str, Any]
MOST_REASONS = 20
_CANCELLED = ("cancelled", "declined")


def period(found: Found, currency: str) -> Json:
    """A period: its totals, intervals and times. Amounts are those of orders in a currency."""
    begins = found.period.begins
    ends = [*begins[1:], found.period.end]
    return {
        "from": _at(found.period.first),
        "to": _at(found.period.end),
        "totals": _totals(found, currency),
        "intervals": [
            {"from": _at(begin), "to": _at(end), **_told([each], currency)}
            for begin, end, each in zip(begins, ends, found.intervals, strict=True)
        ],
        "times": {name: _duration(found.buckets(name)) for name in facts.TIMES},
    }


def details(found: Found, products: Sequence[Product], currency: str) -> Json:
    """What a period's orders were, why some were called off, and what was sold best."""
    of = found.alike
    return {
        "by_status": _each(of.get(facts.STATUS, {}), currency, STATUSES),
        "by_type": _each(of.get(facts.TYPE, {}), currency, TYPES),
        "by_channel": _each(of.get(facts.CHANNEL, {}), currency),
        "cancellations": _reasons(of.get(facts.REASON, {})),
        "products": [_sold(product, currency) for product in products],
    }


def _totals(found: Found, currency: str) -> Json:
    by_status = found.alike.get(facts.STATUS, {})
    revenue, refunds, counts = Counter[str](), Counter[str](), Counter[str]()
    earning = 0
    for status, each in by_status.items():
        for code, sums in each.items():
            counts[status] += sums.orders
            revenue[code] += sums.amount
            refunds[code] += sums.extra
        if status not in CALLED_OFF:
            earning += each.get(currency, Sums()).orders
    average = (revenue[currency] + earning // 2) // earning if earning else 0
    return {
        **_told(by_status.values(), currency),
        "average": to_text(average, currency),
        "cancelled": sum(counts[status] for status in _CANCELLED),
        "revenue_by_currency": _by_currency(revenue),
        "refunds_by_currency": _by_currency(refunds),
    }


def _told(many: Iterable[ByCurrency], currency: str) -> Json:
    """Orders of all currencies, and what those of one came to."""
    orders, ours = 0, Sums()
    for each in many:
        orders += sum(sums.orders for sums in each.values())
        ours = ours.plus(each.get(currency, Sums()))
    return {
        "orders": orders,
        "revenue": to_text(ours.amount, currency),
        "refunds": to_text(ours.extra, currency),
    }


def _each(
    alike: Mapping[str, ByCurrency], currency: str, names: Sequence[str] | None = None
) -> Json:
    """By name what orders are alike in; of a fixed list all of them, else those that occur."""
    told = {name: _told([each], currency) for name, each in alike.items()}
    if names is None:
        return dict(sorted(told.items(), key=lambda one: (-one[1]["orders"], one[0])))
    return {name: told.get(name) or _told([], currency) for name in names}


def _reasons(alike: Mapping[str, ByCurrency]) -> list[Json]:
    """How often each reason was given, the most frequent first; null: none, or one of the rest."""
    counts = Counter({reason: each[""].orders for reason, each in alike.items()})
    told = [(reason, n) for reason, n in counts.most_common(MOST_REASONS + 1) if reason]
    told = told[:MOST_REASONS]
    rest = counts.total() - sum(n for _, n in told)
    found: list[Json] = [{"reason": reason, "orders": n} for reason, n in told]
    return [*found, {"reason": None, "orders": rest}] if rest else found


def _sold(product: Product, currency: str) -> Json:
    return {
        "sku": product.sku,
        "name": product.name,
        "orders": product.orders,
        "quantity": quantity_text(product.quantity),
        "revenue": to_text(product.revenue, currency),
    }


def _duration(buckets: Counter[int]) -> Json:
    return {
        "count": buckets.total(),
        "median": _rounded(quantile(buckets, 0.5)),
        "p90": _rounded(quantile(buckets, 0.9)),
    }


def _rounded(seconds: float | None) -> float | None:
    """Seconds with no more digits than say something."""
    if seconds is None:
        return None
    return float(f"{seconds:.3g}") if seconds < 1000 else round(seconds)


def _by_currency(sums: Counter[str]) -> Json:
    return {code: to_text(amount, code) for code, amount in sorted(sums.items())}


def _at(hour: int) -> str:
    return rfc3339(moment_of(hour))
