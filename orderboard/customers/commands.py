"""What is done to customers: two become one, and somebody is to be forgotten."""

import secrets
from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.consumers import positions
from orderboard.customers import events, keeping
from orderboard.customers.model import (
    Customer,
    CustomerAlias,
    CustomerErasure,
    CustomerOrder,
    CustomerSum,
)
from orderboard.customers.queries import keys_of
from orderboard.errors import Conflict, Invalid, NotFound
from orderboard.events.event import Actor
from orderboard.events.log import Transaction, head_in

Json = dict[str, Any]
_customers, _sums, _shares = Customer.__table__, CustomerSum.__table__, CustomerOrder.__table__
_aliases, _erasures = CustomerAlias.__table__, CustomerErasure.__table__
MOST_MERGED = 10_000
"""Orders that may go over to another customer at once: whoever writes waits for it."""


def merge(tx: Transaction, public_id: str, other_id: str, actor: Actor) -> None:
    """Have a customer be another one as well: orders, sums and keys of ``other_id`` go over to it.

    Orders that come under a key of either count for it from now on. Raises NotFound, Invalid when
    both are one, Conflict when one of them is being erased or the other has too many orders.
    """
    if public_id == other_id:
        raise Invalid({"customer": "must be another one"})
    hold(tx)
    into, other = _held(tx, public_id), _found(tx, other_id)
    if other is None:
        raise Invalid({"customer": "is no customer"})
    if _is_erasing(tx, public_id) or _is_erasing(tx, other_id):
        raise Conflict("One of them is being erased.")
    if other["orders"] > MOST_MERGED:
        raise Conflict(f"Only a customer of up to {MOST_MERGED} orders can be merged into another.")
    _hand_over(tx, other, into["id"])
    keeping.remove(tx, [other["id"]])
    keeping.complete(tx, [into["id"]])
    tx.record(events.MERGED, actor=actor, data={"id": public_id, "merged": other_id})


def ask_to_erase(tx: Transaction, public_id: str, actor: Actor) -> None:
    """Have a customer forgotten; what is done then is the courier's. Again changes nothing.

    Raises NotFound.
    """
    hold(tx)
    row = _held(tx, public_id)
    if _is_erasing(tx, public_id):
        return
    wish = {
        "public_id": public_id,
        "keys": keys_of(tx.connection, row["id"]),
        "name": forgotten_name(),
        "position": head_in(tx.connection).position,
        "asked_at": clock.now(),
        "asked_by": {"kind": actor.kind, "name": actor.name},
    }
    tx.execute(sa.insert(_erasures), wish)


def forgotten_name() -> str:
    """What stands in the place of a name."""
    return f"Forgotten customer {secrets.token_hex(4)}"


def hold(tx: Transaction) -> None:
    """Have nobody else change the records until the transaction ends."""
    positions.hold(tx, keeping.CUSTOMERS.name)


def _held(tx: Transaction, public_id: str) -> Any:
    row = _found(tx, public_id)
    if row is None:
        raise NotFound("There is no such customer.")
    return row


def _found(tx: Transaction, public_id: str) -> Any:
    mine = sa.select(_customers).where(_customers.c.public_id == public_id)
    return tx.execute(mine).mappings().first()


def _is_erasing(tx: Transaction, public_id: str) -> bool:
    mine = sa.select(_erasures.c.public_id).where(_erasures.c.public_id == public_id)
    return tx.execute(mine).first() is not None


def _hand_over(tx: Transaction, other: Any, into: int) -> None:
    theirs = sa.select(_sums.c.currency, _sums.c.orders, _sums.c.revenue)
    sums = tx.execute(theirs.where(_sums.c.customer_id == other["id"])).mappings().all()
    tx.execute(sa.delete(_sums).where(_sums.c.customer_id == other["id"]))
    keeping.add_to_sums(tx, [{"customer_id": into, **row} for row in sums])
    for table in (_shares, _aliases):
        mine = sa.update(table).where(table.c.customer_id == other["id"])
        tx.execute(mine.values(customer_id=into))
    tx.execute(sa.insert(_aliases), {"key": other["key"], "customer_id": into})
