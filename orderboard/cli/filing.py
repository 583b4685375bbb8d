"""Filing orders by the thousand while the shop is open.

What is there already is passed over before anybody looks at it closely. What is new is checked
outside of a transaction, and placed in transactions so short that nobody who orders meanwhile
notices.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from marshmallow import ValidationError
from werkzeug.exceptions import BadRequest

from orderboard.errors import Conflict, Invalid, OutOfStock
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.fields import Code
from orderboard.orders import external_ids, placing
from orderboard.orders.new_order import NewOrder
from orderboard.orders.schemas import LONGEST_EXTERNAL_ID, PlaceOrder, new_order
from orderboard.web.body import parse, shaped

SOURCE = "import"
_ACTOR = Actor("script", SOURCE)
_HOLD = 0.01
"""Seconds of placing in one transaction. On SQLite everybody else waits for its end."""
_LET_IN = 0.006
"""Seconds between two transactions, at least: twice as long as who waits for SQLite sleeps."""
_SHARE = 0.5
"""How long others have their turn, in parts of how long they had to wait for it."""
_PATIENCE = 60.0
_place_order = PlaceOrder()


class Line(NamedTuple):
    """A line of the file and where it stands."""

    number: int
    text: bytes


@dataclass(slots=True)
class Tally:
    """What became of the lines."""

    placed: int = 0
    known: int = 0
    refused: int = 0

    @property
    def lines(self) -> int:
        """How many there were."""
        return self.placed + self.known + self.refused

    def __str__(self) -> str:
        return f"{self.placed} placed, {self.known} there already, {self.refused} refused"


class Filing:
    """Orders on their way from lines of JSON into the shop. ``tally`` counts what is done."""

    def __init__(self, currency: str) -> None:
        self.tally = Tally()
        self._currency = currency

    def file(self, lines: Sequence[Line]) -> list[tuple[int, str]]:
        """Place the orders of some lines; answers the numbers of refused lines, and why.

        Raises Busy, DiskFull or ReadOnly when the database takes no more; what ``tally`` has
        counted is there.
        """
        refused: dict[int, str] = {}
        orders = self._checked(self._new(_parsed(lines, refused)), refused)
        self.tally.refused += len(refused)
        late: dict[int, str] = {}
        while orders:
            orders = self._place_some(orders, late)
        return sorted((refused | late).items())

    def _new(self, parsed: Sequence[tuple[int, Any]]) -> list[tuple[int, Any]]:
        """Those whose external_id is not there yet, or that have none."""
        keys = [_external_id(data) for _, data in parsed]
        known = external_ids.known(SOURCE, [key for key in keys if key])
        new = [one for one, key in zip(parsed, keys, strict=True) if key not in known]
        self.tally.known += len(parsed) - len(new)
        return new

    def _checked(
        self, parsed: Sequence[tuple[int, Any]], refused: dict[int, str]
    ) -> list[tuple[int, NewOrder]]:
        orders = []
        for number, data in parsed:
            try:
                orders.append((number, new_order(shaped(_place_order, data), self._currency)))
            except Invalid as error:
                refused[number] = str(error)
        return orders

    def _place_some(
        self, orders: list[tuple[int, NewOrder]], refused: dict[int, str]
    ) -> list[tuple[int, NewOrder]]:
        """Place as many as go into a short transaction; answers the others."""
        done, known, wrong = 0, 0, dict[int, str]()
        with _short_transaction() as (tx, end):
            for number, order in orders:
                try:
                    placing.place(tx, order, _ACTOR, SOURCE)
                except OutOfStock as error:
                    wrong[number] = str(error)
                except Conflict:  # the same external_id stands in the file twice
                    known += 1
                except Invalid as error:
                    wrong[number] = str(error)
                done += 1
                if time.monotonic() >= end:
                    break
        refused |= wrong
        self.tally.known += known
        self.tally.refused += len(wrong)
        self.tally.placed += done - known - len(wrong)
        return orders[done:]


@contextmanager
def _short_transaction() -> Iterator[tuple[Transaction, float]]:
    """A transaction and the moment by which it should end; behind it, others have their turn."""
    with log.transaction(time.monotonic() + _PATIENCE) as tx:
        began = time.monotonic()
        yield tx, began + _HOLD
    time.sleep(max(_LET_IN, (time.monotonic() - began) * _SHARE))


def _parsed(lines: Sequence[Line], refused: dict[int, str]) -> list[tuple[int, Any]]:
    found = []
    for number, text in lines:
        try:
            data = parse(text)
        except BadRequest as error:
            refused[number] = error.description or str(error)
            continue
        if isinstance(data, dict) and "order" in data and "customer" not in data:
            data = data["order"]
        found.append((number, data))
    return found


_code = Code(LONGEST_EXTERNAL_ID)


def _external_id(data: Any) -> str | None:
    """The external_id as it is stored; none where a closer look will find that it is wrong."""
    value = data.get("external_id") if isinstance(data, dict) else None
    try:
        return _code.deserialize(value)
    except ValidationError:
        return None
