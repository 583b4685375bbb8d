"""A server that stands in for Stripe and for Razorpay: a real one, that speaks their HTTP.

What it takes and answers is what their documentation says of Checkout Sessions, Payment Links and
refunds; whatever else comes is refused. It has pages on which a customer pays, and tells the shop
by signed webhooks.
"""

import base64
import hashlib
import hmac
import json
import re
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

Json = dict[str, Any]
STRIPE_KEY = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
RAZORPAY_KEY = "rzp_test_1DP5mmOlF5G5ag:thisissecret"
SECRET = "whsec_of_the_tests"


@dataclass
class StandIn:
    """What the provider knows. ``down``: it answers 503. ``turns_away``: the status with which it
    takes no key. ``refuses_refunds``: why it will not make any. ``before_answer``: what happens
    once between what is done and its answer.
    """

    url: str = ""
    webhook: str = ""
    down: bool = False
    hangs_up_after: bool = False
    turns_away: int = 0
    before_answer: Callable[[], object] | None = None
    refund_status: str = "succeeded"
    refuses_refunds: str = ""
    checkouts: dict[str, Json] = field(default_factory=dict)
    refunds: dict[str, Json] = field(default_factory=dict)
    kept: dict[str, tuple[Json, Json]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def settings(self, provider: str) -> dict[str, str]:
        """The variables of a shop that is paid here."""
        return {
            "ORDERBOARD_PAYMENTS": provider,
            "ORDERBOARD_PAYMENTS_KEY": STRIPE_KEY if provider == "stripe" else RAZORPAY_KEY,
            "ORDERBOARD_PAYMENTS_WEBHOOK_SECRET": SECRET,
            "ORDERBOARD_PAYMENTS_URL": self.url,
        }

    def only_checkout(self) -> Json:
        """The one page there is."""
        (found,) = self.checkouts.values()
        return found

    def paid(self, reference: str, **differs: Any) -> tuple[bytes, dict[str, str]]:
        """Body and headers of the webhook that tells that a page was paid."""
        checkout = self.checkouts[reference]
        make = stripe_paid if "client_reference_id" in checkout else razorpay_paid
        body = json.dumps(make(checkout, **differs)).encode()
        return body, signed("stripe" if make is stripe_paid else "razorpay", body)

    def tell(self, body: bytes, headers: dict[str, str]) -> None:
        """Send a webhook to the shop. Raises where the shop does not take it."""
        headers = {**headers, "Content-Type": "application/json"}
        request = urllib.request.Request(self.webhook, body, headers)
        urllib.request.urlopen(request, timeout=10).close()


def signed(
    provider: str, body: bytes, secret: str = SECRET, at: float | None = None
) -> dict[str, str]:
    """The header that says who sent this."""
    if provider == "razorpay":
        return {"X-Razorpay-Signature": _hmac(secret, body)}
    moment = int(time.time() if at is None else at)
    signature = _hmac(secret, f"{moment}.".encode() + body)
    return {"Stripe-Signature": f"t={moment},v1={signature},v0={'0' * 64}"}


def _hmac(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def stripe_paid(checkout: Json, **differs: Any) -> Json:
    """The event ``checkout.session.completed``."""
    session = {**checkout, "status": "complete", "payment_status": "paid"}
    session["payment_intent"] = checkout["id"].replace("cs_", "pi_")
    kind = differs.pop("type", "checkout.session.completed")
    return stripe_event(kind, {**session, **differs})


def stripe_event(kind: str, thing: Json) -> Json:
    """An event of Stripe's about something."""
    return {"id": "evt_1", "object": "event", "type": kind, "data": {"object": thing}}


def razorpay_paid(checkout: Json, **differs: Any) -> Json:
    """The event ``payment_link.paid``."""
    link = {**checkout, "amount_paid": checkout["amount"], "status": "paid"}
    payment = {
        "id": checkout["id"].replace("plink_", "pay_"),
        "entity": "payment",
        "amount": checkout["amount"],
        "currency": checkout["currency"],
        "status": "captured",
    }
    link |= {name: differs.pop(name) for name in ("reference_id",) if name in differs}
    entities = {"payment_link": link, "payment": {**payment, **differs}}
    return razorpay_event("payment_link.paid", entities)


def razorpay_event(kind: str, things: Json) -> Json:
    """An event of Razorpay's about some things."""
    payload = {name: {"entity": thing} for name, thing in things.items()}
    return {"entity": "event", "event": kind, "contains": [*things], "payload": payload}


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """A running server on a port of its own."""
    known = StandIn()

    class Handler(_Handler):
        house = known

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Wrong(Exception):
    """The request is not as documented."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    house: StandIn
    timeout = 10

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer(self, body: bytes) -> None:
        path = urlsplit(self.path)
        with self.house.lock:
            self.house.asked.append((self.command, path.path))
        if path.path.startswith("/pay/"):
            self._page(path.path.removeprefix("/pay/"))
            return
        if self.house.down:
            self._say(503, {})
            return
        try:
            said = self._api(path.path, parse_qs(path.query), body)
        except _Wrong as error:
            # Both their ways of saying it.
            said = {"error": {"message": str(error), "description": str(error)}}
            self._say(error.status, said)
            return
        meanwhile, self.house.before_answer = self.house.before_answer, None
        if meanwhile:
            meanwhile()
        if self.house.hangs_up_after:
            self.house.hangs_up_after = False
            self.close_connection = True
            return
        self._say(200, said)

    def _say(self, status: int, data: Json) -> None:
        text = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _page(self, reference: str) -> None:
        """The page on which a customer pays: a button; and what happens when it is pressed."""
        checkout = self.house.checkouts[reference]
        self.send_response(303 if self.command == "POST" else 200)
        if self.command == "POST":
            self.house.tell(*self.house.paid(reference))
            self.send_header("Location", checkout.get("success_url") or checkout["callback_url"])
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<form method=post><button>Pay with card</button></form>")

    def _api(self, path: str, query: dict[str, list[str]], body: bytes) -> Json:
        house = self.house
        if house.turns_away:
            raise _Wrong("The api key provided has expired", house.turns_away)
        with house.lock:
            if self.headers["Authorization"] == f"Bearer {STRIPE_KEY}":
                return _Stripe(house).answer(path, body, self.headers)
            basic = base64.b64encode(RAZORPAY_KEY.encode()).decode()
            if self.headers["Authorization"] == f"Basic {basic}":
                return _Razorpay(house).answer(path, query, body, self.headers)
        raise _Wrong("The api key provided is invalid", 401)


class _Stripe:
    def __init__(self, house: StandIn) -> None:
        self.house = house

    def answer(self, path: str, body: bytes, headers: Any) -> Json:
        if headers.get("Content-Type", "") != "application/x-www-form-urlencoded" and body:
            raise _Wrong("Send a form")
        form = dict(parse_qsl(body.decode(), strict_parsing=bool(body)))
        if found := re.fullmatch(r"/v1/checkout/sessions/(\w+)/expire", path):
            self.house.checkouts[found[1]]["status"] = "expired"
            return self.house.checkouts[found[1]]
        key = headers["Idempotency-Key"]
        if key in self.house.kept:
            before, said = self.house.kept[key]
            if before != form:
                raise _Wrong(
                    "Keys for idempotent requests can only be used with the same parameters"
                )
            return said
        said = self._session(form) if path == "/v1/checkout/sessions" else self._refund(path, form)
        self.house.kept[key] = (form, said)
        return said

    def _session(self, form: dict[str, str]) -> Json:
        line = "line_items[0]"
        ends_in = int(form["expires_at"]) - time.time()
        if form["mode"] != "payment" or form[f"{line}[quantity]"] != "1":
            raise _Wrong("mode and quantity")
        if not 30 * 60 <= ends_in <= 24 * 3600:
            raise _Wrong("expires_at must be between 30 minutes and 24 hours from now")
        if not form[f"{line}[price_data][product_data][name]"]:
            raise _Wrong("name")
        number = f"cs_test_{len(self.house.checkouts) + 1}"
        session = {
            "id": number,
            "object": "checkout.session",
            "mode": form["mode"],
            "amount_total": int(form[f"{line}[price_data][unit_amount]"]),
            "currency": form[f"{line}[price_data][currency]"],
            "client_reference_id": form["client_reference_id"],
            "status": "open",
            "payment_status": "unpaid",
            "success_url": form["success_url"],
            "cancel_url": form["cancel_url"],
            "url": f"{self.house.url}/pay/{number}#{'x' * 300}",
        }
        self.house.checkouts[number] = session
        return session

    def _refund(self, path: str, form: dict[str, str]) -> Json:
        if path != "/v1/refunds":
            raise _Wrong(f"Unrecognized request URL {path}")
        if self.house.refuses_refunds:
            raise _Wrong(self.house.refuses_refunds)
        number = f"re_{len(self.house.refunds) + 1}"
        refund = {
            "id": number,
            "object": "refund",
            "payment_intent": form["payment_intent"],
            "amount": int(form["amount"]),
            "status": self.house.refund_status,
            "metadata": {"transfer": form["metadata[transfer]"]},
        }
        self.house.refunds[number] = refund
        return refund


class _Razorpay:
    def __init__(self, house: StandIn) -> None:
        self.house = house

    def answer(self, path: str, query: dict[str, list[str]], body: bytes, headers: Any) -> Json:
        if path == "/v1/payment_links" and not body:
            wanted = query["reference_id"][0]
            links = [
                link for link in self.house.checkouts.values() if link["reference_id"] == wanted
            ]
            return {"payment_links": links}
        if headers.get("Content-Type") != "application/json":
            raise _Wrong("Send JSON")
        data = json.loads(body)
        if found := re.fullmatch(r"/v1/payment_links/(\w+)/cancel", path):
            self.house.checkouts[found[1]]["status"] = "cancelled"
            return self.house.checkouts[found[1]]
        if found := re.fullmatch(r"/v1/payments/(\w+)/refund", path):
            return self._refund(found[1], data, headers["X-Refund-Idempotency"])
        if path == "/v1/payment_links":
            return self._link(data)
        raise _Wrong("The requested URL was not found on the server.")

    def _link(self, data: Json) -> Json:
        key = data["reference_id"]
        if len(key) > 40:
            raise _Wrong("reference_id: the length must be no more than 40.")
        if any(link["reference_id"] == key for link in self.house.checkouts.values()):
            raise _Wrong(f"payment link with given reference_id ({key}) already exists.")
        if data["expire_by"] < time.time() + 15 * 60:
            raise _Wrong("expire_by should be at least 15 minutes after current time")
        number = f"plink_{len(self.house.checkouts) + 1}"
        link = {"id": number, "status": "created", "short_url": f"{self.house.url}/pay/{number}"}
        self.house.checkouts[number] = {**data, **link}
        return self.house.checkouts[number]

    def _refund(self, payment: str, data: Json, key: str) -> Json:
        if not re.fullmatch(r"[A-Za-z0-9_-]{10,}", key):
            raise _Wrong("idempotency key")
        if key in self.house.kept:
            before, said = self.house.kept[key]
            if before != data:
                raise _Wrong("Different request body for the same idempotency key")
            return said
        if self.house.refuses_refunds:
            raise _Wrong(self.house.refuses_refunds)
        status = {"succeeded": "processed"}.get(self.house.refund_status, self.house.refund_status)
        number = f"rfnd_{len(self.house.refunds) + 1}"
        refund = {
            "id": number,
            "entity": "refund",
            "payment_id": payment,
            "amount": data["amount"],
            "status": status,
            "notes": data["notes"],
        }
        self.house.refunds[number] = refund
        self.house.kept[key] = (data, refund)
        return refund
