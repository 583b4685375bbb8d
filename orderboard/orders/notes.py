"""Internal notes of orders."""

from typing import Any

import sqlalchemy as sa
from ulid import ULID

from orderboard import clock
from orderboard.errors import NotFound
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import events
from orderboard.orders.model import Order

Json = dict[str, Any]
_orders = Order.__table__


def add_note(tx: Transaction, order_id: str, text: str, actor: Actor) -> Json:
    """Add an internal note, which neither customer nor driver ever sees. Raises NotFound."""
    if tx.execute(sa.select(_orders.c.number).where(_orders.c.id == order_id)).first() is None:
        raise NotFound("There is no such order.")
    moment = clock.now()
    note: Json = {
        "id": f"note_{ULID()}",
        "order_id": order_id,
        "text": text,
        "at": clock.rfc3339(moment),
        "by": {"kind": actor.kind, "name": actor.name},
    }
    tx.record(events.NOTE_ADDED, actor=actor, data=note, order_id=order_id, at=moment)
    return note
