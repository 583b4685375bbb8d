"""Changing an order's own fields, its lines and its amounts."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.catalogue import stock
from orderboard.discounts import commands as discounts
from orderboard.errors import Conflict, Invalid
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import events, rules, totals
from orderboard.orders.commands import Held, save
from orderboard.orders.details import check_details
from orderboard.orders.lines import Line, keep_ids, rows_of
from orderboard.orders.model import OrderLine
from orderboard.orders.parts import MOST_TAGS
from orderboard.orders.placing import contact
from orderboard.orders.skus import wanted
from orderboard.orders.snapshot import DETAILS, details_of, whole

Json = dict[str, Any]
_lines = OrderLine.__table__
_PRICED = frozenset({"items", *totals.AMOUNTS})


def edit(tx: Transaction, held: Held, given: Json, actor: Actor) -> Json:
    """Change an order's own fields (the keys of ``given``; see the schema of PATCH).

    Raises Conflict when items or amounts are to change after work has begun, and OutOfStock when
    not as much is left of a product as is wanted of it now.
    """
    values: Json = {
        name: given[name] for name in ("address", "note", "payment_method") if name in given
    }
    if "customer" in given:
        values |= contact(given["customer"])
    if "payment_status" in given or "payment_method" in given:
        values["payment_status"] = given.get("payment_status") or _payment(held, given)
        if "payment_status" in given:
            _check_by_hand(held.row, given["payment_status"])
    if "eta" in given:
        tracking = {**(held.row["tracking"] or {}), "eta": given["eta"]}
        values["tracking"] = {k: v for k, v in tracking.items() if v is not None} or None
    if not given.keys().isdisjoint(DETAILS):
        values["details"] = _redetail(held, given)
    if not given.keys().isdisjoint(_PRICED):
        values |= _reprice(tx, held, given, values.get("details", held.row["details"]))
        codes = [one.get("code") or "" for one in (values["details"] or {}).get("discounts", ())]
        discounts.take_off(tx, held.row["id"], but=codes)
        if "items" in given and held.row["type"] not in rules.INBOUND:
            stock.promise_instead(tx, held.row["id"], wanted(held.lines), actor)
    if values.get("details"):
        check_details(values["details"], held.lines, clock.now(), "fulfilment" not in given)
    return save(tx, held, events.UPDATED, values, actor)


def retag(tx: Transaction, held: Held, given: Json, actor: Actor) -> Json:
    """Give an order tags (``add``), take some off (``remove``), put ``tags`` instead of its own.

    Raises Invalid for more than an order may have.
    """
    before = (held.row["details"] or {}).get("tags", [])
    removed = given.get("remove", ())
    kept = [tag for tag in given.get("tags", before) if tag not in removed]
    tags = list(dict.fromkeys([*kept, *given.get("add", ())]))
    if len(tags) > MOST_TAGS:
        raise Invalid({"add": f"an order has at most {MOST_TAGS} tags"})
    return edit(tx, held, {"tags": tags}, actor)


def _check_by_hand(row: Json, status: str) -> None:
    if row["payments"] and status != row["payment_status"]:
        raise Conflict("How far this order is paid follows from its payments and refunds.")


def _payment(held: Held, given: Json) -> str:
    if given["payment_method"] == "none":
        return "none"
    return "due" if held.row["payment_status"] == "none" else str(held.row["payment_status"])


def _redetail(held: Held, given: Json) -> Json | None:
    details = held.row["details"] or {}
    kept = {name: value for name, value in details.items() if name not in given}
    return {**kept, **details_of(given)} or None


def _reprice(tx: Transaction, held: Held, given: Json, details: Json | None) -> Json:
    """The columns of new lines and amounts; writes the lines. ``details``: the others there are."""
    if held.row["status"] not in rules.ITEMS_OPEN:
        raise Conflict("What was ordered can no longer be changed: work on it has begun.")
    amounts, currency = _amounts(held, given), held.row["currency"]
    values: Json = {}
    if "items" in given:
        priced = totals.price(given["items"], amounts, currency)
        values["lines_given"] = _put_lines(tx, held, priced.lines, given["items"])
    else:
        priced = totals.total_of(tuple(held.lines), amounts, currency)
    others = {k: v for k, v in (details or {}).items() if k not in totals.EXTRAS}
    values["details"] = {**others, **priced.extras} or None
    return values | {name: getattr(priced, name) for name in totals.SUMS}


def _amounts(held: Held, given: Json) -> Json:
    """What the total is made of, from what it was and what is given now.

    A sum that is given without its parts stands instead of them.
    """
    before = whole(held.before)
    amounts = {name: _as_given(before[name]) for name in totals.AMOUNTS}
    for sum_of, parts in (("tax", "taxes"), ("discount", "discounts")):
        if sum_of in given or parts in given:
            amounts |= {sum_of: None, parts: None}
        elif amounts[parts]:
            amounts[sum_of] = None  # follows from them
    return amounts | {name: given[name] for name in totals.AMOUNTS if given.get(name) is not None}


def _as_given(told: Any) -> Any:
    """An amount, or a list of some, as it was given, from how it is told."""
    if isinstance(told, list):
        return [{**part, "amount": Decimal(part["amount"])} for part in told]
    return Decimal(told) if isinstance(told, str) else told


def _put_lines(tx: Transaction, held: Held, lines: Sequence[Line], items: Sequence[Json]) -> int:
    """Write other lines instead of those there are; answers how many the order ever had."""
    given = held.row["lines_given"] or max((line.line for line in held.lines), default=0)
    held.lines = keep_ids(lines, [item.get("id") for item in items], held.lines, given)
    number = held.row["number"]
    tx.execute(sa.delete(_lines).where(_lines.c.order_number == number))
    if held.lines:
        tx.execute(sa.insert(_lines), rows_of(number, held.lines))
    return max(given, *(line.line for line in held.lines)) if held.lines else given
