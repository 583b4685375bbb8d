"""Stripe and Razorpay over HTTP, both against a server that speaks as they do."""

import json
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orderboard.online import asking
from orderboard.online.provider import Paid, Provider, Refused, Returned, Unreachable, Wanted
from orderboard.online.razorpay import Razorpay
from orderboard.online.stripe import Stripe
from orderboard.online.units import RAZORPAY, STRIPE
from tests.online.standin import (
    RAZORPAY_KEY,
    SECRET,
    STRIPE_KEY,
    StandIn,
    razorpay_event,
    signed,
    stripe_event,
)

NOW = datetime.now(UTC)
WANTED = Wanted(
    key="chk_01HZX3F2T7W8Y9Z0ABCDEFGHJK",
    amount=1990,
    currency="EUR",
    title="Order 12",
    paid_url="https://shop.example/track/t?payment=done",
    left_url="https://shop.example/track/t",
    until=NOW + timedelta(hours=23),
)


@pytest.fixture(params=["stripe", "razorpay"])
def provider(request: pytest.FixtureRequest, house: StandIn) -> Provider:
    if request.param == "stripe":
        return Stripe(house.url, STRIPE_KEY, SECRET)
    return Razorpay(house.url, RAZORPAY_KEY, SECRET)


def test_a_page_is_opened_on_which_the_amount_is_paid(provider: Provider, house: StandIn) -> None:
    page = provider.open(WANTED)
    known = house.checkouts[page.reference]
    assert page.url == known.get("url", known.get("short_url"))
    assert known.get("amount_total", known.get("amount")) == 1990
    body, headers = house.paid(page.reference)
    payment = known["id"].replace("cs_", "pi_").replace("plink_", "pay_")
    assert provider.read(headers, body, datetime.now(UTC)) == Paid(
        checkout=page.reference, key=WANTED.key, payment=payment, amount=1990, currency="EUR"
    )


def test_the_same_key_makes_no_second_page(provider: Provider, house: StandIn) -> None:
    house.hangs_up_after = True  # it is made, and the answer gets lost
    with pytest.raises(Unreachable):
        provider.open(WANTED)
    assert provider.open(WANTED) == provider.open(WANTED)
    assert len(house.checkouts) == 1
    with pytest.raises(Refused):
        provider.open(replace(WANTED, key="x" * 41, until=NOW))
    assert len(house.checkouts) == 1


def test_a_page_is_closed(provider: Provider, house: StandIn) -> None:
    provider.close(provider.open(WANTED).reference)
    assert house.only_checkout()["status"] in ("expired", "cancelled")


def test_money_goes_back_once_for_each_key(provider: Provider, house: StandIn) -> None:
    house.hangs_up_after = True
    with pytest.raises(Unreachable):
        provider.give_back("pay_1", 500, "EUR", "trf_000000001")
    first = provider.give_back("pay_1", 500, "EUR", "trf_000000001")
    assert (first.status, first.key) == ("succeeded", "trf_000000001")
    assert [refund["amount"] for refund in house.refunds.values()] == [500]
    house.refund_status = "pending"
    assert provider.give_back("pay_1", 500, "EUR", "trf_000000002").status == "pending"
    house.refuses_refunds = "Charge has already been\nrefunded."
    with pytest.raises(Refused, match=r"^Charge has already been refunded\.$"):
        provider.give_back("pay_1", 500, "EUR", "trf_000000003")


def test_a_webhook_says_how_a_refund_is_doing(provider: Provider) -> None:
    for theirs, ours in (("failed", "failed"), ("pending", "pending")):
        refund = {"id": "re_1", "status": theirs, "metadata": {"transfer": "trf_1"}}
        refund["notes"] = refund["metadata"]
        event = {
            **razorpay_event("refund.failed", {"refund": refund}),
            **stripe_event("refund.updated", refund),
        }
        body = json.dumps(event).encode()
        told = provider.read(signed(provider.name, body), body, datetime.now(UTC))
        assert told == Returned("re_1", ours, "trf_1")


def test_what_is_not_paid_yet_is_no_payment(house: StandIn) -> None:
    stripe = Stripe(house.url, STRIPE_KEY, SECRET)
    page = stripe.open(WANTED)
    body, headers = house.paid(page.reference, payment_status="unpaid")
    found = stripe.read(headers, body, datetime.now(UTC))
    assert isinstance(found, Paid)
    assert found.status == "pending"
    body, headers = house.paid(page.reference, payment_status="no_payment_required")
    assert stripe.read(headers, body, datetime.now(UTC)) is None
    kind = "checkout.session.async_payment_succeeded"
    body, headers = house.paid(page.reference, type=kind)
    assert isinstance(stripe.read(headers, body, datetime.now(UTC)), Paid)


def test_a_provider_that_is_away_is_told_from_one_that_refuses(house: StandIn) -> None:
    stripe = Stripe(house.url, "another key", SECRET)
    with pytest.raises(Unreachable, match="the shop's key: answers 401"):
        stripe.open(WANTED)
    house.down = True
    with pytest.raises(Unreachable, match="503"):
        stripe.open(WANTED)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(Unreachable):
            Stripe(url, STRIPE_KEY, SECRET).open(WANTED)


def test_a_provider_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_TIMES", asking.urllib3.Timeout(connect=1, read=0.2))
    with socket.create_server(("127.0.0.1", 0)) as mute:
        stripe = Stripe(f"http://127.0.0.1:{mute.getsockname()[1]}", STRIPE_KEY, SECRET)
        with pytest.raises(Unreachable, match="ReadTimeout"):
            stripe.open(WANTED)


@pytest.mark.parametrize(
    ("units", "amount", "currency", "theirs"),
    [
        (STRIPE, 1990, "EUR", 1990),
        (STRIPE, 500, "JPY", 500),
        (STRIPE, 5, "ISK", 500),
        (STRIPE, 5, "UGX", 500),
        (STRIPE, 500, "MGA", 5),
        (STRIPE, 550, "MGA", None),
        (STRIPE, 5120, "KWD", 5120),
        (STRIPE, 5124, "KWD", None),
        (RAZORPAY, 295, "JPY", 295),
        (RAZORPAY, 295990, "KWD", 295990),
        (RAZORPAY, 295991, "KWD", None),
    ],
)
def test_amounts_are_exact_in_the_providers_units(
    units: object, amount: int, currency: str, theirs: int | None
) -> None:
    assert units.of(amount, currency) == theirs  # type: ignore[attr-defined]
    if theirs is not None:
        assert units.minor(theirs, currency) == amount  # type: ignore[attr-defined]


def test_what_cannot_be_said_exactly_cannot_be_paid(provider: Provider) -> None:
    assert provider.takes(1, "EUR")
    assert not provider.takes(0, "EUR")
    assert not provider.takes(5124, "KWD")
    assert STRIPE.minor(150, "ISK") is None
    assert STRIPE.minor(1, "XXX") is None
