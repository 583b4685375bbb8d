"""What a refund comes to. Pure: from the order and from what is to go back of it.

A line is refunded by quantity (its share of the line's total; the shares of all pieces make the
total to the cent), by amount, or all that is left of it. Tax that was added to the prices may be
given back with any part of the order, so an amount may be larger by that.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from orderboard.errors import Conflict, Invalid
from orderboard.money import from_text, minor_at, to_text
from orderboard.orders import paying
from orderboard.quantities import quantity_text, thousandths_of

Json = dict[str, Any]


def refund(order: Mapping[str, Any], given: Mapping[str, Any]) -> Json:
    """The refund that is asked for: amount, lines, shipping, goodwill.

    ``order`` is a snapshot; ``given`` has quantities in thousandths and amounts as decimals. Raises
    Invalid, which names what is not there to be given back, and Conflict (``refundable``) for more
    than was paid and has not gone back yet.
    """
    currency = str(order["currency"])
    work = _Work(order)
    lines = [work.line(place, line) for place, line in enumerate(given.get("lines") or ())]
    shipping = work.shipping(given.get("shipping"))
    goodwill = minor_at(given.get("amount"), "amount", currency, work.errors)
    if work.errors:
        raise Invalid(work.errors)
    amount = sum(line["amount"] for line in lines) + shipping + goodwill
    if not amount:
        raise Invalid({"amount": "must be more than nothing, or lines or shipping be given"})
    _check_paid(order, amount)
    return {
        "amount": to_text(amount, currency),
        "lines": [{**line, "amount": to_text(line["amount"], currency)} for line in lines],
        "shipping": to_text(shipping, currency),
        "goodwill": to_text(goodwill, currency),
    }


def quantities(order: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How much of each sku some lines (``line``, ``quantity``) are about, in thousandths."""
    skus = {item["id"]: item["sku"] for item in order["items"]}
    found: dict[str, int] = {}
    for line in lines:
        if (sku := skus.get(line["line"])) and line["quantity"]:
            found[sku] = found.get(sku, 0) + thousandths_of(line["quantity"])
    return found


def left(order: Mapping[str, Any]) -> Json:
    """What may still go back: ``amount`` in all, ``shipping``, and of each line in ``lines``.

    A line's ``amount`` is what all that is left of it comes to.
    """
    work, currency = _Work(order), order["currency"]
    shipping = work.shipping_left()
    lines = [work.line_left(item) for item in order["items"]]
    return {
        "amount": paying.refundable(order),
        "shipping": to_text(max(shipping, 0), currency),
        "lines": lines,
    }


def _check_paid(order: Mapping[str, Any], amount: int) -> None:
    rest, currency = paying.refundable(order), order["currency"]
    if amount > from_text(rest, currency):
        said = f"No more than {rest} {currency} can go back of this order."
        raise Conflict(said, refundable=rest)


class _Work:
    """What is left of an order to be refunded, while one refund is put together."""

    def __init__(self, order: Mapping[str, Any]) -> None:
        self.errors: dict[str, str] = {}
        self._order, self._currency = order, str(order["currency"])
        self._items = {item["id"]: item for item in order["items"]}
        self._added = 0 if order.get("tax_included") else self._minor(order["tax"])
        self._before = [line for refund in order["refunds"] for line in refund["lines"]]

    def line(self, place: int, wanted: Mapping[str, Any]) -> Json:
        """One line's refund; what is wrong with it is noted."""
        path, name = f"lines.{place}", wanted["line"]
        item = self._items.get(name)
        if item is None:
            self.errors[f"{path}.line"] = "is not a line of this order"
            return {"amount": 0}
        gone, back = self._gone(name)
        quantity = self._quantity(path, wanted, thousandths_of(item["quantity"]) - gone)
        amount = self._amount(path, wanted, item, gone, quantity, back)
        told = {"line": name, "name": item["name"], "quantity": quantity_text(quantity)}
        self._before.append({**told, "amount": to_text(amount, self._currency)})
        return {**told, "amount": amount}

    def shipping(self, given: Decimal | None) -> int:
        """What of the shipping goes back."""
        amount = minor_at(given, "shipping", self._currency, self.errors)
        self._check("shipping", amount, self.shipping_left())
        return amount

    def shipping_left(self) -> int:
        """What of the shipping has not gone back, without tax that was added to it."""
        back = sum(self._minor(refund["shipping"]) for refund in self._order["refunds"])
        return self._minor(self._order["shipping"]) - back

    def line_left(self, item: Mapping[str, Any]) -> Json:
        """What of a line has not gone back: line, name, quantity, amount."""
        gone, back = self._gone(item["id"])
        quantity = max(thousandths_of(item["quantity"]) - gone, 0)
        amount = max(self._minor(item["total"]) - back, 0)
        told = {"line": item["id"], "name": item["name"], "quantity": quantity_text(quantity)}
        return {**told, "amount": to_text(amount, self._currency)}

    def _gone(self, name: str) -> tuple[int, int]:
        """How much of a line went back, in thousandths, and what it came to."""
        theirs = [line for line in self._before if line["line"] == name]
        gone = sum(thousandths_of(line["quantity"]) for line in theirs)
        return gone, sum(self._minor(line["amount"]) for line in theirs)

    def _quantity(self, path: str, wanted: Mapping[str, Any], left: int) -> int:
        quantity = wanted.get("quantity")
        if quantity is None:
            return 0 if wanted.get("amount") is not None else max(left, 0)
        if quantity > left:
            rest = quantity_text(max(left, 0))
            self.errors[f"{path}.quantity"] = f"is more than is left to be refunded: {rest}"
        return int(quantity)

    def _amount(
        self, path: str, wanted: Mapping[str, Any], item: Json, gone: int, quantity: int, back: int
    ) -> int:
        total, whole = self._minor(item["total"]), thousandths_of(item["quantity"])
        if wanted.get("amount") is not None:
            amount = minor_at(wanted["amount"], f"{path}.amount", self._currency, self.errors)
            self._check(f"{path}.amount", amount, total - back)
            return amount
        if wanted.get("quantity") is None:
            return max(total - back, 0)
        share = _share(total, gone + quantity, whole) - _share(total, gone, whole)
        return max(min(share, total - back), 0)

    def _check(self, path: str, amount: int, left: int) -> None:
        if amount > (most := max(left + self._added, 0)):
            rest = to_text(most, self._currency)
            self.errors[path] = f"is more than is left to be refunded: {rest}"

    def _minor(self, text: str) -> int:
        return from_text(text, self._currency)


def _share(total: int, part: int, whole: int) -> int:
    return round(Decimal(total * part) / whole)
