"""How an order travels, and where it is."""

from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.errors import Conflict, NotTheirs
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import events, rules
from orderboard.orders.commands import Held, save
from orderboard.orders.model import Order

Json = dict[str, Any]
_orders = Order.__table__


def track(tx: Transaction, held: Held, given: Json, actor: Actor) -> Json:
    """Set any of carrier, number, url, eta, partner and location; None clears one.

    Where an order is passes: that alone makes neither a version nor an event.
    """
    if "location" in given:
        _put(tx, held, given["location"])
    said = {name: value for name, value in given.items() if name != "location"}
    tracking = {**(held.row["tracking"] or {}), **said}
    kept = {name: value for name, value in tracking.items() if value is not None}
    return save(tx, held, events.UPDATED, {"tracking": kept or None}, actor)


def _put(tx: Transaction, held: Held, place: Json | None) -> None:
    held.row["place"] = {**place, "at": clock.rfc3339(clock.now())} if place else None
    mine = sa.update(_orders).where(_orders.c.number == held.row["number"])
    tx.execute(mine.values(place=held.row["place"]))
    held.before = held.snapshot()


def track_as_driver(tx: Transaction, held: Held, given: Json, actor: Actor) -> Json:
    """Say where an order is and when it comes.

    Raises NotTheirs for what the shop alone says, Conflict for an order that is not on its way.
    """
    others = sorted(given.keys() - rules.DRIVER_SAYS)
    if others:
        raise NotTheirs(dict.fromkeys(others, "is for the shop to set"))
    if held.row["status"] not in rules.ON_THE_WAY:
        raise Conflict(f"An order that is {held.row['status']} is not on its way any more.")
    return track(tx, held, given, actor)
