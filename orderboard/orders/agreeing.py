"""What strangers ask of a shop that is no sale: it is agreed between people, within bounds.

What the catalogue has costs what it says here too. Other prices that a stranger names are a wish.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from orderboard.catalogue import pricing, selling
from orderboard.errors import Conflict, Invalid
from orderboard.events.log import Transaction
from orderboard.orders import queries, rules
from orderboard.orders.model import Order
from orderboard.orders.new_order import NewOrder
from orderboard.quantities import quantity_text

Json = dict[str, Any]
_orders = Order.__table__
_WISHED = frozenset({"bulk", "sample"})
"""Types in which goods leave at prices that a stranger named: they wait until staff agree."""
_NUMBER = re.compile(r"#?([0-9]{1,9})")
_LINK = re.compile(r"(?:.*/track/)?([A-Za-z0-9_-]{20,40})/?")
_NEEDED = (
    "is needed: the number of the order, with the e-mail or phone it was placed with; or the link"
    " of its page"
)
_NOT_YOURS = "is no order that was placed with this e-mail or phone, and no link of an order's page"
_KEPT = ("sku", "quantity", "note")
_had_sample = sa.select(_orders.c.number).where(
    _orders.c.type == "sample",
    _orders.c.status.in_([s for s in rules.STATUSES if s not in ("cancelled", "declined")]),
    _orders.c.customer_key == sa.bindparam("customer"),
)
_contact = sa.select(
    _orders.c.id, _orders.c.number, _orders.c.customer_email, _orders.c.customer_phone
)


def agreed(tx: Transaction, order: NewOrder) -> NewOrder:
    """A stranger's order that is no sale, as the shop takes it.

    Raises Invalid, and Conflict for a second sample.
    """
    order = _with_catalogue_prices(tx, order)
    if order.type in rules.OF_AN_ORDER:
        theirs = _own_order(tx, order)
        _check_bought(tx, theirs["number"], order)
        order = replace(order, related_order=theirs["id"])
    if order.type == "sample":
        _check_sample(tx, order)
    return replace(order, status="on_hold" if order.type in _WISHED else None)


def _with_catalogue_prices(tx: Transaction, order: NewOrder) -> NewOrder:
    rows = selling.rows_of(tx, [item["sku"] for item in order.items if item.get("sku")])
    errors: dict[str, str] = {}
    currencies = {rows[item["sku"]]["currency"] for item in order.items if item.get("sku") in rows}
    if len(currencies) > 1:
        raise Invalid({"items": "Things in several currencies cannot be in one order."})
    items = [
        _line(item, rows[item["sku"]], f"items.{place}", order.type, errors)
        if item.get("sku") in rows
        else item
        for place, item in enumerate(order.items)
    ]
    if errors:
        raise Invalid(errors)
    return replace(order, items=items, currency=next(iter(currencies), order.currency))


def _line(item: Json, row: Json, path: str, kind: str, errors: dict[str, str]) -> Json:
    """A line with what the catalogue says of it. A sample costs nothing."""
    wrong = {"discount": "is set by the shop"} if item.get("discount") else {}
    said = pricing.chosen(row, item.get("options") or (), wrong)
    errors |= {f"{path}.{name}": text for name, text in wrong.items()}
    if kind == "sample":
        said["unit_price"] = Decimal()
        said["options"] = [option | {"price": Decimal()} for option in said["options"]]
    kept = {name: item[name] for name in _KEPT if name in item}
    return kept | {name: value for name, value in said.items() if value not in (None, [])}


def _check_bought(tx: Transaction, number: int, order: NewOrder) -> None:
    """Raise Invalid for goods that were not in an order, or not as many."""
    left, errors = Counter[str](), dict[str, str]()
    for line in queries.lines_of(tx.connection, [number])[number]:
        left[line.sku or ""] += line.quantity
    for place, item in enumerate(order.items):
        sku = item.get("sku")
        if not sku:
            continue  # people will see what it is
        if sku not in left:
            errors[f"items.{place}.sku"] = "is not in the order that it comes back from"
        elif item["quantity"] > left[sku]:
            some = quantity_text(left[sku])
            errors[f"items.{place}.quantity"] = f"is more than was bought: {some}"
        else:
            left[sku] -= item["quantity"]
    if errors:
        raise Invalid(errors)


def _own_order(tx: Transaction, order: NewOrder) -> Json:
    """The order of which something comes back: id and number.

    The answer is the same whether there is none by that number or one of somebody else.
    """
    if not order.related_order:
        raise Invalid({"related_order": _NEEDED})
    for which, is_secret in _meanings(order.related_order.strip()):
        row = tx.execute(_contact.where(which)).mappings().first()
        if row and (is_secret or _is_same_person(order.customer, row)):
            return dict(row)
    raise Invalid({"related_order": _NOT_YOURS})


def _meanings(text: str) -> list[tuple[sa.ColumnElement[bool], bool]]:
    """What orders a text may mean, and whether to know it is enough to be its customer."""
    if number := _NUMBER.fullmatch(text):
        return [(_orders.c.number == int(number[1]), False)]
    meanings: list[tuple[sa.ColumnElement[bool], bool]] = [(_orders.c.id == text[:40], False)]
    if link := _LINK.fullmatch(text):
        meanings.append((_orders.c.track_token == link[1], True))
    return meanings


def _is_same_person(customer: Mapping[str, Any], row: sa.RowMapping) -> bool:
    email, phone = customer.get("email"), _digits(customer.get("phone"))
    if email and email.casefold() == (row["customer_email"] or "").casefold():
        return True
    return bool(phone) and phone == _digits(row["customer_phone"])


def _digits(phone: str | None) -> str:
    return re.sub("[^0-9]", "", phone or "")


def _check_sample(tx: Transaction, order: NewOrder) -> None:
    if not (order.customer.get("email") or order.customer.get("phone")):
        raise Invalid({"customer.email": "or phone is needed for a sample"})
    tx.alone()  # or two at once would both be the first
    if tx.execute(_had_sample, {"customer": rules.customer_key(order.customer)}).first():
        raise Conflict("There has been a sample for you already: each customer may have one.")
