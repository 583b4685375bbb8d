"""What the forms have in common that place an order without JavaScript."""

import secrets
from typing import Any

from werkzeug.datastructures import MultiDict

from orderboard.errors import Invalid
from orderboard.jsontext import dump
from orderboard.orders.rules import OF_AN_ORDER
from orderboard.orders.schemas import PlaceOrder, StrangersOrder
from orderboard.web import limits, paying
from orderboard.web.access import identity
from orderboard.web.answers import parts
from orderboard.web.api.placing import drafted, placed
from orderboard.web.body import shaped
from orderboard.web.idempotency import Repeatable, once

Json = dict[str, Any]
Form = MultiDict[str, str]
PLACED_BEFORE = (
    "An order was placed with this form before. Press the button again to place this one as well."
)
_PLAIN = ("type", "payment_method", "note", "related_order")
_place, _sell = PlaceOrder(), StrangersOrder()


def place_once(form: Form, meant: Json, sell: bool = False) -> str:
    """Place the order that a form means; answers where to go on: to its page, or to pay it.

    ``sell``: at the catalogue's prices, whoever asks. Raises Invalid and Conflict.
    """
    settings, who = parts().settings, identity()
    key, secret = form.get("idempotency_key"), form.get("idempotency_secret")
    repeatable = Repeatable.of("/", who, key, secret, dump(meant).encode())
    order = drafted(shaped(_sell if sell or who.anonymous else _place, meant), who)
    if who.anonymous:
        limits.hit("place", settings.intake_limit)
    url, _ = once(repeatable, lambda tx: str(placed(tx, order, who, sell)["track_url"]))
    return paying.on_from("/" + url.split("/", 3)[3], form.get("payment_method"))


def fields_of(form: Form) -> Json:
    """Who orders, where to, and how it is paid; blank fields are left out."""
    data: Json = {name: form[name] for name in _PLAIN if form.get(name)}
    if form.get("type") not in OF_AN_ORDER:
        data.pop("related_order", None)
    for group in ("customer", "address"):
        fields = {
            name.partition("-")[2]: value
            for name, value in form.items()
            if name.startswith(f"{group}-") and value.strip()
        }
        if fields:
            data[group] = fields
    data.setdefault("customer", {})
    return data


def of_its_key(error: Invalid) -> bool:
    """Whether what is wrong is the form's own key: then it needs another one."""
    return bool(error.errors.keys() & {"Idempotency-Key", "Idempotency-Secret"})


def with_new_key(form: Form) -> Json:
    """The fields of a form without its key."""
    return {name: value for name, value in form.items() if not name.startswith("idempotency_")}


def keys_for(form: Json) -> Json:
    """The key and the secret that a page's form carries: those that it came with, or new ones."""
    return {
        "idempotency_key": form.get("idempotency_key") or secrets.token_urlsafe(16),
        "idempotency_secret": form.get("idempotency_secret") or secrets.token_urlsafe(24),
    }
