"""How far an order is paid. Pure: from what was recorded, or else from what staff said by hand.

Payments and refunds are kept as they are told, their amounts as text in the order's currency.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from orderboard.clock import parse_rfc3339, rfc3339
from orderboard.errors import Conflict, Invalid, NotFound
from orderboard.money import from_text, minor_at, to_text

Json = dict[str, Any]

STATUSES = ("none", "due", "authorized", "partly_paid", "paid", "partly_refunded", "refunded")
"""How far an order may be paid."""
RECORDED = ("pending", "authorized", "paid", "failed")
"""How far a payment may be when it is recorded; only what is paid is money."""
PAYMENT_STATUSES = (*RECORDED, "voided")
"""How far one payment may be."""
PAYMENT_MOVES: dict[str, tuple[str, ...]] = {
    "pending": ("authorized", "paid", "failed", "voided"),
    "authorized": ("paid", "voided"),
    "paid": (),
    "failed": (),
    "voided": (),
}
"""Status of a payment → what may become of it. Money that came goes back as a refund."""
WAITED_FOR = frozenset({"pending", "authorized"})
"""Statuses of a payment of which it is not known yet whether it will be money."""
TOLD_MOVES = {**PAYMENT_MOVES, "authorized": ("paid", "failed", "voided")}
"""The same where its provider says so: staff may have set to authorized what then fails."""
MOST = 100
"""Payments, and refunds, that one order may have: every event of it carries them all."""

_SKEW = timedelta(minutes=5)
"""By how much the clock of whoever says when money came may be ahead."""


class Standing(NamedTuple):
    """How an order stands, in minor units. ``refunded`` is never above ``paid``."""

    status: str
    paid: int
    refunded: int
    due: int


def standing(order: Mapping[str, Any]) -> Standing:
    """How far an order's row is paid (total, currency, payment_status, payments, refunds)."""
    total, currency = int(order["total"]), str(order["currency"])
    if not order["payments"]:
        return said(str(order["payment_status"]), total)
    sums = dict.fromkeys(PAYMENT_STATUSES, 0)
    for payment in order["payments"]:
        sums[payment["status"]] += from_text(payment["amount"], currency)
    refunded = sum_of(order["refunds"] or (), currency)
    return _recorded(total, sums["paid"], sums["authorized"], refunded)


def said(status: str, total: int) -> Standing:
    """What it means that staff said no more than how far an order is paid."""
    paid = total if status in ("paid", "refunded") else 0
    due = total if status == "due" else 0
    return Standing(status, paid, total if status == "refunded" else 0, due)


def _recorded(total: int, paid: int, authorized: int, refunded: int) -> Standing:
    due = max(total - paid, 0)
    if refunded:
        return (
            Standing("partly_refunded", paid, refunded, due)
            if refunded < paid
            else (
                Standing("refunded", paid, refunded, 0)  # it is over: nobody owes anything
            )
        )
    if paid:
        return Standing("partly_paid" if due else "paid", paid, 0, due)
    return Standing("authorized" if authorized else "due", 0, 0, due)


def told(order: Mapping[str, Any]) -> Json:
    """The ``payment`` of an order's row as it is told."""
    return _told(order["payment_method"], standing(order), order["currency"])


def whole(order: Json) -> Json:
    """A snapshot with what those of before did not tell of its money."""
    payment = order["payment"]
    if "due" in payment:
        return order
    total = from_text(order["total"], order["currency"])
    full = _told(payment["method"], said(payment["status"], total), order["currency"])
    return {"payments": [], "refunds": [], **order, "payment": full}


def refunded(order: Mapping[str, Any]) -> int:
    """What of a snapshot's money went back, in minor units; it may be one of before."""
    payment = order["payment"]
    if "refunded" in payment:
        return from_text(payment["refunded"], order["currency"])
    return said(payment["status"], from_text(order["total"], order["currency"])).refunded


def owed(order: Mapping[str, Any], is_off: bool) -> str:
    """What the shop has of a snapshot's money and should not: of an order that came to nothing
    (``is_off``) all of it, else what is more than the total.
    """
    payment, currency = order["payment"], str(order["currency"])
    kept = from_text(payment["paid"], currency) - from_text(payment["refunded"], currency)
    due = 0 if is_off else from_text(order["total"], currency)
    return to_text(max(kept - due, 0), currency)


def refundable(order: Mapping[str, Any]) -> str:
    """What of a snapshot's money may still go back."""
    payment, currency = order["payment"], order["currency"]
    left = from_text(payment["paid"], currency) - from_text(payment["refunded"], currency)
    return to_text(left, currency)


def moved(
    payments: Sequence[Json],
    payment_id: str,
    status: str,
    now: datetime,
    moves: Mapping[str, tuple[str, ...]] = PAYMENT_MOVES,
) -> list[Json]:
    """Payments after one of them has come to another status.

    Raises NotFound, or Conflict (``allowed``) for what cannot become of it by these ``moves``. What
    is paid counts from ``now`` on.
    """
    found = next((one for one in payments if one["id"] == payment_id), None)
    if found is None:
        raise NotFound("This order has no such payment.")
    allowed = moves[found["status"]]
    if status not in allowed:
        raise Conflict(
            f"A payment that is {found['status']} cannot become {status}.", allowed=allowed
        )
    at = rfc3339(now) if status == "paid" else found["at"]
    changed = {**found, "status": status, "at": at}
    return [changed if one is found else one for one in payments]


def sum_of(amounts: Iterable[Mapping[str, Any]], currency: str) -> int:
    """What payments or refunds come to, in minor units."""
    return sum(from_text(one["amount"], currency) for one in amounts)


def recorded(given: Mapping[str, Any], currency: str, number: int, now: datetime) -> Json:
    """A payment as it is kept: the ``number``-th of its order. Raises Invalid."""
    errors: dict[str, str] = {}
    amount = minor_at(given["amount"], "amount", currency, errors)
    if not amount:
        errors.setdefault("amount", "must be more than nothing")
    at = given.get("at") or rfc3339(now)
    if parse_rfc3339(at) > now + _SKEW:
        errors["at"] = "must not be in the future"
    if errors:
        raise Invalid(errors)
    return {
        "id": f"payment_{number}",
        "method": given["method"],
        "title": given.get("title"),
        "amount": to_text(amount, currency),
        "reference": given.get("reference"),
        "status": given.get("status") or "paid",
        "at": at,
    }


def recorded_at_once(
    given: Sequence[Mapping[str, Any]], currency: str, now: datetime
) -> list[Json] | None:
    """The payments that an order is placed with, if any. Raises Invalid."""
    payments = []
    for place, payment in enumerate(given):
        try:
            payments.append(recorded(payment, currency, place + 1, now))
        except Invalid as error:
            raise error.at({name: f"payments.{place}.{name}" for name in error.errors}) from None
    return payments or None


def _told(method: str, stands: Standing, currency: str) -> Json:
    return {
        "method": method,
        "status": stands.status,
        "paid": to_text(stands.paid, currency),
        "refunded": to_text(stands.refunded, currency),
        "due": to_text(stands.due, currency),
    }
