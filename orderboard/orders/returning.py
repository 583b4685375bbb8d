"""What of an order may come back, and what has. Pure: from the order's snapshot.

``returns`` of an order are its linked orders by which things come back: open, received, or called
off, which leaves what they were about with the customer.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from orderboard.errors import Conflict, Invalid
from orderboard.quantities import quantity_text, thousandths_of

Json = dict[str, Any]

KINDS = ("return", "exchange")
STATES = ("open", "received", "called_off")
MOST = 100
"""Returns that one order may have."""
RETURNABLE = frozenset({"delivered", "completed"})
"""Statuses of orders of which something can come back."""
STATE_AFTER = {"delivered": "received", "cancelled": "called_off", "declined": "called_off"}
"""Status that a linked order comes to → what that means for the return."""


def check(order: Mapping[str, Any]) -> None:
    """Raise Conflict for an order of which nothing can come back (yet, or any more)."""
    if order["status"] not in RETURNABLE:
        raise Conflict(f"Of an order that is {order['status']} nothing can come back.")
    if len(order["returns"]) >= MOST:
        raise Conflict(f"An order has at most {MOST} returns.")


def chosen(order: Mapping[str, Any], wanted: Sequence[Mapping[str, Any]]) -> list[Json]:
    """The lines of a return: line, name, quantity (as it is told).

    ``wanted``: line and quantity in thousandths. Raises Invalid for lines that are not there and
    for more than was bought, over all returns.
    """
    items, errors = {item["id"]: item for item in order["items"]}, dict[str, str]()
    left = _left(order)
    for place, line in enumerate(wanted):
        rest = left.get(line["line"])
        if rest is None:
            errors[f"lines.{place}.line"] = "is not a line of this order"
        elif line["quantity"] > rest:
            some = quantity_text(max(rest, 0))
            errors[f"lines.{place}.quantity"] = f"is more than can still come back: {some}"
        else:
            left[line["line"]] = rest - line["quantity"]
    if errors:
        raise Invalid(errors)
    return [
        {
            "line": line["line"],
            "name": items[line["line"]]["name"],
            "quantity": quantity_text(line["quantity"]),
        }
        for line in wanted
    ]


def all_back(order: Mapping[str, Any]) -> bool:
    """Whether everything that was bought has come back."""
    return bool(order["items"]) and not any(_left(order, ("received",)).values())


def left(order: Mapping[str, Any]) -> dict[str, int | str]:
    """Line → how much of it can still come back, as it is told."""
    if order["status"] not in RETURNABLE:
        return {}
    return {line: quantity_text(max(rest, 0)) for line, rest in _left(order).items()}


def _left(
    order: Mapping[str, Any], counting: Iterable[str] = ("open", "received")
) -> dict[str, int]:
    """How much of each line has not come back, in thousandths."""
    left = {item["id"]: thousandths_of(item["quantity"]) for item in order["items"]}
    for one in order["returns"]:
        for line in one["lines"] if one["state"] in counting else ():
            if line["line"] in left:
                left[line["line"]] -= thousandths_of(line["quantity"])
    return left


def settled(order: Mapping[str, Any], linked: str, state: str) -> tuple[list[Json], list[Json]]:
    """The returns when the linked order has come to a state, and the lines that it is about.

    Without lines where there is no open return by that order.
    """
    returns, lines = [], []
    for one in order["returns"]:
        if one["order"] == linked and one["state"] == "open":
            one, lines = {**one, "state": state}, one["lines"]
        returns.append(one)
    return returns, lines
