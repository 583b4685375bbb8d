"""The books of a shop, kept in the plainest way there is: from the log, event by event.

Knows the rules as a person would say them, and nothing of how the shop works them out.
"""

from collections import Counter
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

Json = dict[str, Any]
_CENT = Decimal("0.01")
_LEFT = frozenset({"shipped", "failed", "delivered", "completed"})
_OVER = frozenset({"cancelled", "declined", "returned"})
_INBOUND = frozenset({"return", "exchange", "donation"})


class Shelf:
    """What is in the shop and what is promised, by sku, as events tell it."""

    def __init__(self) -> None:
        self.stock, self.reserved = Counter[str](), Counter[str]()
        self._orders: dict[str, Json] = {}
        self._with: dict[str, Counter[str]] = {}
        """What each order is promised, or took."""
        self._back: dict[str, set[str]] = {}

    def hear(self, order: Json) -> None:
        """An order as an event has it: the next of this order's states."""
        if order["type"] in _INBOUND:
            return
        before = self._orders.get(order["id"])
        self._orders[order["id"]] = order
        mine = self._with.setdefault(order["id"], Counter())
        took = before is not None and before["status"] in _LEFT
        if before is None or (order["items"] != before["items"] and not took):
            self._move(mine, took, _goods(order), 1)
        self._restocked(order, mine, took)
        if order["status"] in _OVER and (before is None or before["status"] not in _OVER):
            self._move(mine, took, Counter(mine), -1)
        if order["status"] in _LEFT and not took:
            for sku, quantity in mine.items():
                self.reserved[sku] -= quantity
                self.stock[sku] -= quantity

    def _restocked(self, order: Json, mine: Counter[str], took: bool) -> None:
        """What came back with a refund or a return since the event before."""
        skus = {item["id"]: item["sku"] for item in order["items"]}
        known = self._back.setdefault(order["id"], set())
        back = [r for r in order["refunds"] if r["restock"]]
        back += [r for r in order["returns"] if r["state"] == "received"]
        for one in back:
            name = one.get("id") or one["order"]
            if name in known:
                continue
            known.add(name)
            some = Counter[str]()
            for line in one["lines"]:
                if line["line"] in skus:
                    some[skus[line["line"]]] += Decimal(str(line["quantity"]))
            for sku in some:
                some[sku] = min(some[sku], mine[sku])
            self._move(mine, took, some, -1)

    def _move(self, mine: Counter[str], took: bool, goods: Counter[str], sign: int) -> None:
        if sign > 0:  # promised anew, instead of what was
            self.reserved.subtract(mine)
            mine.clear()
        for sku, quantity in goods.items():
            mine[sku] += sign * quantity
            if took:
                self.stock[sku] -= sign * quantity
            else:
                self.reserved[sku] += sign * quantity


def _goods(order: Json) -> Counter[str]:
    goods = Counter[str]()
    for item in order["items"]:
        goods[item["sku"]] += Decimal(str(item["quantity"]))
    return goods


def total(order: Json) -> Decimal:
    """What an order comes to, added up from its parts."""
    lines = sum((_line(item) for item in order["items"]), Decimal())
    assert lines == Decimal(order["subtotal"]), order["id"]
    more = sum(Decimal(order.get(name) or 0) for name in ("shipping", "tip", "rounding"))
    tax = Decimal() if order.get("tax_included") else Decimal(order["tax"])
    return lines + more + tax - Decimal(order["discount"])


def _line(item: Json) -> Decimal:
    exact = Decimal(item["unit_price"]) * Decimal(str(item["quantity"]))
    return exact.quantize(_CENT, ROUND_HALF_EVEN) - Decimal(item["discount"] or 0)


def revenue(orders: list[Json]) -> Decimal:
    """What the shop took: the totals of all that did not come to nothing, less what went back."""
    return sum(
        (
            Decimal(order["total"]) - Decimal(order["payment"]["refunded"])
            for order in orders
            if order["status"] not in _OVER
        ),
        Decimal(),
    )
