"""What may be done to products. Each command is one change of each product, one event each."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.catalogue import events, keeping
from orderboard.catalogue.model import Product
from orderboard.catalogue.searching import sort_name, text_of
from orderboard.catalogue.snapshot import snapshot
from orderboard.errors import ChangedMeanwhile, Conflict, Invalid, NotFound
from orderboard.events.event import Actor
from orderboard.events.kinds import Kind
from orderboard.events.log import Transaction
from orderboard.fields import is_kept
from orderboard.money import minor_at, to_text

Json = dict[str, Any]
_products = Product.__table__
_NO_PICTURE = "is no picture that the shop keeps"
_SAID_OF_MANY = ("category", "active", "tax_rate")
_NEVER = datetime.fromtimestamp(0, UTC)
_EMPTY: Json = {
    "description": None,
    "category": None,
    "price": 0,
    "tax_rate": None,
    "options": [],
    "image": None,
    "stock": None,
    "reserved": 0,
    "reorder_level": 0,
    "active": True,
    "version": 0,
    "revision": 0,
    "created_at": _NEVER,
    "updated_at": _NEVER,
    "updated_by_kind": "system",
    "updated_by_name": None,
}
"""A product of which nothing was said yet."""


def hold(tx: Transaction, sku: str, versions: Container[str] | None = None) -> Json:
    """Read a product's row for changing. Raises NotFound, ChangedMeanwhile for another version."""
    row = hold_all(tx, [sku]).get(sku)
    if row is None:
        raise NotFound("There is no such product.")
    if versions is not None and str(row["version"]) not in versions:
        product = snapshot(row)
        raise ChangedMeanwhile(product, product["updated_by"], "product")
    return row


def hold_all(tx: Transaction, skus: Iterable[str]) -> dict[str, Json]:
    """The rows of those products that there are, read for changing.

    In the order of their skus: two who want the same ones would otherwise wait for each other.
    """
    mine = _products.c.sku.in_(sorted(set(skus)))
    statement = sa.select(_products).where(mine).order_by(_products.c.sku).with_for_update()
    return {row["sku"]: dict(row) for row in tx.execute(statement).mappings()}


def hold_many(tx: Transaction, skus: Iterable[str]) -> dict[str, Json]:
    """The same, and nobody else adds a product or holds several until the transaction ends."""
    tx.alone()
    return hold_all(tx, skus)


def add(tx: Transaction, given: Json, currency: str, actor: Actor) -> Json:
    """Add a product; ``currency`` is the shop's. Raises Invalid, Conflict for a sku there is."""
    if hold_many(tx, [given["sku"]]):
        raise Conflict("There is a product with this sku.", sku=given["sku"])
    return put(tx, None, given, currency, actor)


def edit(tx: Transaction, row: Json, given: Json, actor: Actor) -> Json:
    """Change what is given of a product that is held. Raises Invalid.

    Another ``image`` needs ``tx.alone()`` before the product is held: a picture that no product
    shows any more is not kept.
    """
    product = put(tx, row, given, row["currency"], actor)
    if is_kept(row["image"]) and product["image"] != row["image"]:
        keeping.forget_unshown(tx)
    return product


def put(tx: Transaction, row: Json | None, given: Json, currency: str, actor: Actor) -> Json:
    """Change the product that is held, or add one where there is none. Raises Invalid.

    A picture that it showed is kept on, for another product that is to show it next.
    """
    kind = events.UPDATED if row else events.CREATED
    planned = change(row, given, currency)
    check_picture(planned, keeping.missing(tx.connection, [planned.new_image]))
    return _write(tx, kind, planned, actor)


def check_picture(planned: "Change", missing: Container[str]) -> None:
    """Raise Invalid for a picture of which only the address is there: one that is ``missing``."""
    if planned.new_image in missing:
        raise Invalid({"image": _NO_PICTURE})


def count(tx: Transaction, row: Json, actor: Actor, stock: int = 0, reserved: int = 0) -> None:
    """Add to the stock of a product that is held, and to what of it is promised (thousandths).

    Where it is not counted any more there is nothing to add to. Orders do this all day: it makes
    no version, of which whoever edits the product would have to hear.
    """
    now = row | {"reserved": max(row["reserved"] + reserved, 0)}
    if row["stock"] is not None:
        now["stock"] = max(row["stock"] + stock, 0)
    made = _difference(row, now)
    if made.differs:
        row.update(_save(tx, events.UPDATED, made, actor))


def of_bulk(row: Mapping[str, Any], change: Json) -> Json:
    """What a bulk change means for one product. Raises Invalid."""
    given: Json = {name: change[name] for name in _SAID_OF_MANY if name in change}
    price, stock = change.get("price") or {}, change.get("stock") or {}
    if "to" in price:
        given["price"] = price["to"]
    elif "percent" in price:
        exact = Decimal(row["price"]) * (100 + price["percent"]) / 100
        minor = int(exact.to_integral_value(ROUND_HALF_EVEN))
        given["price"] = Decimal(to_text(minor, row["currency"]))
    if "to" in stock:
        given["stock"] = stock["to"]
    elif "add" in stock:
        given["stock"] = _added(row, stock["add"])
    return given


def _added(row: Mapping[str, Any], number: Decimal) -> int:
    if row["stock"] is None:
        raise Invalid({"stock.add": "is for products whose stock is counted"})
    if (there := row["stock"] + int(number * 1000)) < 0:
        raise Invalid({"stock.add": "takes more than there is"})
    return int(there)


@dataclass(frozen=True, slots=True)
class Change:
    """What a command would do to a product: the row as it would be, and what was there before.

    ``was``: each field that differs, as it was; None for a product that is new.
    """

    row: Json
    was: Json | None

    @property
    def differs(self) -> bool:
        """Whether there is anything to do."""
        return self.was is None or bool(self.was)

    @property
    def new_image(self) -> str | None:
        """The picture, where it was another one before."""
        return self.row["image"] if self.was is None or "image" in self.was else None


def change(row: Json | None, given: Json, currency: str) -> Change:
    """What it would mean to give these fields to a product, or to a new one. Raises Invalid."""
    now = {**(row or {**_EMPTY, "currency": currency}), **_columns(row, given, currency)}
    now |= {"sort_name": sort_name(now["name"]), "text": text_of(now)}
    if row is None:
        return Change(now, None)
    return _difference(row, now)


def _difference(row: Json, now: Json) -> Change:
    before, after = snapshot(row), snapshot(now)
    return Change(now, {name: old for name, old in before.items() if after[name] != old})


def _write(tx: Transaction, kind: Kind, planned: Change, actor: Actor) -> Json:
    """Write what differs and record it; writes and records nothing where nothing differs."""
    if not planned.differs:
        return snapshot(planned.row)
    edit = {
        "version": planned.row["version"] + 1,
        "updated_by_kind": actor.kind,
        "updated_by_name": actor.name,
    }
    return snapshot(_save(tx, kind, Change(planned.row | edit, planned.was), actor))


def _save(tx: Transaction, kind: Kind, made: Change, actor: Actor) -> Json:
    moment = clock.now()
    row = made.row | {"revision": made.row["revision"] + 1, "updated_at": moment}
    if made.was is None:
        row["created_at"] = moment
        tx.execute(sa.insert(_products), row)
    else:
        tx.execute(sa.update(_products).where(_products.c.sku == row["sku"]).values(row))
    tx.record(kind, actor=actor, data=snapshot(row), was=made.was, at=moment)
    return row


def _columns(row: Json | None, given: Json, currency: str) -> Json:
    """What is given as columns. Raises Invalid for amounts that the currency does not have."""
    errors: dict[str, str] = {}
    currency = given.get("currency") or currency
    values = dict(given)
    if "price" in given:
        values["price"] = minor_at(given["price"], "price", currency, errors)
    elif row and currency != row["currency"]:
        errors["price"] = "must be given along with another currency"
    if "options" in given:
        values["options"] = _options(given["options"] or [], currency, errors)
    elif row and currency != row["currency"] and _have_prices(row["options"]):
        errors["options"] = "must be given along with another currency"
    if errors:
        raise Invalid(errors)
    return values


def _have_prices(options: list[Json]) -> bool:
    return any(value["price"] for option in options for value in option["values"])


def _options(options: list[Json], currency: str, errors: dict[str, str]) -> list[Json]:
    return [
        {
            "name": option["name"],
            "required": option.get("required", False),
            "values": [
                {
                    "value": value["value"],
                    "price": minor_at(
                        value.get("price"), f"options.{n}.values.{m}.price", currency, errors
                    ),
                }
                for m, value in enumerate(option["values"])
            ],
        }
        for n, option in enumerate(options)
    ]
