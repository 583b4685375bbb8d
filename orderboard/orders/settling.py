"""Saying what an order is that was taken for a duplicate of another."""

from typing import Any

import sqlalchemy as sa

from orderboard.errors import Conflict
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import commands, events
from orderboard.orders.commands import Held, save
from orderboard.orders.model import Order
from orderboard.orders.snapshot import whole

Json = dict[str, Any]
_orders = Order.__table__


def hold_both(tx: Transaction, order_id: str) -> None:
    """Have nobody else change the order or the one that it repeats, whichever is changed first."""
    mine = sa.select(_orders.c.details).where(_orders.c.id == order_id)
    first = (tx.execute(mine).scalar() or {}).get("duplicate_of")
    commands.keep_still(tx, [order_id, *([first["id"]] if first else [])])


def settle(tx: Transaction, held: Held, keep: str, actor: Actor) -> Json:
    """Settle which of two orders is wanted: ``both``, ``this`` or the ``other``, that came first.

    Raises Conflict for an order that is not taken for a duplicate (any more), and IllegalMove where
    it is too late to cancel the one that is not wanted.
    """
    first = whole(held.before)["duplicate_of"]
    if not first:
        raise Conflict("This order is not taken for a duplicate, or not any more.")
    if keep == "other":
        return commands.move(tx, held, "cancelled", f"Duplicate of #{first['number']}", actor)
    if keep == "this":
        reason = f"Duplicate of #{held.row['number']}"
        commands.move(tx, commands.hold(tx, first["id"]), "cancelled", reason, actor)
    rest = {name: said for name, said in held.row["details"].items() if name != "duplicate_of"}
    return save(tx, held, events.UPDATED, {"details": rest or None}, actor)
