"""Taking a change of an order back, by another change that says so."""

from typing import Any

from orderboard import clock
from orderboard.catalogue import stock
from orderboard.discounts import commands as discounts
from orderboard.errors import Conflict, NotFound, NotTheirs
from orderboard.events import timeline
from orderboard.events.event import Actor, Event
from orderboard.events.log import Transaction
from orderboard.orders import events, returning, rules, undoable
from orderboard.orders.commands import CALLED_OFF, Held, hold, save
from orderboard.orders.details import check_details
from orderboard.orders.placing import contact
from orderboard.orders.snapshot import BESIDE, DETAILS, details_of, whole
from orderboard.people.drivers import driver_in

Json = dict[str, Any]
_CARRYING = [kind.name for kind in events.KINDS if kind.carries == "order"]
_PLAIN = ("cancel_reason", "cancellation_request", "address", "note")
"""Fields that are a column of their own, as they are told."""


def undo(
    tx: Transaction,
    held: Held,
    position: int,
    within: int,
    actor: Actor,
    driver_id: str | None = None,
) -> Json:
    """Take back what the event at a position changed of an order.

    ``within``: for how many minutes that can be done. ``driver_id``: only what this driver did.
    Raises NotFound, NotTheirs, Conflict (``built_on``, ``told`` or ``fields`` say why not), and
    OutOfStock (``missing``) where what the order gave back is not there any more.
    """
    order = whole(held.before)
    past = timeline.from_position(tx.connection, f"order:{order['id']}", position)
    if not past or past[0].position != position:
        raise NotFound("This order has no such event.")
    event, later = past[0], past[1:]
    if driver_id and not _is_of(event, driver_id):
        raise NotTheirs({"position": "is not of your doing"})
    undoable.check(event, later, order, clock.now(), within)
    _check_linked(tx, held, event)
    values = _as_before(tx, held, event)
    if "status" in event.was:
        _return_goods(tx, held, event.was["status"], actor)
    kind = events.CANCELLED if values.get("status") == "cancelled" else events.UPDATED
    return save(tx, held, kind, values, actor, undoes=position)


def _is_of(event: Event, driver_id: str) -> bool:
    """Whether a driver did it: the one who had the order, as names may be shared."""
    driver = (event.data or {}).get("driver") or {}
    return event.actor["kind"] == "driver" and driver.get("id") == driver_id


def _check_linked(tx: Transaction, held: Held, event: Event) -> None:
    """What becomes of a return becomes of the order that it comes back from as well."""
    row = held.row
    if "status" not in event.was or row["type"] not in rules.INBOUND or not row["related_order"]:
        return
    first = hold(tx, row["related_order"])
    state = returning.STATE_AFTER.get(row["status"])
    linked = [one["state"] for one in whole(first.before)["returns"] if one["order"] == row["id"]]
    if state and state in linked:
        number = first.row["number"]
        raise Conflict(f"Order #{number} has taken note of what came back; nothing undoes that.")


def _as_before(tx: Transaction, held: Held, event: Event) -> Json:
    """The columns with what a change made other than it was."""
    was, row = event.was, held.row
    values: Json = {name: was[name] for name in _PLAIN if name in was}
    if "status" in was:
        values |= {"status": was["status"], "times": _times_before(tx, held, event)}
    if "held_until" in was:
        values["held_until"] = was["held_until"] and clock.parse_rfc3339(was["held_until"])
    if "customer" in was:
        values |= contact(was["customer"])
    if "driver" in was:
        values["driver_id"] = _driver_before(tx, held, was["driver"])
    if "tracking" in was:
        said = {k: v for k, v in was["tracking"].items() if k != "location" and v is not None}
        values["tracking"] = said or None
    if "payment" in was:
        values["payment_method"] = was["payment"]["method"]
        values["payment_status"] = was["payment"]["status"]
    if not was.keys().isdisjoint({*DETAILS, *BESIDE}):
        values["details"] = _details_before(row["details"] or {}, was)
        if values["details"]:
            check_details(values["details"], held.lines, clock.now(), is_past=True)
    return values


def _details_before(details: Json, was: Json) -> Json | None:
    others = {name: value for name, value in details.items() if name not in was}
    beside = {name: was[name] for name in BESIDE if was.get(name)}
    return {**others, **details_of(was), **beside} or None


def _driver_before(tx: Transaction, held: Held, driver: Json | None) -> str | None:
    held.driver = driver_in(tx.connection, driver["id"]) if driver else None
    if driver and held.driver is None:
        raise Conflict(f"The driver {driver['name']} is not there any more.")
    return driver["id"] if driver else None


def _times_before(tx: Transaction, held: Held, event: Event) -> Json:
    """When the order came to each status, as it was before the event.

    Where the log is thinned that it had been in this status before is not known any more.
    """
    last = timeline.before(tx.connection, f"order:{held.row['id']}", event.position, _CARRYING)
    if last and last.data:
        return dict(last.data["times"])
    return {name: at for name, at in held.row["times"].items() if name != held.row["status"]}


def _return_goods(tx: Transaction, held: Held, status: str, actor: Actor) -> None:
    """Do to stock and codes what it means that an order is in a status as it was before.

    What can fail comes first: when several orders are taken back at once, one that cannot be must
    have changed nothing.
    """
    order_id, now = held.row["id"], held.row["status"]
    if now in CALLED_OFF and status not in CALLED_OFF:
        discounts.check_again(tx, order_id)
    if now in rules.GOODS_STAY and status not in rules.GOODS_STAY:
        stock.hold_again(tx, order_id, actor)
    elif status in rules.GOODS_STAY:
        stock.give_back(tx, order_id, actor)
    elif status in rules.PROMISES and now not in rules.PROMISES:
        stock.bring_back(tx, order_id, actor)
    elif now in rules.PROMISES and status not in rules.PROMISES:
        stock.take(tx, order_id, actor)
    if now in CALLED_OFF and status not in CALLED_OFF:
        discounts.use_again(tx, order_id)
    elif status in CALLED_OFF:
        discounts.give_back(tx, order_id)
