"""The page on which anybody places an order. It works without JavaScript too.

Where the catalogue has something to sell it is a shop (``shop.py``); what is no sale has the free
form at a place of its own. Where nothing is sold, that form is all there is.
"""

import re
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from orderboard.catalogue import selling
from orderboard.errors import Conflict, Invalid
from orderboard.orders.rules import OF_AN_ORDER
from orderboard.web.access import allow, identity
from orderboard.web.answers import parts
from orderboard.web.pages import forms, shop

Json = dict[str, Any]
pages = Blueprint("order", __name__)
FIRST_LINES, MOST_LINES = 3, 50
_LINE_FIELD = re.compile(r"items-([0-9]{1,3})-(sku|name|quantity|unit_price)")
_WHOLE = re.compile(r"[0-9]{1,9}")


@pages.get("/")
@allow("public")
def order_page() -> str:
    """The shop, or the empty form where nothing is sold."""
    if _open() and "type" not in request.args and selling.is_open():
        return shop.page(request.args.to_dict())
    return _form({name: request.args[name] for name in ("type",) if name in request.args}, {})


@pages.get("/order/other")
@allow("public")
def other_page() -> str:
    """The empty form, for what is no sale."""
    return _form({}, {})


@pages.post("/")
@allow("public_intake", "operator")
def place_order() -> AnyResponse:
    """Place the order of the form and go to its status page."""
    form = request.form
    if form.get("form") == "shop":
        return shop.place(form)
    if "add-line" in form:
        return Response(_form(form.to_dict(), {}, more=True))
    try:
        return redirect(forms.place_once(form, order_of(form)), 303)
    except Invalid as error:
        if forms.of_its_key(error):
            return Response(_form(forms.with_new_key(form), {"body": forms.PLACED_BEFORE}), 422)
        return Response(_form(form.to_dict(), error.errors), 422)
    except Conflict as error:
        return Response(_form(form.to_dict(), {"body": str(error)}), 409)


def order_of(form: "MultiDict[str, str]") -> Json:
    """The body that a form means: blank fields and blank lines are left out."""
    return {**forms.fields_of(form), "items": _lines(form)}


def _lines(form: "MultiDict[str, str]") -> list[Json]:
    lines: dict[int, Json] = {}
    for name, value in form.items():
        if (found := _LINE_FIELD.fullmatch(name)) and value.strip():
            number = found[2] == "quantity" and _WHOLE.fullmatch(value.strip())
            lines.setdefault(int(found[1]), {})[found[2]] = (
                int(value)
                if number
                else value.strip().replace(",", ".")
                if found[2] in ("unit_price", "quantity")
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
        **forms.keys_for(form),
        currency=parts().settings.currency,
        open=_open(),
        is_shop=selling.is_open(),
        of_an_order=OF_AN_ORDER,
        pay_online=parts().provider is not None,
    )


def _open() -> bool:
    """Whether orders are taken here from who is asking."""
    return bool(identity().roles & {"public_intake", "intake"})
