"""Orders that are probably one placed twice: the same person, the same things, within minutes.

Each process keeps in memory what was placed just now, by itself and, as it hears of every event, by
the others: a look there costs a new order next to nothing. What is found is looked up in the
transaction that places it, so that nothing is taken for a duplicate of what was called off, or was
never placed. Where three alike came within the minutes that is how somebody orders, and no slip.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask, current_app

from orderboard import clock, settings
from orderboard.events import log
from orderboard.events.event import Event
from orderboard.events.log import Transaction
from orderboard.orders import rules
from orderboard.orders.events import CREATED
from orderboard.orders.lines import Line
from orderboard.orders.model import Order

Json = dict[str, Any]
_orders = Order.__table__
_HERE = "orderboard.duplicates"
_MOST = 20_000
"""Keys of orders that are kept in memory."""
_HABIT = 3
_SHORTEST_PHONE = 6
_READ_AT_FIRST = 300
"""Events that a process reads to know what was placed just before it began."""
_stands = sa.select(_orders.c.id, _orders.c.number).where(
    _orders.c.id.in_(sa.bindparam("ids", expanding=True)),
    _orders.c.status.not_in(rules.CALLED_OFF),
)
_stands = _stands.order_by(_orders.c.number).limit(1)


class _Placed(NamedTuple):
    """An order by its id, and when it was placed."""

    id: str
    at: datetime


class Recent:
    """What one app in one process knows of the orders that were placed just now."""

    def __init__(self) -> None:
        self._by_key: dict[int, deque[_Placed]] = {}
        self._own: set[str] = set()
        self._has_read = False

    def heard(self, events: Iterable[Event]) -> None:
        """Take note of events that were committed, by this process and by others."""
        for event in events:
            if event.type != CREATED.name or event.data is None:
                continue
            if event.data["id"] in self._own:
                self._own.discard(event.data["id"])
            elif event.at == event.data["created_at"]:  # it did not happen elsewhere before
                keys = _keys(event.data["customer"], event.data["type"], _told(event.data["items"]))
                self._add(keys, _Placed(event.data["id"], clock.parse_rfc3339(event.at)))

    def first_of(
        self, tx: Transaction, row: Json, lines: Sequence[Line], beside: Mapping[str, int]
    ) -> Json | None:
        """The order that a new one repeats, ``{id, number}``; the new one is known from now on in
        its transaction, and to others once that has committed.
        """
        within = settings.current().duplicate_within
        if not within or not lines or tx.is_rehearsal or row["created_at"] != row["updated_at"]:
            return None
        self._read_once(tx)
        customer = {name: row[f"customer_{name}"] for name in ("name", "email", "phone")}
        keys, new = (
            _keys(customer, row["type"], _priced(lines)),
            _Placed(row["id"], row["created_at"]),
        )
        since = new.at - timedelta(minutes=within)
        pending = self._pending(tx)
        known = (where.get(key, ()) for key in keys for where in (self._by_key, pending.by_key))
        alike = {one.id for one in chain.from_iterable(known) if one.at >= since}
        for key in keys:
            pending.by_key.setdefault(key, []).append(new)
        if not alike or len(alike) >= _HABIT:
            return None
        found = tx.execute(_stands, {"ids": [*alike]}).first()
        if found:
            return {"id": found.id, "number": found.number}
        return next(({"id": one, "number": beside[one]} for one in beside if one in alike), None)

    def _pending(self, tx: Transaction) -> "_Pending":
        for one in tx.afterwards:
            if isinstance(one, _Pending):
                return one
        new = _Pending(self)
        tx.afterwards.append(new)
        return new

    def keep(self, placed: Mapping[int, Iterable[_Placed]]) -> None:
        """Take note of orders of one's own that have been committed, by their keys."""
        for key, those in placed.items():
            for one in those:
                self._own.add(one.id)
                self._add([key], one)

    def _add(self, keys: Iterable[int], placed: _Placed) -> None:
        for key in keys:
            known = self._by_key.setdefault(key, deque(maxlen=_HABIT))
            if all(one.id != placed.id for one in known):  # an event may be heard twice
                known.append(placed)
        if len(self._by_key) > _MOST:
            for key in list(self._by_key)[: _MOST // 2]:
                del self._by_key[key]
            self._own.clear()

    def _read_once(self, tx: Transaction) -> None:
        if self._has_read:
            return
        self._has_read = True
        head = log.head_in(tx.connection).position
        self.heard(log.since_in(tx.connection, max(0, head - _READ_AT_FIRST)))


class _Pending:
    """What a transaction places, which nobody else knows of while it may be rolled back."""

    def __init__(self, recent: Recent) -> None:
        self.by_key: dict[int, list[_Placed]] = {}
        self._recent = recent

    def __call__(self) -> None:
        self._recent.keep(self.by_key)


def setup(app: Flask) -> Recent:
    """Have the app know what was placed just now."""
    here = app.extensions[_HERE] = Recent()
    return here


def first_of(
    tx: Transaction, row: Json, lines: Sequence[Line], beside: Mapping[str, int]
) -> Json | None:
    """The order that a new one probably repeats, as ``{id, number}``.

    ``beside``: the ids and numbers of those that are placed with it and are not written yet.
    """
    here: Recent = current_app.extensions[_HERE]
    return here.first_of(tx, row, lines, beside)


def _keys(customer: Json, kind: str, things: tuple[Any, ...]) -> list[int]:
    """One key for each way in which two orders are the same person's; none without lines."""
    if not things:
        return []
    email, phone = customer["email"], customer["phone"]
    digits = "".join(filter(str.isdigit, phone)) if phone else ""
    who = [("email", email.casefold())] if email else []
    if len(digits) >= _SHORTEST_PHONE:
        who.append(("phone", digits))
    return [hash((one, kind, things)) for one in who or [("name", customer["name"].casefold())]]


def _priced(lines: Sequence[Line]) -> tuple[Any, ...]:
    found = [_thing(one.sku, one.name, one.quantity, one.details or {}) for one in lines]
    return tuple(sorted(found))


def _told(items: Sequence[Json]) -> tuple[Any, ...]:
    found = [
        _thing(one["sku"], one["name"], int(Decimal(str(one["quantity"])) * 1000), one)
        for one in items
    ]
    return tuple(sorted(found))


def _thing(sku: str | None, name: str, quantity: int, details: Json) -> tuple[Any, ...]:
    """What makes two lines the same: the product, or else its name; its options; how much of it."""
    options = details.get("options")
    chosen = tuple((one["name"], one["value"]) for one in options) if options else ()
    return (sku or name.casefold(), chosen, quantity)
