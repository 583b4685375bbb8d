"""What a provider tells becomes what is known of an order: each payment once, as it is.

The order is held first. Whoever tells the same at the same time waits, and finds it recorded.
"""

from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.errors import Conflict, Invalid
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.money import to_text
from orderboard.online.model import CheckoutRow
from orderboard.online.provider import Paid, Provider
from orderboard.orders import commands, payments
from orderboard.orders.commands import Held
from orderboard.orders.paying import WAITED_FOR

Json = dict[str, Any]
_checkouts = CheckoutRow.__table__
RECORDED, KNOWN, NOT_OURS = "recorded", "known", "not ours"


def record_payment(provider: Provider, paid: Paid) -> str:
    """Record a payment; answers whether it is RECORDED, was KNOWN, or is NOT_OURS.

    Raises Conflict for a page that is another order's or was paid otherwise, Invalid for another
    currency.
    """
    with log.transaction() as tx:
        row = _page(tx, provider.name, paid)
        if row is None:
            return NOT_OURS
        held = commands.hold(tx, row["order_id"])
        row = _page(tx, provider.name, paid) or row  # as it is now that nobody else can change it
        actor = Actor("system", provider.title)
        if row["payment"] == paid.payment:
            status = _status_of(held, row["entry"])
            if status in WAITED_FOR and paid.status != "pending":
                payments.settle_online(tx, held, row["entry"], paid.status, actor)
                return RECORDED
            if status == "paid" or paid.status != "paid":
                return KNOWN
        else:
            _check(row, paid)
        order = payments.add_online(tx, held, _given(provider, paid), actor)
        values = {
            "payment": paid.payment,
            "entry": order["payments"][-1]["id"],
            "reference": paid.checkout,
        }
        tx.execute(sa.update(_checkouts).where(_checkouts.c.id == row["id"]).values(**values))
        return RECORDED


def _page(tx: Transaction, provider: str, paid: Paid) -> Json | None:
    """The page by its name at the provider; by its key while that name is not known yet."""
    theirs = _checkouts.c.provider == provider
    by_name = theirs & (_checkouts.c.reference == paid.checkout)
    by_key = theirs & (_checkouts.c.id == paid.key) & _checkouts.c.reference.is_(None)
    for mine in (by_name, by_key):
        if row := tx.execute(sa.select(_checkouts).where(mine)).mappings().first():
            return dict(row)
    return None


def _check(row: Json, paid: Paid) -> None:
    if row["payment"] is not None:
        raise Conflict("This page was paid by another payment.")
    if paid.key is not None and paid.key != row["id"]:
        raise Conflict("This page is another order's.")
    if paid.currency != row["currency"]:
        raise Invalid({"currency": f"is {paid.currency}, and the order's is {row['currency']}"})
    if not paid.amount:
        raise Invalid({"amount": "is nothing"})


def _status_of(held: Held, entry: str) -> str:
    return str(next(one["status"] for one in held.row["payments"] if one["id"] == entry))


def _given(provider: Provider, paid: Paid) -> Json:
    return {
        "method": "online",
        "title": provider.title,
        "amount": to_text(paid.amount, paid.currency),
        "reference": paid.payment,
        "provider": provider.name,
        "status": paid.status,
        "at": clock.rfc3339(clock.now()),
    }
