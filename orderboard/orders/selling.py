"""The orders of strangers in a shop: what they buy costs what the catalogue says.

Whoever asks without credentials names skus, choices and quantities. A price that they give is what
they were shown: where it is not the price any more they are told so, and nothing is placed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.engine import Connection

from orderboard.catalogue import pricing, selling
from orderboard.discounts import commands as discounts
from orderboard.discounts import queries
from orderboard.errors import Conflict, Invalid
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.money import to_text
from orderboard.orders import agreeing, charging, placing, totals, wishes
from orderboard.orders.new_order import NewOrder
from orderboard.orders.totals import AMOUNTS
from orderboard.orders.wishes import Terms

Json = dict[str, Any]
SOLD = "purchase"
"""The type of orders that are sales. Others are agreed between people, and so are their prices."""
_THE_SHOPS = tuple(name for name in AMOUNTS if name not in ("tip", "discounts"))
_SHOPS_OWN = "is set by the shop"
_CUSTOMERS = ("sku", "quantity", "note")
"""What of a line is the customer's own."""


def sell(
    tx: Transaction, order: NewOrder, terms: Terms, actor: Actor, source: str, only_known: bool
) -> Json:
    """Place a stranger's order as the catalogue sells it; as it is where nothing is sold.

    Answers its snapshot. Raises what ``sold`` and ``placing.place`` raise.
    """
    if not selling.is_shop(tx):
        return placing.place(tx, _named(order), actor, source, only_known)
    if order.type != SOLD:
        agreed = _named(agreeing.agreed(tx, order))
        return placing.place(tx, agreed, actor, source, only_known)
    if order.discounts:
        tx.alone()  # what is left of a code is counted from here to the end of the transaction
    order = sold(tx, order, terms)
    placed = placing.place(tx, order, actor, source, only_known)
    for discount in order.discounts:
        discounts.use(tx, placed["id"], discount["code"])
    return placed


def quote(connection: Connection, order: NewOrder, terms: Terms) -> Json:
    """What an order would come to that is not placed yet: sums and what they are made of.

    Who orders and where to may be open. Raises what ``sold`` raises.
    """
    order = sold(Transaction(connection), order, terms, quoted=True)
    amounts = {name: getattr(order, name) for name in AMOUNTS}
    priced = totals.price(order.items, amounts, order.currency)
    sums = {name: to_text(getattr(priced, name), order.currency) for name in totals.SUMS}
    nothing = {"fees": [], "discounts": [], "tip": to_text(0, order.currency)}
    return {"currency": order.currency, **sums, **nothing, **priced.extras}


def sold(tx: Transaction, order: NewOrder, terms: Terms, quoted: bool = False) -> NewOrder:
    """A stranger's order as the catalogue sells it. Lines need no name.

    Raises Invalid, which names lines, and Conflict (``errors`` and ``lines``, each with ``line``,
    ``sku`` and the ``unit_price`` now) where nothing is wrong but prices that have changed.
    ``quoted``: nobody orders yet, so who and where to may be open.
    """
    till = _Till(selling.rows_of(tx, [item["sku"] for item in order.items if item.get("sku")]))
    till.errors |= {name: _SHOPS_OWN for name in _THE_SHOPS if getattr(order, name)}
    till.errors |= _wrong_codes(order.discounts)
    if not quoted:
        till.errors |= wishes.errors_of(order, terms)
    items = [till.line(place, item) for place, item in enumerate(order.items)]
    till.check()
    order = replace(order, items=items, currency=till.currency or order.currency)
    code = queries.row_of(tx.connection, order.discounts[0]["code"]) if order.discounts else None
    return charging.charged(order, terms, code)


def _named(order: NewOrder) -> NewOrder:
    """An order with a name for each line and amounts of its own. Raises Invalid."""
    parts = (("items", "name"), ("discounts", "amount"))
    missing = [
        f"{field}.{place}.{part}"
        for field, part in parts
        for place, one in enumerate(getattr(order, field))
        if part not in one
    ]
    if missing:
        raise Invalid(dict.fromkeys(missing, "Missing data for required field."))
    return order


def _wrong_codes(discounts: Sequence[Json]) -> dict[str, str]:
    """What is wrong with the discounts that a stranger names: one code, and nothing else."""
    errors: dict[str, str] = {}
    for place, discount in enumerate(discounts):
        path = f"discounts.{place}"
        errors |= {f"{path}.{name}": _SHOPS_OWN for name in ("name", "amount") if name in discount}
        if not (code := discount.get("code")):
            errors[f"{path}.code"] = "is needed"
        elif place:
            twice = code.upper() == str(discounts[0].get("code")).upper()
            errors[f"{path}.code"] = (
                "is used twice" if twice else "is one too many: an order has one"
            )
    return errors


@dataclass(slots=True)
class _Till:
    """What is wrong with the lines of an order, found line by line. ``rows``: products by sku."""

    rows: Mapping[str, Json]
    currency: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    changed: list[Json] = field(default_factory=list)

    def line(self, place: int, item: Json) -> Json:
        """A line with what the catalogue says of it."""
        row, path = self._product(item.get("sku"), f"items.{place}.sku"), f"items.{place}"
        if row is None:
            return item
        wrong = {"discount": _SHOPS_OWN} if item.get("discount") else {}
        if item["quantity"] % 1000:
            wrong["quantity"] = "must be a whole number"
        said = pricing.chosen(row, item.get("options") or (), wrong)
        self.errors |= {f"{path}.{name}": text for name, text in wrong.items()}
        if not wrong:
            self._compare(place, item, said)
        kept = {name: item[name] for name in _CUSTOMERS if name in item}
        return kept | {name: value for name, value in said.items() if value not in (None, [])}

    def check(self) -> None:
        """Raise what is wrong."""
        told = {
            f"items.{one['line']}.unit_price": f"is {one['unit_price']} {self.currency} now"
            for one in self.changed
        }
        if self.errors:
            raise Invalid(self.errors | told)
        if told:
            named = [{"path": path, "message": text} for path, text in told.items()]
            names = ", ".join(f"{one['name']} is {one['unit_price']} now" for one in self.changed)
            raise Conflict(f"A price has changed: {names}.", errors=named, lines=self.changed)

    def _product(self, sku: str | None, path: str) -> Json | None:
        row = self.rows.get(sku) if sku else None
        if not sku:
            self.errors[path] = "is needed: this shop sells what is in its catalogue"
        elif row is None:
            self.errors[path] = f"is not in the catalogue: {sku}"
        elif not row["active"]:
            self.errors[path] = f"is not sold at the moment: {sku}"
        elif row["currency"] != (self.currency or row["currency"]):
            self.errors[path] = f"is sold in {row['currency']}, what comes before not: {sku}"
        else:
            self.currency = row["currency"]
            return row
        return None

    def _compare(self, place: int, item: Json, said: Json) -> None:
        shown, price = item.get("unit_price"), said["unit_price"]
        if (shown is None or shown == price) and _same_extras(item, said):
            return
        now = {"sku": item["sku"], "name": said["name"], "unit_price": str(price)}
        self.changed.append({"line": place, **now})


def _same_extras(item: Json, said: Json) -> bool:
    """Whether what each option was said to cost is what it costs."""
    costs = {option["name"].casefold(): option["price"] for option in said["options"]}
    return all(
        costs[option["name"].casefold()] == option["price"]
        for option in item.get("options") or ()
        if option.get("price") is not None
    )
