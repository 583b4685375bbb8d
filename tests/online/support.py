"""An order that is paid online, and what a provider tells of it."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.online.standin import StandIn
from tests.web.support import json_of, place, token_of

Json = dict[str, Any]
WEBHOOK = "/api/payments/webhook"


def ordered(client: FlaskClient, price: str = "12.00", **more: Any) -> Json:
    """An order of one thing that is to be paid online."""
    items = [{"name": "Bread", "quantity": 1, "unit_price": price}]
    return place(client, **{"currency": "EUR", "items": items, "payment_method": "online", **more})


def opened(client: FlaskClient, order: Json) -> str:
    """The address of the page on which an order is paid."""
    answer = client.post(f"/api/track/{token_of(order)}/pay")
    assert answer.status_code == 200, answer.text
    return str(json_of(answer)["url"])


def told(client: FlaskClient, house: StandIn, reference: str = "", **differs: Any) -> TestResponse:
    """The answer to the webhook that tells that a page was paid."""
    body, headers = house.paid(reference or house.only_checkout()["id"], **differs)
    return client.post(WEBHOOK, data=body, headers=headers, content_type="application/json")


def became(answer: TestResponse) -> str:
    """What the webhook's answer says of the payment."""
    assert answer.status_code == 200, answer.text
    return str(json_of(answer)["became"])


def now(admin: FlaskClient, order: Json) -> Json:
    """The order as it is now."""
    return json_of(admin.get(f"/api/orders/{order['id']}"))


def standing(admin: FlaskClient, order: Json) -> tuple[str, str, str]:
    """How far an order is paid: status, paid and due."""
    payment = now(admin, order)["payment"]
    return payment["status"], payment["paid"], payment["due"]
