"""Things that come back: a return or an exchange is an order of its own, linked to the first one.

What becomes of the first one when they arrive is done where orders are moved.
"""

from typing import Any

from orderboard import clock
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import events, returning
from orderboard.orders.commands import Held, save
from orderboard.orders.new_order import NewOrder
from orderboard.orders.placing import place
from orderboard.orders.snapshot import whole
from orderboard.quantities import thousandths_of

Json = dict[str, Any]
_CONTACT = ("name", "company", "email", "phone")
_OF_A_LINE = ("sku", "name", "unit", "image")


def open_return(tx: Transaction, held: Held, given: Json, actor: Actor, source: str) -> Json:
    """Place the order by which lines come back; for an exchange also the one that goes out instead.

    ``given``: lines (line, quantity in thousandths), kind, reason. Nothing is charged for either:
    money goes back as a refund. Answers the inbound order. Raises Conflict for an order of which
    nothing can come back, Invalid for more than was bought over all returns, and OutOfStock where
    there is nothing to exchange it for.
    """
    order = whole(held.before)
    returning.check(order)
    lines = returning.chosen(order, given["lines"])
    kind = given.get("kind") or "return"
    back = place(tx, _linked(order, lines, kind, given["reason"]), actor, source)
    instead = None
    if kind == "exchange":
        instead = place(tx, _linked(order, lines, "purchase", given["reason"]), actor, source)
    entry = {
        "order": back["id"],
        "number": back["number"],
        "kind": kind,
        "state": "open",
        "lines": lines,
        "reason": given["reason"],
        "replacement": {"order": instead["id"], "number": instead["number"]} if instead else None,
        "at": clock.rfc3339(clock.now()),
    }
    details = {**(held.row["details"] or {}), "returns": [*order["returns"], entry]}
    save(tx, held, events.RETURN_OPENED, {"details": details}, actor)
    return back


def _linked(order: Json, lines: list[Json], kind: str, reason: str) -> NewOrder:
    items = {item["id"]: item for item in order["items"]}
    return NewOrder(
        customer={part: order["customer"][part] for part in _CONTACT},
        currency=order["currency"],
        type=kind,
        items=[_item(items[line["line"]], line) for line in lines],
        address=order["address"],
        note=reason,
        related_order=order["id"],
    )


def _item(item: Json, line: Json) -> Json:
    """So much of a line, free of charge, as a line of another order."""
    options = [
        {part: option[part] for part in ("name", "value")} for option in item.get("options", ())
    ]
    kept = {name: item[name] for name in _OF_A_LINE if item.get(name)}
    return {**kept, "options": options, "quantity": thousandths_of(line["quantity"])}
