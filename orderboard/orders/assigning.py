"""Who of the staff looks after an order. Customers and drivers are not told whom."""

from typing import Any

from orderboard.errors import Invalid
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import events
from orderboard.orders.commands import Held, save
from orderboard.people.team import named_in

Json = dict[str, Any]


def assign_to(tx: Transaction, held: Held, staff_id: int | None, actor: Actor) -> Json:
    """Have somebody look after an order, or nobody. Raises Invalid for who is none of the staff.

    The order keeps the name that they had then.
    """
    member = named_in(tx.connection, staff_id) if staff_id is not None else None
    if staff_id is not None and member is None:
        raise Invalid({"staff": "there is no member of the staff with this id"})
    kept = {n: v for n, v in (held.row["details"] or {}).items() if n != "assigned_to"}
    details = {**kept, "assigned_to": member} if member else kept
    return save(tx, held, events.UPDATED, {"details": details or None}, actor)
