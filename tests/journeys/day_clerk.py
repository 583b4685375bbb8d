"""What one process does all day in a shop: orders, edits, money, returns and stock, by chance."""

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

import httpx

Json = dict[str, Any]
SKUS = ("tea", "cup", "pot", "cheese", "salt")
_STEP = {"cheese": Decimal("0.125")}
"""What is sold by weight; of the others there are pieces."""
_ARRIVED = ("delivered", "completed")
_CENT = Decimal("0.01")
_GOOD, _REFUSED = frozenset({200, 201, 202, 207}), frozenset({409, 412, 422})


@dataclass(slots=True)
class Day:
    """What was answered to a clerk. Money in EUR, by order; what was counted by hand, by sku."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    paid: Counter[str] = field(default_factory=Counter)
    refunded: Counter[str] = field(default_factory=Counter)
    counted: Counter[str] = field(default_factory=Counter)


def work(address: str, key: str, seed: str, steps: int) -> Day:
    """Do so many things, and answer what came of them."""
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        clerk = _Clerk(client, Random(seed))
        for _ in range(steps):
            clerk.step()
    return clerk.day


class _Clerk:
    def __init__(self, client: httpx.Client, dice: Random) -> None:
        self.day = Day()
        self._client, self._dice = client, dice
        self._seen: list[Json] = []

    def step(self) -> None:
        """One thing: to an order of anybody, or to the shop."""
        if self._dice.random() < 0.2 or not self._look():
            self._place()
            return
        order = self._dice.choice(self._seen)
        arrived = order["status"] in _ARRIVED
        if order["type"] != "purchase" or self._dice.random() < (0.1 if arrived else 0.6):
            self._move(order)
            return
        money = self._refund if Decimal(order["payment"]["paid"]) else self._pay
        rare = self._dice.choice((self._cancel, self._count, self._pay, self._refund))
        self._dice.choice((money, self._return if arrived else self._edit, rare))(order)

    def _look(self) -> bool:
        """See now and then what others have done: the orders that changed last."""
        if self._seen and self._dice.random() < 0.6:
            return True
        answer = self._client.get("/api/orders", params={"limit": 15, "sort": "-updated"})
        self._seen = answer.json()["orders"]
        return bool(self._seen)

    def _place(self) -> None:
        order: Json = {
            "customer": self._dice.choice(("Ada", "Bo", "Cy")),
            "items": [self._item() for _ in range(self._dice.randint(1, 3))],
            "shipping": self._amount(3),
            "tip": self._amount(2),
        }
        if self._dice.random() < 0.5:
            order["taxes"] = [{"name": "VAT", "amount": self._amount(4)}]
            order["tax_included"] = self._dice.random() < 0.5
        if self._dice.random() < 0.3:
            order["discounts"] = [{"code": "HELLO", "amount": "0.50"}]
        paid = self._amount(30)
        order["payments"] = [{"method": "card", "amount": paid}] if paid != "0.00" else []
        if placed := self._ask("place", "POST", "/api/orders", order):
            self.day.paid[placed["id"]] += Decimal(paid)

    def _item(self) -> Json:
        sku = self._dice.choice(SKUS)
        quantity = self._dice.randint(1, 3) * _STEP.get(sku, Decimal(1))
        price = Decimal(self._dice.randint(1, 200_000)) / 10_000
        return {"sku": sku, "name": sku, "quantity": str(quantity), "unit_price": str(price)}

    def _move(self, order: Json) -> None:
        if order["allowed"]:  # mostly the first, which leads on
            status = self._dice.choice((order["allowed"][0], *order["allowed"][:2]))
            if self._dice.random() < 0.1:
                status = self._dice.choice(order["allowed"])
            body = {"status": status, "reason": "by chance"}
            self._ask("move", "PUT", f"{_path(order)}/status", body)

    def _edit(self, order: Json) -> None:
        items = [
            {**item, "quantity": str(self._dice.randint(1, 4))}
            for item in order["items"]
            if item["sku"] != "cheese"
        ]
        body = self._dice.choice(
            ({"items": [*items, self._item()]}, {"tip": self._amount(5)}, {"shipping": "0.00"})
        )
        headers = {"If-Match": f'"{order["version"]}"'} if self._dice.random() < 0.5 else {}
        self._ask("edit", "PATCH", _path(order), body, headers)

    def _pay(self, order: Json) -> None:
        due = Decimal(order["payment"]["due"])
        amount = str(due if due and self._dice.random() < 0.7 else self._amount(20))
        body = {"method": "card", "amount": amount}
        if self._ask("pay", "POST", f"{_path(order)}/payments", body):
            self.day.paid[order["id"]] += Decimal(amount)

    def _refund(self, order: Json) -> None:
        line = self._dice.choice(order["items"]) if order["items"] else None
        body: Json = {"reason": "by chance", "restock": self._dice.random() < 0.7}
        if line and self._dice.random() < 0.8:
            part = self._dice.choice(({}, {"quantity": 1}, {"amount": self._amount(2)}))
            body["lines"] = [{"line": line["id"], **part}]
        if self._dice.random() < 0.3:
            body["shipping"] = self._amount(2)
        if "lines" not in body or self._dice.random() < 0.2:
            body["amount"] = self._amount(6)
        answer = self._ask("refund", "POST", f"{_path(order)}/refunds", body)
        if answer:
            amounts = [one["amount"] for one in answer["refunds"]]
            self.day.refunded[order["id"]] += Decimal(amounts[-1])

    def _return(self, order: Json) -> None:
        if not order["items"]:
            return
        line = self._dice.choice(order["items"])
        quantity = self._dice.choice((line["quantity"], "1"))
        kind = self._dice.choice(("return", "return", "exchange"))
        body = {"kind": kind, "reason": "by chance"}
        body["lines"] = [{"line": line["id"], "quantity": str(quantity)}]
        self._ask("return", "POST", f"{_path(order)}/returns", body)

    def _cancel(self, order: Json) -> None:
        token = order["track_url"].rpartition("/")[2]
        self._ask("cancel", "PUT", f"/api/track/{token}/cancel", {"reason": "by chance"})

    def _count(self, _: Json) -> None:
        sku, more = self._dice.choice(SKUS), self._dice.randint(-3, 12)
        body = {"skus": [sku], "stock": {"add": more}}
        if (answer := self._ask("count", "POST", "/api/products/bulk", body)) is None:
            return
        if answer["results"][0]["status"] == 200:
            self.day.counted[sku] += Decimal(more)

    def _ask(
        self, what: str, method: str, path: str, body: Json, headers: Json | None = None
    ) -> Json | None:
        answer = self._client.request(method, path, json=body, headers=headers)
        if answer.status_code in _GOOD:
            self.day.done[what] += 1
            return dict(answer.json())
        self.day.refused[what] += 1
        if answer.status_code not in _REFUSED:
            self.day.wrong.append(re.sub(r"\s+", " ", f"{what}: {answer.text}")[:300])
        return None

    def _amount(self, most: int) -> str:
        return str(_CENT * self._dice.randint(0, 100 * most))


def _path(order: Json) -> str:
    return f"/api/orders/{order['id']}"
