"""Clerks who go on through every trouble, and keep what was answered to them."""

import time
from collections.abc import Sequence

import httpx

from tests.faults.record import Changed, Json, Placed
from tests.journeys.clerks import Clerk
from tests.journeys.drawing import draw
from tests.journeys.house import House

_OFTEN = 0.3
_AGAIN_AFTER = 0.25


class StormClerk(Clerk):
    """Places orders, moves them, gives them to drivers, says where they are; its customers cancel.

    What was cut off is sent again: an order with its key, a change with the version that it is
    for. ``port``: of the network that it works through. ``followed``: orders placed before, which
    somebody watches; each belongs to one clerk.
    """

    def __init__(
        self, house: House, name: str, seed: str, port: int, drivers: Sequence[Json] = ()
    ) -> None:
        super().__init__(house, name, 0)
        self.sent: list[str] = []
        self.placed: list[Placed] = []
        self.changed: list[Changed] = []
        self._random.seed(f"{seed} {name}")
        self._drivers = [*drivers, None]
        self._client.close()
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers=house.credentials, timeout=12
        )
        self._followed: list[str] = []

    def follow(self, order: Json) -> None:
        """Take over an order that somebody watches."""
        self.known[order["id"]] = order
        self._followed.append(order["id"])

    def _place(self) -> None:
        mark = f"{self._name}-{len(self.known)}"
        drawn = draw(self._random, mark)
        self.sent.append(mark)
        answer = self._until_done("POST", "/api/orders", drawn.body, {"Idempotency-Key": mark})
        assert answer.status_code == 201, answer.text
        order = answer.json()
        self.placed.append(Placed(mark, order))
        self.known[order["id"]] = order

    def _change(self) -> None:
        if not self.known:
            return
        ids = self._followed if self._random.random() < _OFTEN else [*self.known]
        order = self.known[self._random.choice(ids or [*self.known])]
        what = self._random.choice((self._move_on, self._move_on, self._give, self._say_where))
        what(order)

    def _move_on(self, order: Json) -> None:
        if order["status"] in ("pending", "on_hold") and self._random.random() < _OFTEN:
            self._cancel(order)
        elif order["allowed"]:
            self._move(order, self._random.choice(order["allowed"]))

    def _give(self, order: Json) -> None:
        driver = self._random.choice(self._drivers)
        self._put(order, "driver", {"driver": driver and driver["id"]})

    def _say_where(self, order: Json) -> None:
        number = f"N-{self._random.randrange(10**9)}"
        self._put(order, "tracking", {"carrier": "Post", "number": number})

    def _move(self, order: Json, status: str) -> None:
        self._put(order, "status", {"status": status, "reason": "By chance"})

    def _put(self, order: Json, what: str, body: Json) -> None:
        path = f"/api/orders/{order['id']}/{what}"
        answer = self._until_done("PUT", path, body, {"If-Match": f'"{order["version"]}"'})
        # A change whose answer was cut off meets its own version when it is sent again.
        assert answer.status_code in (200, 412), answer.text
        if answer.status_code == 200:
            self.changed.append(Changed(answer.json()))
        self._read(order)

    def _cancel(self, order: Json) -> None:
        path = f"/api/track/{order['track_url'].rpartition('/')[2]}/cancel"
        answer = self._until_done("PUT", path, {"reason": f"Changed my mind, {self._name}"})
        assert answer.status_code in (200, 202, 409), answer.text
        if answer.status_code != 409:
            self.changed.append(Changed(answer.json()))
        self._read(order)

    def _read(self, order: Json) -> None:
        answer = self._ask("GET", f"/api/orders/{order['id']}")
        assert answer.status_code == 200, answer.text
        self.known[order["id"]] = answer.json()

    def _until_done(
        self, method: str, path: str, body: Json, headers: Json | None = None
    ) -> httpx.Response:
        for _ in range(self._tries):
            answer = self._ask(method, path, body, headers)
            if answer.status_code != 409 or "still running" not in answer.text:
                break
            self.troubles["still running"] += 1
            time.sleep(_AGAIN_AFTER)
        return answer
