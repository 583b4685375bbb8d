"""The daily work of the demo's shop, done over the HTTP API as other programs do it."""

import heapq
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from http.client import HTTPException
from itertools import count
from random import Random
from typing import Any

from orderboard.demo import baskets
from orderboard.demo.api import Api, Refused
from orderboard.demo.story import Teller

log = logging.getLogger(__name__)

Json = dict[str, Any]
_OPEN = ("pending", "on_hold", "processing", "ready", "shipped", "failed", "delivered")
_ANONYMOUS = 0.45
_PAUSE = 1.0
"""Seconds to wait when the board does not answer."""


class Present:
    """Does what the story says, by asking the board for it."""

    def __init__(self, api: Api, keys: Mapping[str, str]) -> None:
        """``keys``: those of the web shop (``shop``), the warehouse and the dispatchers."""
        self._api = api
        self._shop, self._warehouse = keys["shop"], keys["warehouse"]
        self._dispatch = keys["dispatch"]

    def drivers(self) -> list[Json]:
        """Whoever drives."""
        found: list[Json] = self._api.ask("GET", "/api/drivers", self._dispatch)["drivers"]
        return found

    def open_orders(self) -> list[Json]:
        """The newest orders whose story goes on."""
        query = "&".join(f"status={status}" for status in _OPEN)
        path = f"/api/orders?limit=200&{query}"
        found: list[Json] = self._api.ask("GET", path, self._warehouse)["orders"]
        return found

    def place(self, body: Json, anonymous: bool) -> Json:
        """Place an order: on the shop page, or by the web shop."""
        own = baskets.as_stranger(body) if anonymous else None
        if own:
            try:
                return self._api.ask("POST", "/api/orders", None, own)
            except Refused:
                pass  # too many without a key, or no longer allowed: the web shop may
        return self._api.ask("POST", "/api/orders", self._shop, body)

    def read(self, order: Json) -> Json:
        """The order as it is now."""
        return self._api.ask("GET", f"/api/orders/{order['id']}", self._warehouse)

    def move(self, order: Json, status: str, reason: str | None = None) -> Json:
        """Bring it into another status."""
        key = self._dispatch if status in ("shipped", "delivered", "failed") else self._warehouse
        return self._put(order, "status", key, {"status": status, "reason": reason})

    def assign(self, order: Json, driver: Json) -> Json:
        """Give it to a driver."""
        return self._put(order, "driver", self._dispatch, {"driver": driver["id"]})

    def track(self, order: Json, given: Json) -> Json:
        """Say how it travels."""
        return self._put(order, "tracking", self._dispatch, given)

    def cancel(self, order: Json, reason: str) -> Json:
        """Cancel it as its customer, or ask for it."""
        token = self.read(order)["track_url"].rpartition("/")[2]
        self._api.ask("PUT", f"/api/track/{token}/cancel", None, {"reason": reason})
        return self.read(order)

    def answer(self, order: Json, accept: bool) -> Json:
        """Answer the customer's wish to cancel."""
        return self._put(order, "cancellation-request", self._warehouse, {"accept": accept})

    def _put(self, order: Json, what: str, key: str, body: Json) -> Json:
        given = {name: value for name, value in body.items() if value is not None}
        return self._api.ask("PUT", f"/api/orders/{order['id']}/{what}", key, given)


class Day:
    """What is to happen, in its order. One thing happens at a time."""

    def __init__(self, shop: Present, dice: Random, pace: float) -> None:
        """``pace``: orders a minute."""
        self._shop, self._dice, self._pace = shop, dice, pace
        self._teller = Teller(dice, shop.drivers())
        self._agenda: list[tuple[float, int, Json | None, Callable[[], Json]]] = []
        self._serial = count()

    def work(self) -> None:
        """Take up what is open, and go on for ever."""
        for known in self._shop.open_orders():
            self._go_on(known)
        self._await_order()
        while True:
            due, _, order, happen = heapq.heappop(self._agenda)
            time.sleep(max(0.0, due - time.monotonic()))
            self._happen(order, happen)

    def _await_order(self) -> None:
        self._plan(self._dice.expovariate(self._pace / 60), None, self._order_comes)

    def _order_comes(self) -> Json:
        self._await_order()
        anonymous = self._dice.random() < _ANONYMOUS
        return self._shop.place(baskets.new_order(self._dice), anonymous)

    def _happen(self, order: Json | None, happen: Callable[[], Json]) -> None:
        try:
            self._go_on(self._outcome(order, happen))
        except Refused as refusal:
            log.warning("the demo was refused: %s", refusal)
        except (OSError, HTTPException):
            time.sleep(_PAUSE)
            self._plan(_PAUSE, order, happen)

    def _outcome(self, order: Json | None, happen: Callable[[], Json]) -> Json:
        try:
            return happen()
        except Refused:
            if order is None:
                raise
            # Somebody else changed the order meanwhile: the story goes on from how it is now.
            return self._shop.read(order)

    def _go_on(self, order: Json) -> None:
        if step := self._teller.next_step(order):
            self._plan(step.after, order, partial(step.do, self._shop))

    def _plan(self, wait: float, order: Json | None, happen: Callable[[], Json]) -> None:
        heapq.heappush(self._agenda, (time.monotonic() + wait, next(self._serial), order, happen))
