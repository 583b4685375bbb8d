"""What has happened before somebody looks: orders of various ages, each as far as it would be."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from random import Random
from typing import Any

from orderboard import clock
from orderboard.catalogue import commands as catalogue
from orderboard.demo import baskets, world
from orderboard.demo.story import Step, Teller
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import commands, placing, schemas, tracking
from orderboard.orders.commands import Held
from orderboard.people import drivers

Json = dict[str, Any]
_WAREHOUSE, _DISPATCH = Actor("staff", "Mira"), Actor("staff", "Teo")
_RECENT, _OLDEST = timedelta(minutes=25), timedelta(hours=30)
_SLOWER = 40
"""What takes a second in the demo took this many seconds then."""
_place_order = schemas.PlaceOrder()


def invent(dice: Random, orders: int = 40) -> None:
    """Fill an empty database with a catalogue, drivers and orders. Needs the app's context."""
    now = clock.now()
    past = Past()
    with _pretended_time() as pretend:
        pretend(now - _OLDEST)
        _fill_shelves()
        teller = Teller(
            dice, [drivers.add(name, phone, _DISPATCH) for name, phone in world.DRIVERS]
        )
        serial = count()
        agenda: list[tuple[datetime, int, Callable[[], Json]]] = [
            (moment, next(serial), partial(past.place, baskets.new_order(dice)))
            for moment in _arrivals(dice, now, orders)
        ]
        heapq.heapify(agenda)
        while agenda and agenda[0][0] < now:
            moment, _, happen = heapq.heappop(agenda)
            pretend(moment)
            if step := teller.next_step(happen()):
                later = moment + timedelta(seconds=step.after * _SLOWER)
                heapq.heappush(agenda, (later, next(serial), _bound(step, past)))


def _fill_shelves() -> None:
    """Put everything that people order into the catalogue. What is left of it is not counted."""
    with log.transaction() as tx:
        for product in world.PRODUCTS:
            given = {
                "sku": product.sku,
                "name": product.name,
                "category": world.CATEGORIES[product.sku.partition("-")[2][0]],
                "price": Decimal(product.price),
            }
            catalogue.add(tx, given, baskets.CURRENCY, _WAREHOUSE)


class Past:
    """Writes what happened, with no server in between."""

    def place(self, body: Json) -> Json:
        """Place an order, as its customer on the order page."""
        order = schemas.new_order(_place_order.load(body), baskets.CURRENCY)
        with log.transaction() as tx:
            return placing.place(tx, order, Actor("customer", body["customer"]["name"]), "web")

    def move(self, order: Json, status: str, reason: str | None = None) -> Json:
        """Bring it into another status."""
        actor = _DISPATCH if status in ("shipped", "delivered", "failed") else _WAREHOUSE
        return self._change(order, lambda tx, held: commands.move(tx, held, status, reason, actor))

    def assign(self, order: Json, driver: Json) -> Json:
        """Give it to a driver."""
        return self._change(
            order, lambda tx, held: commands.assign(tx, held, driver["id"], _DISPATCH)
        )

    def track(self, order: Json, given: Json) -> Json:
        """Say how it travels."""
        return self._change(order, lambda tx, held: tracking.track(tx, held, given, _DISPATCH))

    def cancel(self, order: Json, reason: str) -> Json:
        """Cancel it as its customer, or ask for it."""
        actor = Actor("customer", order["customer"]["name"])
        return self._change(
            order, lambda tx, held: commands.cancel_as_customer(tx, held, reason, actor)
        )

    def answer(self, order: Json, accept: bool) -> Json:
        """Answer the customer's wish to cancel."""
        return self._change(
            order,
            lambda tx, held: commands.answer_cancellation(tx, held, accept, None, _WAREHOUSE),
        )

    def _change(self, order: Json, work: Callable[[Transaction, Held], Json]) -> Json:
        with log.transaction() as tx:
            return work(tx, commands.hold(tx, order["id"]))


def _bound(step: Step, past: Past) -> Callable[[], Json]:
    return lambda: step.do(past)


def _arrivals(dice: Random, now: datetime, orders: int) -> list[datetime]:
    """When the orders came: a third of them just now, the others on the day before."""
    recent = orders // 3
    spans = [_RECENT] * recent + [_OLDEST] * (orders - recent)
    return [now - span * dice.uniform(0.02, 0.98) for span in spans]


@contextmanager
def _pretended_time() -> Iterator[Callable[[datetime], None]]:
    """The one place that reads the time reads what is set here, until the block ends."""
    before = clock.now
    moment = before()

    def pretend(now: datetime) -> None:
        nonlocal moment
        moment = now

    vars(clock)["now"] = lambda: moment
    try:
        yield pretend
    finally:
        vars(clock)["now"] = before
