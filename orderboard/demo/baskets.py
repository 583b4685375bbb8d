"""What people in the demo order: bodies for ``POST /api/orders``."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

from orderboard.demo import world
from orderboard.demo.world import Person, Product

Json = dict[str, Any]
CURRENCY = "EUR"
_CENT = Decimal("0.01")
_TYPES = {"purchase": 86, "return": 4, "exchange": 3, "donation": 2, "sample": 5}


def new_order(dice: Random) -> Json:
    """An order that somebody of the town might place."""
    person = dice.choice(world.PEOPLE)
    kind = "bulk" if person.company else dice.choices(list(_TYPES), list(_TYPES.values()))[0]
    items = _items(dice, kind)
    free = kind in ("sample", "donation", "return", "exchange")
    order: Json = {
        "customer": _customer(dice, person),
        "type": kind,
        "currency": CURRENCY,
        "items": items,
        "address": _address(dice, person),
        "payment_method": "none" if free else dice.choice(("cod", "online", "online")),
    }
    if not free and _sum(items) < 60:
        order["shipping"] = dice.choice(("3.90", "4.90", "6.50"))
    if dice.random() < 0.2:
        order["note"] = dice.choice(world.NOTES)
    return order


def as_stranger(order: Json) -> Json | None:
    """The same order from somebody whom the shop does not know; None for what they may not.

    What they buy costs what the catalogue says, so they say nothing of prices.
    """
    if order["type"] != "purchase":
        return None
    items = [{"sku": item["sku"], "quantity": item["quantity"]} for item in order["items"]]
    kept = {name: value for name, value in order.items() if name not in ("shipping", "currency")}
    return {**kept, "items": items}


def _customer(dice: Random, person: Person) -> Json:
    customer = {"name": person.name, "phone": person.phone}
    if person.company:
        customer["company"] = person.company
    if dice.random() < 0.7:
        customer["email"] = f"customer{person.phone[-3:]}@example.com"
    return customer


def _address(dice: Random, person: Person) -> Json:
    street, postal_code, lat, lng = dice.choice(world.STREETS)
    return {
        "name": person.company,
        "line1": f"{dice.randint(1, 140)} {street}",
        "city": world.CITY,
        "postal_code": postal_code,
        "lat": round(lat + dice.uniform(-0.002, 0.002), 6),
        "lng": round(lng + dice.uniform(-0.003, 0.003), 6),
    }


def _items(dice: Random, kind: str) -> list[Json]:
    if kind == "bulk":
        return [_line(dice, p, dice.randint(8, 40)) for p in _some(dice, dice.randint(2, 6))]
    if kind in ("return", "exchange", "sample"):
        return [_line(dice, p, 1, free=kind == "sample") for p in _some(dice, dice.randint(1, 2))]
    count = dice.choices((1, 2, 3, 4, 5), (24, 30, 24, 14, 8))[0]
    return [_line(dice, p, dice.randint(1, p.usual)) for p in _some(dice, count)]


def _some(dice: Random, count: int) -> Sequence[Product]:
    return dice.sample(world.PRODUCTS, count)


def _line(dice: Random, product: Product, quantity: int, free: bool = False) -> Json:
    price = Decimal(0) if free else Decimal(product.price)
    line: Json = {
        "sku": product.sku,
        "name": product.name,
        "quantity": quantity,
        "unit_price": str(price.quantize(_CENT)),
    }
    if quantity >= 20 or (not free and dice.random() < 0.05):
        line["discount"] = str((price * quantity * Decimal("0.05")).quantize(_CENT))
    return line


def _sum(items: Sequence[Json]) -> Decimal:
    return sum((Decimal(item["unit_price"]) * item["quantity"] for item in items), Decimal(0))
