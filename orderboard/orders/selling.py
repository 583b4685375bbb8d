"""The orders of strangers in a shop: what they buy costs what the catalogue says.

Whoever asks without credentials names skus, choices and quantities. A price that they give is what
they were shown: where it is not the price any more they are told so, and nothing is placed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from orderboard.catalogue import pricing, selling
from orderboard.errors import Conflict, Invalid
from orderboard.events.log import Transaction
from orderboard.money import DIGITS
from orderboard.orders import wishes
from orderboard.orders.new_order import NewOrder
from orderboard.orders.totals import AMOUNTS
from orderboard.orders.wishes import Terms

Json = dict[str, Any]
SOLD = "purchase"
"""The type of orders that are sales. Others are agreed between people, and so are their prices."""
_WISHED = frozenset({"bulk", "sample"})
"""Types in which goods leave at prices that a stranger named: they wait until staff agree."""
_THE_SHOPS = tuple(name for name in AMOUNTS if name != "tip")
_SHOPS_OWN = "is set by the shop"
_CUSTOMERS = ("sku", "quantity", "note")
"""What of a line is the customer's own."""


def sold(tx: Transaction, order: NewOrder, terms: Terms) -> NewOrder:
    """A stranger's order as the catalogue sells it; as it is where nothing is sold.

    Lines that are sold need no name. Raises Invalid, which names lines, and Conflict (``errors``
    and ``lines``, each with ``line``, ``sku`` and the ``unit_price`` now) where nothing is wrong
    but prices that have changed.
    """
    if not selling.is_shop(tx):
        return _named(order)
    if order.type != SOLD:
        return replace(_named(order), status="on_hold" if order.type in _WISHED else None)
    till = _Till(selling.rows_of(tx, [item["sku"] for item in order.items if item.get("sku")]))
    till.errors |= {name: _SHOPS_OWN for name in _THE_SHOPS if getattr(order, name)}
    till.errors |= wishes.errors_of(order, terms)
    items = [till.line(place, item) for place, item in enumerate(order.items)]
    till.check()
    currency = till.currency or order.currency
    taxes = taxes_in(items, currency)
    return replace(order, items=items, currency=currency, taxes=taxes, tax_included=bool(taxes))


def _named(order: NewOrder) -> NewOrder:
    """An order with a name for each line. Raises Invalid."""
    missing = [place for place, item in enumerate(order.items) if "name" not in item]
    if missing:
        text = "Missing data for required field."
        raise Invalid({f"items.{place}.name": text for place in missing})
    return order


def taxes_in(items: list[Json], currency: str) -> list[Json]:
    """The taxes that the prices of lines contain, one for each rate. Rounded once for each."""
    worth: dict[str, Decimal] = {}
    for item in items:
        if rate := item.get("tax_rate"):
            total = item["unit_price"] * item["quantity"] / 1000
            worth[rate] = worth.get(rate, Decimal()) + total
    step = Decimal(1).scaleb(-DIGITS[currency])
    found = [
        (rate, (total * Decimal(rate) / (100 + Decimal(rate))).quantize(step, ROUND_HALF_EVEN))
        for rate, total in worth.items()
    ]
    return [{"name": f"Tax {r} %", "rate": r, "amount": amount} for r, amount in found if amount]


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
