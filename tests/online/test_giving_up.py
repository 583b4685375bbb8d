"""A refund for which no provider can be asked any more is given up, and says so."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock, courier, create_app
from orderboard.database import db
from orderboard.online import returning
from orderboard.online.returning import Sender
from tests.online.refunds import asked_and_killed, noted, paid_order, refunded, sent, status
from tests.online.standin import StandIn, signed, stripe_event
from tests.online.support import WEBHOOK, became, now
from tests.web.support import timeline

Json = dict[str, Any]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@SQLITE
def test_a_provider_that_is_away_is_asked_again_and_given_up_before_it_would_pay_twice(
    app: Flask,
    admin: FlaskClient,
    client: FlaskClient,
    house: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order = paid_order(admin, client, house)
    refunded(admin, order, "5.00")
    house.down = True
    before = len(house.asked)
    sent(app, lambda: len(house.asked) == before + 2)
    assert status(admin, order) == "pending"
    late = clock.now() + returning.PATIENCE
    monkeypatch.setattr(clock, "now", lambda: late)
    sent(app, lambda: status(admin, order) == "failed")
    (transfer,) = now(admin, order)["refunds"][-1]["transfers"]
    assert "look there whether it went back" in transfer["reason"]


@pytest.fixture
def without(app: Flask) -> Iterator[Flask]:
    """The same shop after its provider was removed."""
    settings = app.extensions["orderboard"].settings
    other = create_app(replace(settings, payments=""))
    yield other
    other.extensions["orderboard"].stream.close()
    with other.app_context():
        db.engine.dispose()


@contextmanager
def courier_of(app: Flask) -> Iterator[None]:
    """A courier of a shop, for a while."""
    wakeup = courier.Wakeup(app.extensions["orderboard"].settings)

    def work() -> None:
        with app.app_context():
            courier.work(wakeup)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        wakeup.stop()
        thread.join(20)


@pytest.mark.parametrize("by", ["stripe", "razorpay"])
@pytest.mark.parametrize("code", [401, 403])
@SQLITE
def test_a_refund_waits_while_the_shops_key_is_not_taken_and_the_log_says_so(
    code: int,
    app: Flask,
    admin: FlaskClient,
    client: FlaskClient,
    house: StandIn,
    caplog: pytest.LogCaptureFixture,
) -> None:
    order = paid_order(admin, client, house)
    refunded(admin, order, "5.00")
    house.turns_away = code
    before = len(house.asked)
    sent(app, lambda: len(house.asked) == before + 2)
    assert status(admin, order) == "pending"
    assert any(
        record.levelname == "ERROR" and "payments_key_refused" in str(record.msg)
        for record in caplog.records
    )
    house.turns_away = 0
    sent(app, lambda: status(admin, order) == "succeeded")
    assert len(house.refunds) == 1


@pytest.mark.parametrize("is_noted", [True, False])
@SQLITE
def test_what_waits_for_a_provider_that_was_removed_goes_back_by_hand(
    is_noted: bool,
    app: Flask,
    admin: FlaskClient,
    client: FlaskClient,
    house: StandIn,
    without: Flask,
) -> None:
    order = paid_order(admin, client, house)
    refunded(admin, order, "5.00")
    if is_noted:
        noted(app)
    assert without.extensions["orderboard"].provider is None
    end = time.monotonic() + 20
    with courier_of(without):
        while status(admin, order) == "pending" and time.monotonic() < end:
            time.sleep(0.05)
    (transfer,) = now(admin, order)["refunds"][-1]["transfers"]
    assert (transfer["status"], house.refunds) == ("failed", {})
    assert transfer["reason"].startswith("Stripe is not set up any more")
    assert transfer["reason"].endswith("it goes back by hand.")
    assert timeline(admin, order)[-1]["actor"]["name"] == "Courier"


@SQLITE
def test_what_may_have_been_asked_before_the_provider_forgot_the_key_is_not_asked_again(
    app: Flask,
    admin: FlaskClient,
    client: FlaskClient,
    house: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order = paid_order(admin, client, house)
    refunded(admin, order, "5.00")
    asked_and_killed(app, house)
    house.kept.clear()
    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: later)
    sent(app, lambda: status(admin, order) != "pending")
    assert len(house.refunds) == 1
    (transfer,) = now(admin, order)["refunds"][-1]["transfers"]
    assert transfer["status"] == "failed"
    assert "look there whether it went back" in transfer["reason"]


@SQLITE
def test_who_gives_up_does_not_overrule_a_provider_that_confirms_meanwhile(
    app: Flask,
    admin: FlaskClient,
    client: FlaskClient,
    house: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order = paid_order(admin, client, house)
    refunded(admin, order, "5.00")
    asked_and_killed(app, house)
    (refund,) = house.refunds.values()
    look = returning._next_due

    def seen_and_confirmed() -> Json | None:
        row = look()
        event = stripe_event("refund.updated", refund)
        body = json.dumps(event).encode()
        assert became(client.post(WEBHOOK, data=body, headers=signed("stripe", body))) == "recorded"
        return row

    monkeypatch.setattr(returning, "_next_due", seen_and_confirmed)
    given_up = Sender(app.extensions["orderboard"].provider)
    with monkeypatch.context() as later, app.app_context():
        moment = clock.now() + returning.PATIENCE
        later.setattr(returning.clock, "now", lambda: moment)
        later.setattr("orderboard.online.stripe.TOLERANCE", 10**9)
        given_up()
    assert status(admin, order) == "succeeded"
