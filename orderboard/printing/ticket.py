"""What stands on the paper of an order, whoever draws it. Pure: from an order as staff see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from orderboard.orders import rules
from orderboard.printing.words import METHODS, TYPES, moment, money, plain, until
from orderboard.settings.values import Shop

Json = dict[str, Any]


class Entry(NamedTuple):
    """A line of the order: ``quantity`` as it is written, what it is, and what that comes to."""

    quantity: str
    name: str
    details: tuple[str, ...]
    sku: str | None
    unit_price: str
    total: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """The paper of one order. Texts of people are as they wrote them.

    ``times``, ``totals``: what it is, and its text. ``payment``: what is to be collected, in
    short; ``is_copy``: it was on paper before.
    """

    shop: str
    contact: tuple[str, ...]
    number: str
    own_number: str | None
    kind: str
    method: str
    status: str
    placed: str
    times: tuple[tuple[str, str], ...]
    customer: tuple[str, ...]
    address: tuple[str, ...]
    billing: tuple[str, ...]
    instructions: tuple[str, ...]
    entries: tuple[Entry, ...]
    totals: tuple[tuple[str, str], ...]
    total: str
    payment: str
    note: str | None
    is_copy: bool
    printed: str


def ticket(order: Json, shop: Shop, zone: ZoneInfo, now: datetime, is_copy: bool) -> Ticket:
    """The paper of an order as staff see it (``views.staff``), with times in the shop's zone."""
    wish, currency = order["fulfilment"] or {}, order["currency"]
    return Ticket(
        shop=shop.shop_name,
        contact=tuple(_filled(shop.contact.address, shop.contact.phone, shop.contact.email)),
        number=f"#{order['number']}",
        own_number=order["display_number"],
        kind=TYPES[order["type"]],
        method=f"Table {wish['table']}" if wish.get("table") else METHODS.get(method_of(order), ""),
        status=order["status_label"],
        placed=moment(order["created_at"], zone),
        times=tuple(_times(order, wish, zone)),
        customer=_person(order["customer"]),
        address=_address(order["address"], order["customer"]["name"]),
        billing=_address(order["billing_address"], ""),
        instructions=tuple(
            _filled(wish.get("instructions"), (order["address"] or {}).get("instructions"))
        ),
        entries=tuple(_entry(item, currency) for item in order["items"]),
        totals=tuple(_totals(order)),
        total=money(order["total"], currency),
        payment=payment(order),
        note=order["note"],
        is_copy=is_copy,
        printed=moment(now, zone),
    )


def payment(order: Json) -> str:
    """What is to be done about the money, in a few words."""
    paid, currency = order["payment"], order["currency"]
    if order["status"] in rules.CALLED_OFF:
        return str(order["status_label"]).upper()
    if float(paid["due"]):
        due = money(paid["due"], currency)
        some = f" ({money(paid['paid'], currency)} paid)" if float(paid["paid"]) else ""
        return f"{'NOT PAID' if paid['method'] == 'online' else 'COLLECT'} {due}{some}"
    return "PAID" if float(paid["paid"]) else "Nothing to collect"


def method_of(order: Json) -> str:
    """How an order gets to its customer, as it says or as its address does; empty: no word."""
    if order.get("fulfilment"):
        return str(order["fulfilment"]["method"])
    return "delivery" if order["address"] and order["type"] not in rules.INBOUND else ""


def _times(order: Json, wish: Json, zone: ZoneInfo) -> list[tuple[str, str]]:
    told = []
    begin, end = wish.get("from"), wish.get("until")
    if begin or end:
        told.append(("Wanted", _span(begin, end, zone)))
    if promised := rules.promised_at(order):
        told.append(("Promised", moment(promised, zone)))
    return told


def _span(begin: str | None, end: str | None, zone: ZoneInfo) -> str:
    if begin and end:
        return f"{moment(begin, zone)} to {until(begin, end, zone)}"
    return moment(begin, zone) if begin else f"by {moment(end or '', zone)}"


def _person(customer: Json) -> tuple[str, ...]:
    return tuple(_filled(*(customer[name] for name in ("name", "company", "phone", "email"))))


def _address(address: Json | None, name: str) -> tuple[str, ...]:
    """The lines of an address; a name that stands above it already is not said twice."""
    if not address:
        return ()
    town = " ".join(_filled(address["postal_code"], address["city"]))
    said = address["name"] if address["name"] != name else None
    return tuple(
        _filled(
            *(said, address["line1"], address["line2"], town),
            *(address["region"], address["country"], address.get("phone")),
        )
    )


def _entry(item: Json, currency: str) -> Entry:
    options = [f"{option['name']}: {option['value']}" for option in item.get("options") or ()]
    note = [f"“{item['note']}”"] if item.get("note") else []
    unit = f" {item['unit']}" if item.get("unit") else ""
    return Entry(
        quantity=f"{plain(item['quantity'])}{unit}",
        name=item["name"],
        details=(*options, *note),
        sku=item["sku"],
        unit_price=money(item["unit_price"], currency),
        total=money(item["total"], currency),
    )


def _totals(order: Json) -> list[tuple[str, str]]:
    """Everything between the lines and the total that is not nothing."""
    inside = " (included)" if order["tax_included"] else ""
    parts: list[tuple[str, str]] = [
        ("Subtotal", order["subtotal"]),
        ("Shipping", order["shipping"]),
    ]
    parts += [(fee["name"], fee["amount"]) for fee in order["fees"]]
    parts += [(_named(one, "Discount"), f"-{one['amount']}") for one in _each(order, "discount")]
    parts += [(_named(one, "Tax") + inside, one["amount"]) for one in _each(order, "tax")]
    parts += [("Tip", order["tip"]), ("Rounding", order["rounding"])]
    some = [(name, money(amount, order["currency"])) for name, amount in parts if float(amount)]
    return some if len(some) > 1 else []


def _each(order: Json, name: str) -> list[Json]:
    """The single discounts or taxes of an order; where only their sum is known, that."""
    many = {"discount": "discounts", "tax": "taxes"}[name]
    return order[many] or [{"amount": order[name]}]


def _named(part: Mapping[str, Any], otherwise: str) -> str:
    rate = f" {plain(part['rate'])} %" if part.get("rate") else ""
    return f"{part.get('name') or part.get('code') or otherwise}{rate}"


def _filled(*texts: str | None) -> list[str]:
    return [text for text in texts if text]
