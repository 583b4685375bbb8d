"""Taking a person out of an order: out of the row, the search, and all of its events.

What was ordered, what it came to, when, and how it moved stays. The customer's link changes, too.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard import clock
from orderboard.events import rewriting
from orderboard.events.event import Actor, Event
from orderboard.events.log import Transaction
from orderboard.orders import commands, events
from orderboard.orders.commands import Held
from orderboard.orders.following import following
from orderboard.orders.lines import rows_of
from orderboard.orders.model import Order, OrderLine
from orderboard.orders.placing import contact
from orderboard.orders.rules import customer_key
from orderboard.orders.scrubbing import GONE, STAYS_OF_TRACKING, scrubbed, without_note
from orderboard.orders.snapshot import BESIDE, DETAILS, whole
from orderboard.orders.totals import EXTRAS

Json = dict[str, Any]
_orders, _lines = Order.__table__, OrderLine.__table__
ACTOR = Actor("system", "forget-customer")
_MONEY = ("payments", "refunds")
_DETAILS = (*DETAILS, *BESIDE, "returns")
_SHOWN = (
    *("customer", "address", "note", "tracking", "cancel_reason", "cancellation_request"),
    *("items", *_MONEY, *_DETAILS),
)


def orders_of(connection: Connection, keys: Collection[str]) -> list[str]:
    """The ids of the orders that somebody of these keys has now, oldest first."""
    mine = sa.select(_orders.c.id).where(_orders.c.customer_key.in_([*keys]))
    return list(connection.execute(mine.order_by(_orders.c.number)).scalars())


def orders_once_of(keys: Collection[str]) -> set[str]:
    """The ids of the orders that somebody of these keys had once. Looks through the whole log."""
    return rewriting.orders_where("customer", lambda customer: _is_theirs(customer, keys))


def forget(tx: Transaction, order_id: str, name: str, token: str) -> tuple[str, str]:
    """Take the person out of one order. Answers its customer's key before and after.

    The change is an event that says what has gone, and not what it was. Raises NotFound.
    """
    held = commands.hold(tx, order_id)
    row, key = held.row, str(held.row["customer_key"])
    after = scrubbed(held.before, name, token)
    rewriting.rewrite(tx, _without(rewriting.under(tx, f"order:{order_id}"), name, token))
    kept = {part: after["tracking"][part] for part in STAYS_OF_TRACKING}
    values: Json = {
        **contact({"name": name}),
        **dict.fromkeys(GONE),
        "cancellation_request": after["cancellation_request"],
        "tracking": {part: value for part, value in kept.items() if value is not None} or None,
        "place": None,
        **{part: after[part] or None for part in _MONEY},
        "track_token": token,
        "version": row["version"] + 1,
        "updated_at": clock.now(),
        "updated_by_kind": ACTOR.kind,
        "updated_by_name": ACTOR.name,
    }
    known = (*_DETAILS, *EXTRAS)
    values["details"] = {part: after[part] for part in known if part in after} or None
    before, after = whole(held.before), whole(after)
    changed = [part for part in _SHOWN if before[part] != after[part]]
    if "items" in changed:
        _silence_lines(tx, held)
    row.update(values)
    values |= following(row)
    row.update(values)
    tx.execute(sa.update(_orders).where(_orders.c.number == row["number"]).values(values))
    order = held.snapshot()
    was = {part: after[part] for part in changed}
    tx.record(
        events.UPDATED, actor=ACTOR, data=order, was=was, order_id=order_id, at=row["updated_at"]
    )
    return key, str(values["customer_key"])


def _silence_lines(tx: Transaction, held: Held) -> None:
    held.lines = [replace(line, details=without_note(line.details)) for line in held.lines]
    number = held.row["number"]
    tx.execute(sa.delete(_lines).where(_lines.c.order_number == number))
    tx.execute(sa.insert(_lines), rows_of(number, held.lines))


def forget_before(tx: Transaction, order_id: str, keys: Collection[str], name: str) -> int:
    """Take a person out of the events of an order that is somebody else's by now.

    Answers how many events have changed.
    """
    changed = []
    for event in rewriting.under(tx, f"order:{order_id}"):
        data, was = (_of_person(part, keys, name) for part in (event.data, event.was))
        if data != event.data or was != event.was:
            changed.append(_named(replace(event, data=data, was=was or {}), name))
    rewriting.rewrite(tx, changed)
    return len(changed)


def _of_person(order: Json | None, keys: Collection[str], name: str) -> Json | None:
    if order is None or not _is_theirs(order.get("customer"), keys):
        return order
    return scrubbed(order, name, order.get("track_token") or "")


def _is_theirs(customer: Json | None, keys: Collection[str]) -> bool:
    return bool(customer and customer.get("name")) and customer_key(customer or {}) in keys


def _without(old: Collection[Event], name: str, token: str) -> list[Event]:
    changed = []
    for event in old:
        data = event.data
        if event.type == events.NOTE_ADDED.name:
            data = {**data, "text": ""} if data else data
        elif data is not None:
            data = scrubbed(data, name, token)
        changed.append(
            _named(replace(event, data=data, was=scrubbed(event.was, name, token)), name)
        )
    return changed


def _named(event: Event, name: str) -> Event:
    if event.actor["kind"] != "customer" or not event.actor["name"]:
        return event
    return replace(event, actor={"kind": "customer", "name": name})
