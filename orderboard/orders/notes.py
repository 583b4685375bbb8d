"""Internal notes of orders."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from ulid import ULID

from orderboard import clock
from orderboard.errors import Invalid, NotFound
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import events
from orderboard.orders.model import Order
from orderboard.people.team import named_in

Json = dict[str, Any]
_orders = Order.__table__


def add_note(
    tx: Transaction, order_id: str, text: str, mentions: Sequence[int], actor: Actor
) -> Json:
    """Add an internal note, which neither customer nor driver ever sees.

    ``mentions``: whom of the staff it is for. Raises NotFound, Invalid for who is none of them.
    """
    if tx.execute(sa.select(_orders.c.number).where(_orders.c.id == order_id)).first() is None:
        raise NotFound("There is no such order.")
    moment = clock.now()
    note: Json = {
        "id": f"note_{ULID()}",
        "order_id": order_id,
        "text": text,
        "at": clock.rfc3339(moment),
        "by": {"kind": actor.kind, "name": actor.name},
        "mentions": _mentioned(tx, mentions),
    }
    tx.record(events.NOTE_ADDED, actor=actor, data=note, order_id=order_id, at=moment)
    return note


def _mentioned(tx: Transaction, ids: Sequence[int]) -> list[Json]:
    errors: dict[str, str] = {}
    found: dict[int, Json] = {}
    for place, staff_id in enumerate(ids):
        member = named_in(tx.connection, staff_id)
        if member is None:
            errors[f"mentions.{place}"] = "there is no member of the staff with this id"
        else:
            found[staff_id] = member
    if errors:
        raise Invalid(errors)
    return [*found.values()]
