"""Forgetting a customer: everywhere the person is, in small transactions, one order each."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from orderboard.analytics import keeping as analytics
from orderboard.consumers import positions
from orderboard.customers import commands, events, queries
from orderboard.customers import keeping as customers
from orderboard.customers.model import CustomerErasure
from orderboard.database import reading
from orderboard.errors import Invalid
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.figures import keeping as figures
from orderboard.orders import forgetting, scrubbing
from orderboard.orders.rules import customer_key
from orderboard.web import idempotency

_KEEPER = customers.CUSTOMERS.name
_erasures = CustomerErasure.__table__
_AT_ONCE = 20
"""Orders that are forgotten before the courier does something else."""
_SOON, _BEHIND, _LATER = 0.02, 0.2, 1.0
"""Seconds to the next piece: at once, when the records have caught up, when somebody asks."""


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
    done = Forgotten(commands.forgotten_name())
    positions.register([_KEEPER, analytics.NAME])
    with reading() as connection:
        keys = queries.keys_with(connection, customer_key({"email": email}))
        mine = forgetting.orders_of(connection, keys)
    _forget_orders(mine, done, zone)
    _forget_before(keys, done)
    return done


def erase_next(zone: str) -> float:
    """Do a piece of what somebody wished at the API; answers the seconds to the next.

    Orders are found by the customers' records, which have to know all that were placed when it was
    wished. Whatever is broken off, the wish stands until all of it is done.
    """
    with reading() as connection:
        first = sa.select(_erasures).order_by(_erasures.c.asked_at, _erasures.c.public_id).limit(1)
        wish = connection.execute(first).mappings().first()
        some = queries.some_orders(connection, wish["keys"], _AT_ONCE) if wish else None
    if wish is None:
        return _LATER
    done = Forgotten(wish["name"])
    if some:
        _forget_orders(some, done, zone)
        return _SOON
    if some is not None or positions.state(_KEEPER)[0].position < wish["position"]:
        return _BEHIND
    _forget_before(wish["keys"], done)
    _finish(wish)
    return _SOON


def _finish(wish: Any) -> None:
    mine = sa.delete(_erasures).where(_erasures.c.public_id == wish["public_id"])
    with log.transaction() as tx:
        if tx.execute(mine).rowcount:
            who = Actor(**wish["asked_by"])
            tx.record(events.ERASED, actor=who, data={"id": wish["public_id"]})


def _forget_orders(order_ids: Sequence[str], done: Forgotten, zone: str) -> None:
    tokens = {order_id: secrets.token_urlsafe(16) for order_id in order_ids}
    done.answers += idempotency.rewrite(
        lambda order: (
            scrubbing.scrubbed(order, done.name, tokens[order["id"]])
            if order.get("id") in tokens
            else order
        ),
        tokens,
    )
    for order_id in order_ids:
        _forget_one(order_id, done.name, tokens[order_id], ZoneInfo(zone))
        done.orders += 1


def _forget_one(order_id: str, name: str, token: str, zone: ZoneInfo) -> None:
    with log.transaction() as tx:
        commands.hold(tx)  # as the consumer itself does: who keeps the records waits for another
        old, new = forgetting.forget(tx, order_id, name, token)
        customers.refresh(tx, [order_id])
        positions.hold(tx, analytics.NAME)
        analytics.refresh(tx, zone, [order_id])
        log.hold_head(tx)
        figures.rename_customer(tx.connection, zone, old, new)


def _forget_before(keys: Collection[str], done: Forgotten) -> None:
    for order_id in forgetting.orders_once_of(keys):
        with log.transaction() as tx:
            done.events += forgetting.forget_before(tx, order_id, keys, done.name)
