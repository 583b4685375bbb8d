"""Stripe: Checkout Sessions, its signed webhook, refunds.

After the pages "Create a Checkout Session", "The Checkout Session object", "Create a refund",
"Idempotent requests" and "Resolve webhook signature verification errors" (verify manually) of
Stripe's documentation.
"""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from orderboard.online.asking import Asking
from orderboard.online.provider import (
    BadSignature,
    Checkout,
    NotUnderstood,
    Paid,
    Refused,
    Returned,
    Wanted,
    is_ours,
)
from orderboard.online.signed import Fields, check, opened
from orderboard.online.units import STRIPE

URL = "https://api.stripe.com"
TOLERANCE = 300
"""Seconds between the signature's time and ours."""
_COMPLETED = "checkout.session.completed"
_LATER = {
    "checkout.session.async_payment_succeeded": "paid",
    "checkout.session.async_payment_failed": "failed",
}
"""What is told of a session whose payment takes days, when they are over."""
_AT_ONCE = {"paid": "paid", "unpaid": "pending"}
"""A completed session's ``payment_status`` → how its payment is doing."""
_RETURNED = frozenset({"refund.updated", "refund.failed", "charge.refund.updated"})
_STATUSES = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}
"""Stripe's word for how a refund is doing → ours; whatever else it says, it is not done yet."""


class Stripe:
    """The shop's account at Stripe."""

    name, title = "stripe", "Stripe"

    def __init__(self, base_url: str, key: str, webhook_secret: str) -> None:
        self._asking = Asking(base_url or URL, {"Authorization": f"Bearer {key}"})
        self._secret = webhook_secret

    def takes(self, amount: int, currency: str) -> bool:
        """Whether exactly this amount can be paid there."""
        return bool(STRIPE.of(amount, currency))

    def open(self, wanted: Wanted) -> Checkout:
        """Make a Checkout Session. Its address may be opened once it is made, until it ends."""
        fields = {
            "mode": "payment",
            "client_reference_id": wanted.key,
            "success_url": wanted.paid_url,
            "cancel_url": wanted.left_url,
            "expires_at": str(int(wanted.until.timestamp())),
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": wanted.currency.lower(),
            "line_items[0][price_data][unit_amount]": str(
                STRIPE.of(wanted.amount, wanted.currency)
            ),
            "line_items[0][price_data][product_data][name]": wanted.title,
            "payment_intent_data[description]": wanted.title,
            "payment_intent_data[metadata][checkout]": wanted.key,
        }
        said = self._post("/v1/checkout/sessions", fields, wanted.key)
        return Checkout(said.text("id"), said.address("url"))

    def close(self, reference: str) -> None:
        """Expire a Checkout Session."""
        path = f"/v1/checkout/sessions/{quote(reference, safe='')}/expire"
        self._asking.post_form(path, {})

    def give_back(self, payment: str, amount: int, currency: str, key: str) -> Returned:
        """Refund some of a PaymentIntent."""
        fields = {
            "payment_intent": payment,
            "amount": str(_units(amount, currency)),
            "metadata[transfer]": key,
        }
        return _returned(self._post("/v1/refunds", fields, key))

    def read(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Paid | Returned | None:
        """What an event of the webhook says."""
        self._check(headers.get("Stripe-Signature", ""), body, now)
        event = opened(body)
        kind = event.text("type")
        if kind == _COMPLETED or kind in _LATER:
            session = event.within("data", "object")
            if not _is_ours(session):
                return None
            status = _LATER.get(kind) or _AT_ONCE.get(session.text("payment_status"))
            return _paid(session, status) if status else None
        if kind in _RETURNED:
            refund = event.within("data", "object")
            return _returned(refund) if refund.maybe("status") else None
        return None

    def _post(self, path: str, fields: dict[str, str], key: str) -> Fields:
        return self._asking.post_form(path, fields, {"Idempotency-Key": key})

    def _check(self, header: str, body: bytes, now: datetime) -> None:
        """The scheme v1: the time, a dot and the body are signed; others are for tests alone."""
        parts = [part.strip().partition("=") for part in header.split(",")]
        times = [value for name, _, value in parts if name == "t"]
        if len(times) != 1 or not (times[0].isascii() and times[0].isdigit()):
            raise BadSignature("The Stripe-Signature header has no time.")
        signatures = [value for name, _, value in parts if name == "v1"]
        check(self._secret, times[0].encode() + b"." + body, signatures)
        if len(times[0]) > 15 or abs(now.timestamp() - int(times[0])) > TOLERANCE:
            raise BadSignature("The signature is too old.")


def _units(amount: int, currency: str) -> int:
    units = STRIPE.of(amount, currency)
    if units is None:
        raise Refused("cannot give back exactly this amount")
    return units


def _is_ours(session: Fields) -> bool:
    """Whoever else sells by the same account has sessions too: subscriptions, other currencies."""
    single = session.maybe("mode") in (None, "payment")
    return single and is_ours(session.maybe("client_reference_id"))


def _paid(session: Fields, status: str) -> Paid:
    currency = session.text("currency").upper()
    amount = STRIPE.minor(session.count("amount_total"), currency)
    if amount is None:
        raise NotUnderstood(f"{currency} is no currency of ours, or the amount is not exact.")
    return Paid(
        checkout=session.text("id"),
        key=session.maybe("client_reference_id"),
        payment=session.text("payment_intent"),
        amount=amount,
        currency=currency,
        status=status,
    )


def _returned(refund: Fields) -> Returned:
    status = _STATUSES.get(refund.text("status"), "pending")
    return Returned(refund.text("id"), status, refund.maybe("metadata", "transfer"))
