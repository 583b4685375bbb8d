"""What happens next to an order in the demo. Knows neither clock nor network, only the order.

It looks at nothing but the order as it is: whoever tries the board out may move and cancel orders
by hand, and the story goes on from there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import hypot
from random import Random
from typing import Any, Protocol

from orderboard.demo import world

Json = dict[str, Any]
_ARRIVED = 0.0008
"""Degrees from the door at which a van counts as there."""
_STRIDE = 0.004
"""Degrees a van comes forward between two reports."""


class Shop(Protocol):
    """Where the story happens. Each command answers the order after it."""

    def move(self, order: Json, status: str, reason: str | None = None) -> Json:
        """Bring it into another status."""

    def assign(self, order: Json, driver: Json) -> Json:
        """Give it to a driver."""

    def track(self, order: Json, given: Json) -> Json:
        """Say how it travels."""

    def cancel(self, order: Json, reason: str) -> Json:
        """Cancel it as its customer, or ask for it."""

    def answer(self, order: Json, accept: bool) -> Json:
        """Answer the customer's wish to cancel."""


@dataclass(frozen=True, slots=True)
class Step:
    """The next thing that happens, so many (demo) seconds after the one before it."""

    after: float
    do: Callable[[Shop], Json]


class Teller:
    """Tells the stories of all orders with one set of dice."""

    def __init__(self, dice: Random, drivers: Sequence[Json]) -> None:
        self.dice = dice
        self.drivers = drivers

    def next_step(self, order: Json) -> Step | None:
        """What happens next to this order; None: nothing any more."""
        if order["cancellation_request"]:
            accept = self.dice.random() < 0.7
            return self._step(20, lambda shop: shop.answer(order, accept))
        tell = _TELLERS.get(order["status"])
        return tell(self, order) if tell else None

    def pending(self, order: Json) -> Step:
        """Work begins, unless somebody thinks better of it."""
        dice = self.dice
        match dice.choices(("start", "hold", "decline", "cancel"), (84, 5, 3, 8))[0]:
            case "hold":
                return self._move(order, "on_hold", 20, dice.choice(world.HOLD_REASONS))
            case "decline":
                return self._move(order, "declined", 25, dice.choice(world.STAFF_REASONS))
            case "cancel":
                reason = dice.choice(world.CUSTOMER_REASONS)
                return self._step(18, lambda shop: shop.cancel(order, reason))
        return self._move(order, "processing", 30)

    def on_hold(self, order: Json) -> Step:
        """What was missing comes, or does not."""
        if self.dice.random() < 0.85:
            return self._move(order, "processing", 45)
        return self._move(order, "cancelled", 60, self.dice.choice(world.STAFF_REASONS))

    def processing(self, order: Json) -> Step:
        """It is packed; now and then its customer wants it no more."""
        if self.dice.random() < 0.06:
            reason = self.dice.choice(world.CUSTOMER_REASONS)
            return self._step(15, lambda shop: shop.cancel(order, reason))
        return self._move(order, "ready", 35)

    def ready(self, order: Json) -> Step:
        """A driver takes it, it gets a number, and it leaves."""
        if order["driver"] is None and self.drivers:
            driver = self.dice.choice(self.drivers)
            return self._step(15, lambda shop: shop.assign(order, driver))
        if not order["tracking"]["number"]:
            number = f"PL{self.dice.randint(0, 99_999_999):08}"
            given = {"carrier": "Lumen Vans", "number": number}
            return self._step(6, lambda shop: shop.track(order, given))
        return self._move(order, "shipped", 18)

    def shipped(self, order: Json) -> Step:
        """The van comes nearer, report by report, until it is there."""
        place = self._nearer(order)
        if place:
            return self._step(9, lambda shop: shop.track(order, {"location": place}))
        if self.dice.random() < 0.06:
            return self._move(order, "failed", 12, self.dice.choice(world.FAIL_REASONS))
        return self._move(order, "delivered", 12)

    def failed(self, order: Json) -> Step:
        """It goes out once more."""
        return self._move(order, "shipped", 50)

    def delivered(self, order: Json) -> Step:
        """All is well; hardly ever it comes back."""
        if order["type"] == "purchase" and self.dice.random() < 0.03:
            return self._move(order, "returned", 90)
        return self._move(order, "completed", 60)

    def _nearer(self, order: Json) -> Json | None:
        """The van's next place on its way to the door; None when it is there."""
        address = order["address"]
        if not address or address["lat"] is None or address["lng"] is None:
            return None
        door = (address["lat"], address["lng"])
        here = order["tracking"]["location"]
        lat, lng = (here["lat"], here["lng"]) if here else world.DEPOT
        far = hypot(door[0] - lat, door[1] - lng)
        if far <= _ARRIVED:
            return None
        share = min(1.0, _STRIDE / far)
        bend = 0.0 if share == 1.0 else self.dice.uniform(-0.0004, 0.0004)
        lat, lng = lat + (door[0] - lat) * share + bend, lng + (door[1] - lng) * share - bend
        return {"lat": round(lat, 6), "lng": round(lng, 6)}

    def _move(self, order: Json, status: str, mean: float, reason: str | None = None) -> Step:
        return self._step(mean, lambda shop: shop.move(order, status, reason))

    def _step(self, mean: float, do: Callable[[Shop], Json]) -> Step:
        return Step(self.dice.uniform(0.4, 1.6) * mean, do)


_TELLERS: dict[str, Callable[[Teller, Json], Step]] = {
    "pending": Teller.pending,
    "on_hold": Teller.on_hold,
    "processing": Teller.processing,
    "ready": Teller.ready,
    "shipped": Teller.shipped,
    "failed": Teller.failed,
    "delivered": Teller.delivered,
}
