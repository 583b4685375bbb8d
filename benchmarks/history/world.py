"""Who orders what: thousands of customers, and a shop's usual baskets. Pure."""

from decimal import Decimal
from functools import cache
from random import Random
from typing import Any, NamedTuple

from orderboard.demo import world
from orderboard.demo.baskets import CURRENCY
from orderboard.orders import totals

Json = dict[str, Any]
DRIVERS = tuple(
    {"id": f"drv_history{number}", "name": name, "phone": phone}
    for number, (name, phone) in enumerate(world.DRIVERS)
)
BASKETS = 2000
"""How many different ones there are."""
_TYPES = {"purchase": 900, "bulk": 40, "return": 30, "exchange": 20, "sample": 9.9, "donation": 0.1}
_NAMES = [person.name.split(" ", 1) for person in world.PEOPLE]


class Basket(NamedTuple):
    """What is ordered together, and what it comes to."""

    type: str
    priced: totals.Priced


@cache
def baskets(seed: int) -> list[Basket]:
    """What people order. Rare types are as rare as they are in years of a shop."""
    dice = Random(f"{seed} baskets")
    return [_basket(dice) for _ in range(BASKETS)]


def kind_of(dice: Random, basket: Basket) -> str:
    """The type of one order of this basket."""
    return dice.choices(_kinds, _shares)[0] if basket.type == "purchase" else basket.type


def customer(number: int) -> Json:
    """One of the shop's customers. Most give an e-mail address, some order for a firm."""
    first, last = _NAMES[number % len(_NAMES)][0], _NAMES[number // 7 % len(_NAMES)][1]
    email = f"customer{number}@example.com" if number % 10 < 8 else None
    company = f"{last} & Co" if number % 25 == 0 else None
    phone = f"+1 555 {number // 10000:03d} {number % 10000:04d}"
    return {"name": f"{first} {last}", "company": company, "email": email, "phone": phone}


def address(number: int) -> Json:
    """Where that customer lives."""
    street, postal_code, lat, lng = world.STREETS[number % len(world.STREETS)]
    return {
        "line1": f"{number // 10 % 140 + 1} {street}",
        "city": world.CITY,
        "postal_code": postal_code,
        "lat": round(lat + number % 97 / 50_000, 6),
        "lng": round(lng + number % 89 / 50_000, 6),
    }


_kinds, _shares = list(_TYPES), list(_TYPES.values())


def _basket(dice: Random) -> Basket:
    kind = dice.choices(("purchase", "bulk"), (96, 4))[0]
    count = dice.choices((1, 2, 3, 4, 5), (24, 30, 24, 14, 8))[0]
    items = [_item(dice, product, kind) for product in dice.sample(world.PRODUCTS, count)]
    shipping = Decimal(dice.choice(("0", "3.90", "4.90")))
    return Basket(kind, totals.price(items, {"shipping": shipping}, CURRENCY))


def _item(dice: Random, product: world.Product, kind: str) -> Json:
    quantity = dice.randint(8, 40) if kind == "bulk" else dice.randint(1, product.usual)
    price = Decimal(product.price)
    discount = (price * quantity / 20).quantize(Decimal("0.01")) if quantity > 20 else Decimal(0)
    return {
        "sku": product.sku,
        "name": product.name,
        "quantity": 1000 * quantity,
        "unit_price": price,
        "discount": discount,
    }
