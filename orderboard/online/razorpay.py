"""Razorpay: Payment Links, its signed webhook, refunds.

After the pages "Create a Standard Payment Link", "Payment Links Entity", "Cancel a Payment Link",
"Payment Link Payloads", "Create a Normal Refund (Idempotent Request)" and "Validate and Test
Webhooks" of Razorpay's documentation.
"""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

import urllib3

from orderboard.online.asking import Asking
from orderboard.online.provider import (
    Checkout,
    NotUnderstood,
    Paid,
    Refused,
    Returned,
    Wanted,
    is_ours,
)
from orderboard.online.signed import Fields, check, opened
from orderboard.online.units import RAZORPAY

URL = "https://api.razorpay.com"
_STATUSES = {"processed": "succeeded", "failed": "failed"}
"""Razorpay's word for how a refund is doing → ours; the third is ``pending``."""
_RETURNED = frozenset({"refund.created", "refund.processed", "refund.failed"})


class Razorpay:
    """The shop's account at Razorpay; ``key`` is its id and its secret, a colon between them."""

    name, title = "razorpay", "Razorpay"

    def __init__(self, base_url: str, key: str, webhook_secret: str) -> None:
        headers = urllib3.make_headers(basic_auth=key)
        self._asking = Asking(base_url or URL, dict(headers))
        self._secret = webhook_secret

    def takes(self, amount: int, currency: str) -> bool:
        """Whether exactly this amount can be paid there."""
        return bool(RAZORPAY.of(amount, currency))

    def open(self, wanted: Wanted) -> Checkout:
        """Make a Payment Link; its reference id is the key, of which there is never a second one.

        One that was made, and whose answer was lost, is asked for.
        """
        try:
            said = self._asking.post_json("/v1/payment_links", _link(wanted))
        except Refused as error:
            said = self._known(wanted.key, error)
        return Checkout(said.text("id"), said.address("short_url"))

    def close(self, reference: str) -> None:
        """Cancel a Payment Link."""
        self._asking.post_json(f"/v1/payment_links/{quote(reference, safe='')}/cancel", {})

    def give_back(self, payment: str, amount: int, currency: str, key: str) -> Returned:
        """Refund some of a payment."""
        data = {"amount": _units(amount, currency), "speed": "normal", "receipt": key}
        path = f"/v1/payments/{quote(payment, safe='')}/refund"
        headers = {"X-Refund-Idempotency": key}
        return _returned(
            self._asking.post_json(path, {**data, "notes": {"transfer": key}}, headers)
        )

    def read(
        self,
        headers: Mapping[str, str],
        body: bytes,
        now: datetime,  # noqa: ARG002 - its signatures have no time
    ) -> Paid | Returned | None:
        """What an event of the webhook says."""
        check(self._secret, body, [headers.get("X-Razorpay-Signature", "")])
        event = opened(body)
        kind = event.text("event")
        if kind == "payment_link.paid":
            link = event.within("payload", "payment_link", "entity")
            return _paid(event.within("payload")) if is_ours(link.maybe("reference_id")) else None
        if kind in _RETURNED:
            refund = event.within("payload", "refund", "entity")
            return _returned(refund) if refund.maybe("status") else None
        return None

    def _known(self, key: str, refusal: Refused) -> Fields:
        """The link that has this reference id already. Raises the refusal if there is none."""
        links = self._asking.get("/v1/payment_links", {"reference_id": key}).each("payment_links")
        for link in links:
            if link.maybe("reference_id") == key and link.maybe("status") == "created":
                return link
        raise refusal


def _link(wanted: Wanted) -> dict[str, object]:
    return {
        "amount": RAZORPAY.of(wanted.amount, wanted.currency),
        "currency": wanted.currency,
        "accept_partial": False,
        "reference_id": wanted.key,
        "description": wanted.title,
        "expire_by": int(wanted.until.timestamp()),
        "notify": {"sms": False, "email": False},
        "reminder_enable": False,
        "notes": {"checkout": wanted.key},
        "callback_url": wanted.paid_url,
        "callback_method": "get",
    }


def _units(amount: int, currency: str) -> int:
    units = RAZORPAY.of(amount, currency)
    if units is None:
        raise Refused("cannot give back exactly this amount")
    return units


def _paid(payload: Fields) -> Paid:
    link, payment = payload.within("payment_link", "entity"), payload.within("payment", "entity")
    currency = payment.text("currency").upper()
    amount = RAZORPAY.minor(payment.count("amount"), currency)
    if amount is None:
        raise NotUnderstood(f"{currency} is no currency of ours.")
    return Paid(
        checkout=link.text("id"),
        key=link.maybe("reference_id"),
        payment=payment.text("id"),
        amount=amount,
        currency=currency,
    )


def _returned(refund: Fields) -> Returned:
    status = _STATUSES.get(refund.text("status"), "pending")
    return Returned(refund.text("id"), status, refund.maybe("notes", "transfer"))
