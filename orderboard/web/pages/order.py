"""The page on which anybody places an order. It works without JavaScript too."""

import re
import secrets
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from orderboard.errors import Conflict, Invalid
from orderboard.jsontext import dump
from orderboard.orders.schemas import PlaceOrder, new_order
from orderboard.web import limits
from orderboard.web.access import allow, identity
from orderboard.web.answers import parts
from orderboard.web.api.placing import placed
from orderboard.web.body import shaped
from orderboard.web.idempotency import Repeatable, once

Json = dict[str, Any]
pages = Blueprint("order", __name__)
FIRST_LINES, MOST_LINES = 3, 50
_place = PlaceOrder()
_LINE_FIELD = re.compile(r"items-([0-9]{1,3})-(sku|name|quantity|unit_price)")
_PLACED_BEFORE = (
    "An order was placed with this form before. Press the button again to place this one as well."
)
_WHOLE = re.compile(r"[0-9]{1,9}")


@pages.get("/")
@allow("public")
def order_page() -> str:
    """The empty form."""
    return _form({}, {})


@pages.post("/")
@allow("public_intake", "staff")
def place_order() -> AnyResponse:
    """Place the order of the form and go to its status page."""
    form = request.form
    if "add-line" in form:
        return Response(_form(form.to_dict(), {}, more=True))
    settings, who = parts().settings, identity()
    meant = order_of(form)
    try:
        key, secret = form.get("idempotency_key"), form.get("idempotency_secret")
        repeatable = Repeatable.of("/", who, key, secret, dump(meant).encode())
        order = new_order(shaped(_place, meant), settings.currency)
        if who.anonymous:
            limits.hit("place", settings.intake_limit)
        url, _ = once(
            repeatable,
            lambda tx: str(placed(tx, order, who)["track_url"]),
        )
    except Invalid as error:
        if error.errors.keys() & {"Idempotency-Key", "Idempotency-Secret"}:
            return Response(_form(_with_new_key(form), {"body": _PLACED_BEFORE}), 422)
        return Response(_form(form.to_dict(), error.errors), 422)
    except Conflict as error:
        return Response(_form(form.to_dict(), {"body": str(error)}), 409)
    return redirect("/" + url.split("/", 3)[3], 303)


def order_of(form: "MultiDict[str, str]") -> Json:
    """The body that a form means: blank fields and blank lines are left out."""
    data: Json = {name: form[name] for name in ("type", "payment_method", "note") if form.get(name)}
    for group in ("customer", "address"):
        fields = {
            name.partition("-")[2]: value
            for name, value in form.items()
            if name.startswith(f"{group}-") and value.strip()
        }
        if fields:
            data[group] = fields
    data.setdefault("customer", {})
    data["items"] = _lines(form)
    return data


def _with_new_key(form: "MultiDict[str, str]") -> Json:
    return {name: value for name, value in form.items() if not name.startswith("idempotency_")}


def _lines(form: "MultiDict[str, str]") -> list[Json]:
    lines: dict[int, Json] = {}
    for name, value in form.items():
        if (found := _LINE_FIELD.fullmatch(name)) and value.strip():
            number = found[2] == "quantity" and _WHOLE.fullmatch(value.strip())
            lines.setdefault(int(found[1]), {})[found[2]] = (
                int(value)
                if number
                else value.strip().replace(",", ".")
                if found[2] == "unit_price"
                else value
            )
    written = [line for _, line in sorted(lines.items()) if line.keys() - {"quantity"}]
    return [{"quantity": 1, **line} for line in written]


def _form(form: Json, errors: dict[str, str], more: bool = False) -> str:
    used = [int(found[1]) for name in form if (found := _LINE_FIELD.fullmatch(name))]
    lines = max([FIRST_LINES, *(n + 1 for n in used)]) + (1 if more else 0)
    return render_template(
        "order/order.html",
        form=form,
        errors=errors,
        lines=min(lines, MOST_LINES),
        idempotency_key=form.get("idempotency_key") or secrets.token_urlsafe(16),
        idempotency_secret=form.get("idempotency_secret") or secrets.token_urlsafe(24),
        currency=parts().settings.currency,
        open=bool(identity().roles & {"public_intake", "intake"}),
    )
