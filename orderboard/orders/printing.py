"""What became of an order's paper. It stands beside the order: printing one makes no version."""

from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.errors import NotFound
from orderboard.events.event import Actor
from orderboard.events.kinds import Kind
from orderboard.events.log import Transaction
from orderboard.orders import events
from orderboard.orders.model import Order

Json = dict[str, Any]
NOTHING: Json = {"printed": None, "print_failed": None}
_orders = Order.__table__


def mark_printed(tx: Transaction, order_id: str, actor: Actor, printer: str | None = None) -> Json:
    """Note that an order is on paper, once more than before; answers how that is kept.

    Raises NotFound. ``printer``: the id of the one that did it; that another one has failed is
    then still so. Somebody who printed it by hand has the paper, whichever printer failed.
    """
    before = _held(tx, order_id)
    failed = before["print_failed"]
    if printer is None or (failed and failed["printer"] == printer):
        failed = None
    times = before["printed"]["times"] if before["printed"] else 0
    printed = {
        "at": clock.rfc3339(clock.now()),
        "by": {"kind": actor.kind, "name": actor.name},
        "times": times + 1,
    }
    after = {"printed": printed, "print_failed": failed}
    return _keep(tx, order_id, events.PRINTED, before, after, actor)


def mark_failed(tx: Transaction, order_id: str, printer: str, reason: str, actor: Actor) -> Json:
    """Note that a printer, which is the actor, has not printed an order. Raises NotFound."""
    before = _held(tx, order_id)
    failed = {
        "printer": printer,
        "name": actor.name or printer,
        "reason": reason,
        "at": clock.rfc3339(clock.now()),
    }
    after = {**before, "print_failed": failed}
    return _keep(tx, order_id, events.PRINT_FAILED, before, after, actor)


def _held(tx: Transaction, order_id: str) -> Json:
    mine = sa.select(_orders.c.prints).where(_orders.c.id == order_id).with_for_update()
    row = tx.execute(mine).first()
    if row is None:
        raise NotFound("There is no such order.")
    return {**NOTHING, **(row.prints or {})}


def _keep(
    tx: Transaction, order_id: str, kind: Kind, before: Json, after: Json, actor: Actor
) -> Json:
    tx.execute(sa.update(_orders).where(_orders.c.id == order_id).values(prints=after))
    was = {name: before[name] for name in after if after[name] != before[name]}
    data = {"order_id": order_id, **after}
    tx.record(kind, actor=actor, data=data, was=was, order_id=order_id)
    return after
