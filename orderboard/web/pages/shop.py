"""The shop: what the catalogue sells, to be picked and ordered. It sells without JavaScript too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, redirect, render_template
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from orderboard import clock
from orderboard.audiences import KINDS
from orderboard.catalogue import queries, snapshot, views
from orderboard.catalogue.queries import Filter
from orderboard.discounts import queries as discounts
from orderboard.errors import Conflict, Invalid
from orderboard.fields import text_of
from orderboard.money import to_text
from orderboard.orders.schemas import QuoteOrder
from orderboard.settings import current, hours
from orderboard.settings.values import NO_CHARGE
from orderboard.web import cursors
from orderboard.web.answers import parts
from orderboard.web.api.quoting import quoted
from orderboard.web.body import shaped
from orderboard.web.pages import forms
from orderboard.web.pages.picks import Pick, picks_of

Json = dict[str, Any]
AT_ONCE = 60
"""Products on a page; more of them come by a button."""
_quote = QuoteOrder()
_QUOTED = ("items", "fulfilment", "discounts", "tip")
_LOOKED_FOR = ("q", "category", "after")
_NOTHING = "There is nothing in your basket yet: say how many you want of something."


@dataclass(frozen=True, slots=True)
class Card:
    """A product with what is picked of it; ``number`` tells its fields from others'."""

    number: int
    product: Json
    pick: Pick


def page(given: Mapping[str, str]) -> str:
    """The shop as somebody comes to it, who may look for something.

    Nothing else is taken from an address: who makes a link must not know the key of its form.
    """
    return _page({name: given[name] for name in _LOOKED_FOR if name in given}, [], {})


def place(form: "MultiDict[str, str]") -> AnyResponse:
    """Order what is picked; or show what is looked for, and keep what was filled in."""
    picks = picks_of(form)
    if not {"find", "to-category", "more"}.isdisjoint(form):
        return Response(_page(_looked_for(form), picks, {}))
    if "apply" in form:
        return _with_sums(form, picks)
    try:
        return redirect(forms.place_once(form, order_of(form, picks), sell=True), 303)
    except Invalid as error:
        if forms.of_its_key(error):
            errors = {"body": forms.PLACED_BEFORE}
            return Response(_page(forms.with_new_key(form), picks, errors), 422)
        return Response(_page(form.to_dict(), picks, error.errors), 422)
    except Conflict as error:
        return Response(_page(form.to_dict(), picks, _of_conflict(error, picks)), 409)


def order_of(form: "MultiDict[str, str]", picks: list[Pick]) -> Json:
    """The body that the form means. Raises Invalid for what an order here needs besides."""
    meant = {**forms.fields_of(form), "items": [pick.line() for pick in picks]}
    errors = {} if picks else {"items": _NOTHING}
    meant["fulfilment"] = {"method": form.get("fulfilment-method", "")}
    if wanted := form.get("fulfilment-from"):
        meant["fulfilment"]["from"] = wanted
    if code := form.get("discount-code", "").strip():
        meant["discounts"] = [{"code": code}]
    if tip := form.get("tip", "").strip():
        meant["tip"] = tip.replace(",", ".")
    if form.get("fulfilment-method") == "pickup":
        meant.pop("address", None)
    if errors:
        raise Invalid(errors)
    return meant


def _with_sums(form: "MultiDict[str, str]", picks: list[Pick]) -> Response:
    """The page with what its form would come to, or with what is wrong with that."""
    try:
        meant = order_of(form, picks)
        asked = {name: meant[name] for name in _QUOTED if name in meant}
        return Response(_page(form.to_dict(), picks, {}, quoted(shaped(_quote, asked))))
    except Invalid as error:
        return Response(_page(form.to_dict(), picks, error.errors), 422)
    except Conflict as error:
        return Response(_page(form.to_dict(), picks, _of_conflict(error, picks)), 409)


def _charges() -> Json:
    """What each method costs, as texts, of those that cost something; ``currency``: of all."""
    shop = current()
    return {"currency": shop.currency} | {
        method: {
            name: to_text(value, shop.currency) if (value := getattr(charge, name)) else None
            for name in NO_CHARGE
        }
        for method, charge in shop.charges.items()
    }


def _looked_for(form: "MultiDict[str, str]") -> Json:
    """The fields with what a button of the form says is looked for."""
    fields: Json = form.to_dict()
    if "to-category" in fields:
        fields["category"] = fields["to-category"]
    return fields | {"after": fields.get("more", "")}


def _of_conflict(error: Conflict, picks: list[Pick]) -> dict[str, str]:
    found = {one["path"]: one["message"] for one in error.extra.get("errors", ())}
    for place, pick in enumerate(picks):
        if pick.sku == error.extra.get("sku"):
            found[f"items.{place}.quantity"] = f"can be had {error.extra['available']} times only"
    return {**found, "body": str(error)}


def _page(
    given: Mapping[str, str], picks: list[Pick], errors: dict[str, str], sums: Json | None = None
) -> str:
    for place, pick in enumerate(picks):
        about = [text for path, text in errors.items() if path.startswith(f"items.{place}.")]
        pick.message = "; ".join(about) or None
    category, after = _text(given.get("category")), _after(given.get("after"))
    wanted = Filter(
        q=_text(given.get("q")) or "", category=category, active=True, after=after, limit=AT_ONCE
    )
    found = queries.page(wanted)
    shown = [views.public(product) for product in found.products]
    cards, elsewhere = _cards(shown, picks)
    there = {card.product["sku"] for card in (*cards, *elsewhere)}
    lost = [pick.sku for pick in picks if pick.sku not in there]
    return render_template(
        "shop/shop.html",
        form=given,
        errors=errors,
        cards=cards,
        elsewhere=elsewhere,
        lost=lost,
        pictures=any(product["image"] for product in shown),
        more=cursors.behind_product(found.next),
        categories=queries.categories(sold=True),
        category=category,
        q=wanted.q,
        times=_times(),
        pay_online=parts().provider is not None,
        charges=_charges(),
        codes=discounts.any_in_force(),
        sums=sums,
        data={
            "position": f"{found.head.epoch}-{found.head.position}",
            "events": KINDS.names("catalogue"),
            "charges": bool(current().charges),
        },
        **forms.keys_for(dict(given)),
    )


def _cards(shown: list[Json], picks: list[Pick]) -> tuple[list[Card], list[Card]]:
    """The products that are shown, and those that are picked and not among them."""
    mine = {pick.sku: pick for pick in picks}
    here = {product["sku"] for product in shown}
    missing = [sku for sku in mine if sku not in here and sku == _text(sku)]
    rows = queries.rows_of(missing) if missing else {}
    others = [views.public(snapshot.snapshot(row)) for row in rows.values()]
    cards = [
        Card(number, product, mine.get(product["sku"], Pick()))
        for number, product in enumerate([*others, *shown])
    ]
    return cards[len(others) :], cards[: len(others)]


def _times() -> list[tuple[str, list[tuple[str, str]]]]:
    """The times that may be chosen, day by day: each as the API takes it and as people read it."""
    zone = ZoneInfo(parts().settings.timezone)
    days = hours.offered(current(), zone, clock.now())
    return [
        (f"{day:%A, %d %B}", [(clock.rfc3339(moment), f"{moment:%H:%M}") for moment in moments])
        for day, moments in days
    ]


def _text(value: str | None) -> str | None:
    """Text that can be looked for; nonsense is nothing."""
    try:
        return text_of(value or "", 200) or None
    except ValidationError:
        return None


def _after(cursor: str | None) -> Any:
    try:
        return cursors.product_place(cursor)
    except Invalid:
        return None
