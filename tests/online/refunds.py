"""Money of an order that is to go back, and the courier's part in it."""

import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from orderboard.consumers import positions
from orderboard.consumers.running import Worker
from orderboard.online.returning import CONSUMER, Sender
from tests.online.standin import StandIn
from tests.online.support import became, now, opened, ordered, told
from tests.web.support import json_of

Json = dict[str, Any]


def paid_order(admin: FlaskClient, client: FlaskClient, house: StandIn) -> Json:
    """An order of 12.00 that was paid online."""
    order = ordered(admin)
    opened(client, order)
    assert became(told(client, house)) == "recorded"
    return order


def refunded(admin: FlaskClient, order: Json, amount: str, **more: Any) -> Json:
    """The order's newest refund, just made."""
    given = {"amount": amount, "reason": "broken", **more}
    answer = admin.post(f"/api/orders/{order['id']}/refunds", json=given)
    assert answer.status_code == 201, answer.text
    refund: Json = json_of(answer)["refunds"][-1]
    return refund


def noted(app: Flask) -> None:
    """Have the consumer look at everything there is."""
    with app.app_context():
        positions.register([CONSUMER.name])
        worker = Worker(CONSUMER)
        while worker.step() is not None:
            pass
        (mine,) = (one for one in positions.listed() if one["name"] == CONSUMER.name)
        assert (mine["failures"], mine["set_aside"]) == (0, [])


def sent(app: Flask, until: Callable[[], bool]) -> None:
    """Do what the courier does until this is so, for some seconds at most."""
    noted(app)
    sender, end = Sender(app.extensions["orderboard"].provider), time.monotonic() + 10
    with app.app_context():
        while not until():
            assert time.monotonic() < end, "it does not come to this"
            time.sleep(min(sender(), 0.05))


def asked_and_killed(app: Flask, house: StandIn) -> None:
    """A courier that asks, and dies before it writes down what came of it."""
    noted(app)
    killed, end = Sender(app.extensions["orderboard"].provider), time.monotonic() + 10
    with app.app_context():
        killed()
    while not house.refunds and time.monotonic() < end:
        time.sleep(0.01)


def status(admin: FlaskClient, order: Json, place: int = -1) -> Any:
    """How the newest refund of an order is doing, or the one at another place."""
    return now(admin, order)["refunds"][place].get("status")
