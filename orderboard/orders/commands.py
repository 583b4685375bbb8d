"""What may be done to an order after it was placed. Each command is one change, one event."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.catalogue import stock
from orderboard.discounts import commands as discounts
from orderboard.errors import (
    ChangedMeanwhile,
    Conflict,
    IllegalMove,
    Invalid,
    NotFound,
)
from orderboard.events.event import Actor
from orderboard.events.kinds import Kind
from orderboard.events.log import Transaction
from orderboard.orders import events, queries, refunding, returning, rules
from orderboard.orders.following import following
from orderboard.orders.lines import Line
from orderboard.orders.model import Order, OrderLine, WaitingAgain
from orderboard.orders.snapshot import snapshot, whole
from orderboard.people.drivers import driver_in

Json = dict[str, Any]
_orders, _lines, _again = Order.__table__, OrderLine.__table__, WaitingAgain.__table__
_SHADOWS = frozenset({"times", "payment_method"})
"""Fields that change only along with another one, which is the one to name."""
_hold_first = (
    sa.select(_orders.c.number)
    .where(
        _orders.c.id
        == sa.select(_orders.c.related_order)
        .where(_orders.c.id == sa.bindparam("order"), _orders.c.type.in_(rules.INBOUND))
        .scalar_subquery()
    )
    .with_for_update()
)
"""The order of which something comes back: what becomes of the return becomes of it. It is held
before the return, as it is where several orders are held, so that no two wait for each other.
"""
CALLED_OFF = frozenset({"cancelled", "declined"})
"""Statuses of orders that never came about: the code that they had may be used again."""
_REQUEST_STANDS = frozenset({"pending", "on_hold", "processing", "ready"})


@dataclass(slots=True)
class Held:
    """An order read for changing: nobody else can change it until the transaction ends."""

    row: Json
    lines: Sequence[Line]
    driver: Json | None
    before: Json

    def snapshot(self) -> Json:
        """The order as it now is."""
        return snapshot(self.row, self.lines, self.driver)


def hold(tx: Transaction, order_id: str, versions: Container[str] | None = None) -> Held:
    """Read an order for changing. Raises NotFound, or ChangedMeanwhile for any other version."""
    if tx.connection.dialect.name == "postgresql":
        tx.execute(_hold_first, {"order": order_id})
    statement = sa.select(_orders).where(_orders.c.id == order_id).with_for_update()
    found = tx.execute(statement).mappings().first()
    if found is None:
        raise NotFound("There is no such order.")
    row = dict(found)
    lines = queries.lines_of(tx.connection, [row["number"]])[row["number"]]
    driver = driver_in(tx.connection, row["driver_id"]) if row["driver_id"] else None
    before = snapshot(row, lines, driver)
    if versions is not None and str(row["version"]) not in versions:
        raise ChangedMeanwhile(before, before["updated_by"])
    return Held(row, lines, driver, before)


def keep_still(tx: Transaction, order_ids: Sequence[str]) -> None:
    """Have nobody else change any of these orders until the transaction ends.

    Before the first of many is changed: what becomes of its stock needs ``tx.alone()``, after
    which nobody may wait for an order any more.
    """
    first = sa.select(_orders.c.related_order).where(_orders.c.id.in_(order_ids))
    mine = _orders.c.id.in_(order_ids) | _orders.c.id.in_(first)
    tx.execute(sa.select(_orders.c.number).where(mine).order_by(_orders.c.id).with_for_update())


def move(
    tx: Transaction,
    held: Held,
    status: str,
    reason: str | None,
    actor: Actor,
    until: datetime | None = None,
) -> Json:
    """Bring an order into another status. Raises IllegalMove.

    ``until``: when an order that is put on hold comes back by itself.
    """
    rules.check_move(held.row["status"], status)
    values: Json = {
        "status": status,
        "times": {**held.row["times"], status: clock.rfc3339(clock.now())},
        "cancel_reason": reason,  # the one before was for a status that is over
    }
    if held.row["cancellation_request"] and status not in _REQUEST_STANDS:
        values["cancellation_request"] = None
    if status == "on_hold":
        values |= {"details": rules.unpromised(held.row["details"]), "held_until": until}
    if status in rules.GOODS_LEAVE:
        stock.take(tx, held.row["id"], actor)
    elif status in rules.GOODS_STAY:
        stock.give_back(tx, held.row["id"], actor)
    if status in CALLED_OFF:
        discounts.give_back(tx, held.row["id"])
    kind = events.CANCELLED if status == "cancelled" else events.UPDATED
    order = save(tx, held, kind, values, actor)
    if held.row["type"] in rules.INBOUND and held.row["related_order"]:
        _follow(tx, held.row, status, actor)
    return order


def _follow(tx: Transaction, back: Json, status: str, actor: Actor) -> None:
    """What it means for the order of which something comes back that this happened to the return.

    What has arrived is in stock again; when all has, that order is returned.
    """
    state = returning.STATE_AFTER.get(status)
    if state is None:
        return
    held = hold(tx, back["related_order"])
    order = whole(held.before)
    returns, lines = returning.settled(order, back["id"], state)
    if not lines:
        return  # somebody only named that order
    values: Json = {"details": {**held.row["details"], "returns": returns}}
    if state == "received":
        stock.give_some_back(tx, held.row["id"], refunding.quantities(order, lines), actor)
        is_over = "returned" in rules.MOVES[held.row["status"]]
        if is_over and returning.all_back({**order, "returns": returns}):
            stock.give_back(tx, held.row["id"], actor)
            times = {**held.row["times"], "returned": clock.rfc3339(clock.now())}
            values |= {"status": "returned", "times": times}
    kind = events.RETURN_RECEIVED if state == "received" else events.RETURN_CALLED_OFF
    save(tx, held, kind, values, actor)


def cancel_as_customer(tx: Transaction, held: Held, reason: str, actor: Actor) -> Json:
    """Cancel, or ask for it once work has begun. Raises IllegalMove when it is too late."""
    match rules.customer_may(held.row):
        case "cancel":
            return move(tx, held, "cancelled", reason, actor)
        case "request":
            request = {"reason": reason, "requested_at": clock.rfc3339(clock.now())}
            values = {"cancellation_request": request}
            return save(tx, held, events.CANCELLATION_REQUESTED, values, actor)
    if held.row["cancellation_request"]:
        raise Conflict("You have asked for this order to be cancelled; an answer will come.")
    raise IllegalMove(held.row["status"], "cancelled", [])


def answer_cancellation(
    tx: Transaction, held: Held, accept: bool, reason: str | None, actor: Actor
) -> Json:
    """Accept or refuse a customer's wish to cancel. Raises Conflict when there is none."""
    request = held.row["cancellation_request"]
    if not request:
        raise Conflict("The customer has not asked for this order to be cancelled.")
    if accept:
        return move(tx, held, "cancelled", reason or request["reason"], actor)
    values = {"cancellation_request": None}
    return save(tx, held, events.CANCELLATION_REFUSED, values, actor)


def assign(tx: Transaction, held: Held, driver_id: str | None, actor: Actor) -> Json:
    """Give an order to a driver, or to none. Raises Invalid for an unknown driver."""
    held.driver = driver_in(tx.connection, driver_id) if driver_id else None
    if driver_id and held.driver is None:
        raise Invalid({"driver": "there is no driver with this id"})
    return save(tx, held, events.UPDATED, {"driver_id": driver_id}, actor)


def _wait_again(tx: Transaction, row: Json) -> None:
    """Keep since when an order waits again to be accepted, if it does."""
    tx.execute(sa.delete(_again).where(_again.c.order_id == row["id"]))
    if row["status"] in rules.UNACCEPTED:
        tx.execute(sa.insert(_again).values(order_id=row["id"], at=row["updated_at"]))


def save(
    tx: Transaction,
    held: Held,
    kind: Kind,
    values: Json,
    actor: Actor,
    undoes: int | None = None,
) -> Json:
    """Write what differs and record it; writes and records nothing where nothing differs.

    ``undoes``: the position of the event that this takes back.
    """
    row, before = held.row, whole(held.before)
    row.update(values)
    values |= following(row)
    row.update(values)
    after = whole(held.snapshot())
    was = {
        name: before[name] for name in after if name not in _SHADOWS and after[name] != before[name]
    }
    if not was:
        return held.before
    stamp = {
        "version": row["version"] + 1,
        "updated_at": clock.now(),
        "updated_by_kind": actor.kind,
        "updated_by_name": actor.name,
    }
    row.update(stamp)
    statement = sa.update(_orders).where(_orders.c.number == row["number"])
    tx.execute(statement.values(**values, **stamp))
    if "status" in was and not {was["status"], row["status"]}.isdisjoint(rules.UNACCEPTED):
        _wait_again(tx, row)
    order = held.snapshot()
    at, order_id = row["updated_at"], order["id"]
    tx.record(kind, actor=actor, data=order, was=was, order_id=order_id, at=at, undoes=undoes)
    held.before = order
    return order
