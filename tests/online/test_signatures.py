"""Who signed what comes to the webhook: the vectors that the providers publish, and all else."""

import json
from datetime import UTC, datetime

import pytest

from orderboard.online.provider import BadSignature, NotUnderstood
from orderboard.online.razorpay import Razorpay
from orderboard.online.stripe import Stripe
from tests.online.standin import signed

# "event_test_signature.json" of stripe-dotnet's tests, signed with "webhook_secret" at 1533204620.
STRIPE_AT = 1533204620
STRIPE_V1 = "2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7"
STRIPE_V0 = "63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef"
STRIPE_EVENT = {
    "id": "evt_123",
    "object": "event",
    "account": "acct_123",
    "api_version": "2017-05-25",
    "created": 1533204620,
    "data": {
        "object": {
            "id": "cus_123",
            "object": "customer",
            "created": 123456789,
            "email": "test@stripe.com",
            "livemode": False,
            "metadata": {},
        }
    },
    "livemode": False,
    "pending_webhooks": 1,
    "request": {"id": "req_123", "idempotency_key": "idempotency-key-123"},
    "type": "customer.created",
}
# "fake_payment_authorized_webhook.json" of razorpay-python's and razorpay-ruby's tests.
RAZORPAY_SIGNATURES = {
    "key_secret": "d60e67fd884556c045e9be7dad57903e33efc7172c17c6e3ef77db42d2b366e9",
    "chosen_webhook_secret": "dda9ca344c56ccbd90167b1be0fd99dfa92fe2b827020f27e2a46024e31c7c99",
}
RAZORPAY_EVENT = {
    "event": "payment.authorized",
    "entity": "event",
    "contains": ["payment"],
    "payload": {
        "payment": {
            "entity": {
                "id": "pay_6koWN7bvxujzxM",
                "entity": "payment",
                "amount": 1000000,
                "currency": "INR",
                "status": "captured",
                "order_id": "order_100000000order",
                "international": False,
                "method": "card",
                "amount_refunded": 0,
                "refund_status": None,
                "captured": True,
                "description": "random description",
                "card_id": "card_6koWNAT6LASUqy",
                "bank": None,
                "wallet": None,
                "vpa": None,
                "email": "a@b.com",
                "contact": "+919999999999",
                "notes": {"merchant_order_id": "random order id"},
                "fee": 23000,
                "service_tax": 3000,
                "error_code": None,
                "error_description": None,
                "created_at": 1479978483,
            }
        }
    },
    "created_at": 1400826760,
}
STRIPE = Stripe("", "sk_test", "webhook_secret")
NOW = datetime.fromtimestamp(STRIPE_AT + 299, UTC)


def written(event: dict[str, object]) -> bytes:
    """The event as it stands in their files."""
    return (json.dumps(event, indent=2) + "\n").encode()


def by_stripe(header: str, body: bytes, now: datetime = NOW) -> object:
    return STRIPE.read({"Stripe-Signature": header}, body, now)


def test_stripes_own_vector_is_taken_and_a_customer_is_none_of_our_concern() -> None:
    header = f"t={STRIPE_AT},v1={STRIPE_V1},v0={STRIPE_V0}"
    assert by_stripe(header, written(STRIPE_EVENT)) is None
    assert by_stripe(f"t={STRIPE_AT},v1={'0' * 64},v1={STRIPE_V1}", written(STRIPE_EVENT)) is None


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=",
        f"t={STRIPE_AT}",
        f"v1={STRIPE_V1}",
        f"t={STRIPE_AT},v0={STRIPE_V1}",
        f"t={STRIPE_AT},v1={STRIPE_V0}",
        f"t={STRIPE_AT},v1={STRIPE_V1.upper()}",
        f"t={STRIPE_AT},v1={STRIPE_V1[:-1]}",
        f"t={STRIPE_AT},v1=",
        f"t={STRIPE_AT},v1=ä",
        f"t={STRIPE_AT + 1},v1={STRIPE_V1}",
        f"t={STRIPE_AT},t={STRIPE_AT},v1={STRIPE_V1}",
        f"t=²,v1={STRIPE_V1}",
        f"t={'9' * 5000},v1={STRIPE_V1}",
        STRIPE_V1,
    ],
)
def test_a_header_that_stripe_did_not_write_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        by_stripe(header, written(STRIPE_EVENT))


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_a_signature_that_is_old_or_ahead_is_refused(seconds: int) -> None:
    header = f"t={STRIPE_AT},v1={STRIPE_V1}"
    now = datetime.fromtimestamp(STRIPE_AT + seconds, UTC)
    with pytest.raises(BadSignature):
        by_stripe(header, written(STRIPE_EVENT), now)


def test_one_other_byte_in_the_body_is_refused() -> None:
    body = written(STRIPE_EVENT)
    with pytest.raises(BadSignature):
        by_stripe(f"t={STRIPE_AT},v1={STRIPE_V1}", body.rstrip())
    with pytest.raises(BadSignature):
        by_stripe(f"t={STRIPE_AT},v1={STRIPE_V1}", body.replace(b"evt_123", b"evt_124"))


@pytest.mark.parametrize("secret", RAZORPAY_SIGNATURES)
def test_razorpays_own_vectors_are_taken(secret: str) -> None:
    razorpay = Razorpay("", "id:secret", secret)
    headers = {"X-Razorpay-Signature": RAZORPAY_SIGNATURES[secret]}
    assert razorpay.read(headers, written(RAZORPAY_EVENT), NOW) is None
    with pytest.raises(BadSignature):
        razorpay.read(headers, written(RAZORPAY_EVENT).rstrip(), NOW)


@pytest.mark.parametrize("header", [{}, {"X-Razorpay-Signature": "_dummy_signature" * 4}])
def test_a_header_that_razorpay_did_not_write_is_refused(header: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        Razorpay("", "id:secret", "key_secret").read(header, written(RAZORPAY_EVENT), NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"nonsense",
        b"\xff",
        b"{" * 100_000,
        b'{"type": 1, "event": 1}',
        b'{"type": "checkout.session.completed", "event": "payment_link.paid"}',
        b'{"type": "refund.updated", "event": "refund.processed", "data": {"object": []}}',
    ],
)
@pytest.mark.parametrize("name", ["stripe", "razorpay"])
def test_what_is_signed_and_says_nothing_is_not_understood(name: str, body: bytes) -> None:
    provider = {"stripe": Stripe, "razorpay": Razorpay}[name]("", "id:secret", "key_secret")
    headers = signed(name, body, "key_secret", NOW.timestamp())
    with pytest.raises(NotUnderstood):
        provider.read(headers, body, NOW)
