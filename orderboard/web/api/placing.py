"""Placing orders, one or many."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from marshmallow import Schema, fields, validate
from werkzeug.http import HTTP_STATUS_CODES

from orderboard import clock, settings
from orderboard.catalogue import stock
from orderboard.errors import Conflict, Invalid, NotTheirs
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.jsontext import dump, load
from orderboard.orders import placing, selling, skus
from orderboard.orders.new_order import NewOrder
from orderboard.orders.schemas import PlaceOrder, StrangersOrder, new_order
from orderboard.orders.wishes import Terms
from orderboard.turn import in_turns
from orderboard.web import limits
from orderboard.web.access import Identity, allow, identity
from orderboard.web.answers import parts
from orderboard.web.api.describe import describe
from orderboard.web.api.previewing import PreviewQuery, is_preview, previewed
from orderboard.web.api.repeating import REPEATABLE, repeatable, repeated
from orderboard.web.api.shape_words import named
from orderboard.web.api.shapes import RESULTS
from orderboard.web.body import json_body, shaped
from orderboard.web.idempotency import once
from orderboard.web.seeing import placed_view

Json = dict[str, Any]
api = Blueprint("placing", __name__)
MOST_ORDERS = 1000
_AT_ONCE = 16
"""Orders of a batch that are placed between two turns of others: a millisecond or two."""


class PlaceOrders(Schema):
    """Many orders at once; each is judged for itself."""

    orders = fields.List(
        fields.Raw(allow_none=True), required=True, validate=validate.Length(1, MOST_ORDERS)
    )


_place, _strangers, _batch = PlaceOrder(), StrangersOrder(), PlaceOrders()
_REFUSED = (
    "The external_id was used, the first request still runs, or not as much is left (`sku`, "
    "`available`). Without credentials also: prices have changed, `lines` has what they are now."
)
_ELSEWHERE = ("placed_at", "status", "times")
_ORDER = named("Order")
_IGNORED = "without credentials a key counts only together with an Idempotency-Secret"


@api.post("/orders")
@allow("intake", "operator", "public_intake")
@describe(
    "Place an order",
    "Orders",
    body=PlaceOrder,
    query=PreviewQuery,
    headers=REPEATABLE,
    answers={
        200: ("With `preview=yes`: the order as it would be; id and number are nobody's.", _ORDER),
        201: ("The order as placed.", _ORDER),
        409: (_REFUSED, named("Problem")),
    },
)
def place_order() -> Response:
    """Place one order."""
    who = identity()
    if who.anonymous:
        limits.hit("place", parts().settings.intake_limit)
    order = drafted(json_body(_strangers if who.anonymous else _place), who)
    may_repeat = repeatable(who)
    if is_preview():
        return previewed(lambda tx: placed(tx, order, who))
    text, replayed = once(may_repeat, lambda tx: dump(placed(tx, order, who)))
    headers = {"Location": f"/api/orders/{load(text)['id']}"}
    if may_repeat is None and "Idempotency-Key" in request.headers:
        headers["Idempotency-Ignored"] = _IGNORED
    return repeated(text, 201, replayed, headers)


@api.post("/orders/batch")
@allow("intake", "operator")
@describe(
    "Place up to 1,000 orders in one transaction",
    "Orders",
    body=PlaceOrders,
    headers=REPEATABLE,
    answers={
        207: ("A result for each, in the order given.", RESULTS),
        409: ("The first request with this Idempotency-Key still runs.", named("Problem")),
    },
)
def place_batch() -> Response:
    """Place the good ones of many orders, and say of each what became of it."""
    who = identity()
    drafts = [_draft(body, who) for body in in_turns(json_body(_batch, many=True)["orders"])]

    def work(tx: Transaction) -> str:
        results: list[Json] = []
        for start in in_turns(range(0, len(drafts), _AT_ONCE)):
            results += _results(tx, drafts[start : start + _AT_ONCE], who)
        return dump({"results": results})

    text, replayed = once(repeatable(who), work)
    return repeated(text, 207, replayed, {})


def placed(tx: Transaction, order: NewOrder, who: Identity, sell: bool = False) -> Json:
    """Place an order for who is asking; answers it as they may see it.

    ``sell``: at the catalogue's prices, as strangers buy anyway.
    """
    actor = who.actor
    if who.anonymous:
        actor = Actor("customer", order.customer["name"])
    if who.anonymous or sell:
        only_known = _only_known()
        sold = selling.sell(tx, order, terms(), actor, who.source, only_known)
        return placed_view(sold, who)
    done = placing.place(tx, order, actor, who.source, only_known=_only_known())
    return placed_view(done, who)


def terms() -> Terms:
    """What the shop offers just now."""
    return Terms(settings.current(), ZoneInfo(parts().settings.timezone), clock.now())


def check_skus(tx: Transaction, items: Sequence[Json]) -> None:
    """Raise Invalid for skus that the catalogue does not have, where the shop wants none."""
    if _only_known():
        skus.check_known(items, stock.known(tx, skus.skus_of(items)))


def _only_known() -> bool:
    return settings.current().unknown_skus == "refuse"


def drafted(data: Json, who: Identity) -> NewOrder:
    """The order that a loaded PlaceOrder means.

    Raises NotTheirs for what only those may say who see all: that it was placed before, or moved;
    and for payments that a stranger says to have made.
    """
    if data.get("payments") and "intake" not in who.roles:
        raise NotTheirs({"payments": "needs a key with the scope intake"})
    order = new_order(data, parts().settings.currency)
    if order.happened_elsewhere and not who.sees_all:
        errors = {name: "needs a key with the scope admin" for name in _ELSEWHERE if name in data}
        raise NotTheirs(errors)
    return order


def _draft(body: Any, who: Identity) -> NewOrder | Invalid:
    try:
        return drafted(shaped(_place, body), who)
    except Invalid as error:
        return error


def _results(tx: Transaction, drafts: Sequence[NewOrder | Invalid], who: Identity) -> list[Json]:
    good = [(draft, who.actor) for draft in drafts if isinstance(draft, NewOrder)]
    became = iter(placing.place_many(tx, good, who.source, only_known=_only_known()))
    return [_result(draft if isinstance(draft, Invalid) else next(became), who) for draft in drafts]


def _result(became: Json | Invalid | Conflict, who: Identity) -> Json:
    match became:
        case NotTheirs():
            return refused(403, became)
        case Invalid():
            return refused(422, became)
        case Conflict():
            return refused(409, became, **became.extra)
    return {"status": 201, "order": placed_view(became, who)}


def refused(status: int, error: Exception, **extra: Any) -> Json:
    """One result that is a refusal, with the problem that a single request would get."""
    title = HTTP_STATUS_CODES[status]
    problem: Json = {"type": "about:blank", "title": title, "status": status, "detail": str(error)}
    if isinstance(error, Invalid):
        problem["errors"] = [{"path": p, "message": m} for p, m in error.errors.items()]
    return {"status": status, "problem": {**problem, **extra}}
