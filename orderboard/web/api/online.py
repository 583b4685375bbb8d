"""Paying online: the way to the provider's page, and what the provider tells."""

from typing import Any

import structlog
from flask import Blueprint, Response, request

from orderboard import clock
from orderboard.online import recording, returning
from orderboard.online.provider import BadSignature, Paid, Provider, Returned
from orderboard.web import limits, paying
from orderboard.web.access import allow
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import MONEY, TEXT, named, thing
from orderboard.web.body import raw_body

Json = dict[str, Any]
api = Blueprint("online", __name__)
logger = structlog.get_logger("orderboard.online")
LARGEST = 256 * 1024
"""Bytes of what a provider tells at once."""
_NO_PROVIDER = ("Nobody pays online here.", named("Problem"))


@api.post("/track/<id:token>/pay")
@allow("public")
@describe(
    "Open the page on which an order is paid, as its customer",
    "Customers",
    answers={
        200: ("The provider's page; the same one while it is open.", thing(url=TEXT, due=MONEY)),
        404: ("No such order, or nobody pays online here.", named("Problem")),
        409: ("There is nothing to be paid online now.", named("Problem")),
        503: ("The provider does not open a page now.", named("Problem")),
    },
)
def pay(token: str) -> Response:
    """Send the customer to the address that this answers."""
    return answer(paying.pay_by_link(token))


@api.post("/payments/webhook")
@allow("public")
@describe(
    "Tell of a payment, as the provider",
    "Webhooks",
    answers={
        200: ("Recorded, known already, or of no concern here.", thing(became=TEXT)),
        400: ("It is not signed by the provider, is too old, or says nothing.", named("Problem")),
        404: _NO_PROVIDER,
        409: ("It is about a page that is another order's.", named("Problem")),
        413: ("It is too large.", named("Problem")),
        422: ("Its amount is not in the order's currency.", named("Problem")),
    },
)
def webhook() -> Response:
    """Believe what the provider has signed; whatever is answered 200 it does not tell again."""
    provider = paying.provider()
    request.max_content_length = LARGEST
    try:
        told = provider.read(dict(request.headers.items()), raw_body(), clock.now())
    except BadSignature as error:
        limits.hit("webhook", parts().settings.intake_limit)
        logger.warning("webhook_refused", provider=provider.name, reason=str(error))
        raise
    return answer({"became": _became(provider, told)})


def _became(provider: Provider, told: Paid | Returned | None) -> str:
    match told:
        case Paid():
            return recording.record_payment(provider, told)
        case Returned():
            known = returning.record_return(provider, told)
            return recording.RECORDED if known else recording.NOT_OURS
    return recording.NOT_OURS
