"""Money that comes in for an order and goes back. Each command is one change, one event.

An order is held while it is worked on, so sums are exact however many want a refund at once.
"""

from typing import Any

from orderboard import clock
from orderboard.catalogue import stock
from orderboard.errors import Conflict
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.money import from_text, to_text
from orderboard.orders import events, paying, refunding, transfers
from orderboard.orders.commands import Held, save

Json = dict[str, Any]


def add_payment(tx: Transaction, held: Held, given: Json, actor: Actor) -> Json:
    """Record a payment: method, amount (a decimal), and title, reference, status, at.

    Raises Invalid for an amount that is none, and Conflict for an order of which staff said by
    hand that it is paid or refunded: it would count twice.
    """
    row = held.row
    if not row["payments"] and row["payment_status"] in ("paid", "refunded"):
        raise Conflict(
            f"This order was set to {row['payment_status']} by hand; "
            "set payment_status to due before payments are recorded."
        )
    payments = row["payments"] or []
    _check_room(payments)
    entry = paying.recorded(given, row["currency"], len(payments) + 1, clock.now())
    return save(tx, held, events.PAYMENT_RECORDED, {"payments": [*payments, entry]}, actor)


def move_payment(tx: Transaction, held: Held, payment_id: str, status: str, actor: Actor) -> Json:
    """Bring a payment into another status. Raises NotFound, or Conflict (``allowed``)."""
    payments = paying.moved(held.row["payments"] or [], payment_id, status, clock.now())
    return save(tx, held, events.PAYMENT_UPDATED, {"payments": payments}, actor)


def settle_online(tx: Transaction, held: Held, payment_id: str, status: str, actor: Actor) -> Json:
    """Say what became of a payment at its provider. Raises as ``move_payment`` does."""
    now, before = clock.now(), held.row["payments"] or []
    payments = paying.moved(before, payment_id, status, now, paying.TOLD_MOVES)
    return save(tx, held, events.PAYMENT_UPDATED, {"payments": payments}, actor)


def add_online(tx: Transaction, held: Held, given: Json, actor: Actor) -> Json:
    """Record what a provider (``provider``) was paid for an order, whatever was said of it before.

    The amount is text in the order's currency; ``status`` is any that a payment may have. Money
    that is there is not turned away: what staff said by hand becomes the payment that it stands
    for, and there is always room for one more.
    """
    row = held.row
    said = row["payment_status"] == "paid" and not row["payments"]
    before = row["payments"] or (_said(row) if said else [])
    entry = {"id": f"payment_{len(before) + 1}", **given}
    return save(tx, held, events.PAYMENT_RECORDED, {"payments": [*before, entry]}, actor)


def refund(
    tx: Transaction, held: Held, given: Json, actor: Actor, provider: str | None = None
) -> Json:
    """Give money back: lines, shipping, amount (in goodwill), reason, restock.

    ``provider``: by whom money that came by it is to go back.

    Raises Invalid for what is not there to be given back, Conflict (``refundable``) for more than
    was paid and has not gone back.
    """
    row = held.row
    refunds = row["refunds"] or []
    _check_room(refunds)
    amounts = refunding.refund(held.before, given)
    restock = bool(given.get("restock"))
    entry = {
        "id": f"refund_{len(refunds) + 1}",
        **amounts,
        "reason": given["reason"],
        "restock": restock,
        "at": clock.rfc3339(clock.now()),
        "by": {"kind": actor.kind, "name": actor.name},
        **transfers.planned(row, from_text(amounts["amount"], row["currency"]), provider),
    }
    values = {"payments": row["payments"] or _said(row), "refunds": [*refunds, entry]}
    if restock:
        back = refunding.quantities(held.before, amounts["lines"])
        stock.give_some_back(tx, row["id"], back, actor)
    return save(tx, held, events.REFUND_MADE, values, actor)


def settle_transfer(
    tx: Transaction, held: Held, transfer_id: str, status: str, reason: str | None, actor: Actor
) -> Json:
    """Say what became of a part of a refund at its provider. Raises NotFound."""
    refunds = transfers.settled(held.row["refunds"] or (), transfer_id, status, reason)
    return save(tx, held, events.REFUND_UPDATED, {"refunds": refunds}, actor)


def _said(row: Json) -> list[Json]:
    """What staff said by hand, as the payment that it stands for: now something is built on it."""
    amount = to_text(paying.said(row["payment_status"], row["total"]).paid, row["currency"])
    names = ("title", "reference", "at")
    said = {"id": "payment_1", "method": row["payment_method"], "amount": amount, "status": "paid"}
    return [{**said, **dict.fromkeys(names)}]


def _check_room(entries: list[Json]) -> None:
    if len(entries) >= paying.MOST:
        raise Conflict(f"An order has at most {paying.MOST} payments and as many refunds.")
