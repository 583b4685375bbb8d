"""Forgetting a customer: everywhere the person is, in small transactions, one order each."""

import secrets
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from orderboard.consumers import positions
from orderboard.customers import keeping as customers
from orderboard.database import reading
from orderboard.errors import Invalid
from orderboard.events import log, rewriting
from orderboard.figures import keeping as figures
from orderboard.orders import forgetting
from orderboard.web import idempotency


@dataclass(slots=True)
class Forgotten:
    """What was found and changed. ``name`` stands in the place of the person's."""

    name: str
    orders: int = 0
    events: int = 0
    answers: int = 0


def forget_customer(email: str, zone: str) -> Forgotten:
    """Remove a person by their e-mail address; sums, numbers and products stay as they are.

    May be broken off and run again. ``zone`` is the shop's time zone. Raises Invalid.
    """
    email = email.strip()
    if "@" not in email[1:-1]:
        raise Invalid({"email": "must be an e-mail address"})
    done = Forgotten(f"Forgotten customer {secrets.token_hex(4)}")
    positions.register([customers.CUSTOMERS.name])
    with reading() as connection:
        mine = forgetting.orders_of(connection, email)
    tokens = {order_id: secrets.token_urlsafe(16) for order_id in mine}
    done.answers = idempotency.rewrite(
        lambda order: (
            forgetting.scrubbed(order, done.name, tokens[order["id"]])
            if order.get("id") in tokens
            else order
        ),
        tokens,
    )
    for order_id in mine:
        _forget_one(order_id, done.name, tokens[order_id], ZoneInfo(zone))
        done.orders += 1
    for order_id in rewriting.orders_with(email):
        with log.transaction() as tx:
            done.events += forgetting.forget_before(tx, order_id, email, done.name)
    return done


def _forget_one(order_id: str, name: str, token: str, zone: ZoneInfo) -> None:
    with log.transaction() as tx:
        # As the consumer itself does: who keeps the records comes one after the other.
        positions.hold(tx, customers.CUSTOMERS.name)
        old, new = forgetting.forget(tx, order_id, name, token)
        customers.refresh(tx, [order_id])
        log.hold_head(tx)
        figures.rename_customer(tx.connection, zone, old, new)
