"""Clients that keep placing and moving orders at a steady pace, and know what came of it."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from typing import Any

import httpx

from tests.journeys.drawing import draw
from tests.journeys.house import House

Json = dict[str, Any]
_AGAIN_AFTER = 0.25
_TRIES = 120


class Clerk:
    """Places orders and changes those it has placed. What is not answered is sent again.

    ``known`` is each order as the last answer showed it; nobody else touches them. ``slowest`` is
    how many seconds the longest answer took.
    """

    def __init__(self, house: House, name: str, seed: int, tries: int = _TRIES) -> None:
        self.known: dict[str, Json] = {}
        self.troubles: Counter[str] = Counter()
        self.slowest = 0.0
        self._name, self._random, self._tries = name, Random(f"{seed} {name}"), tries
        self._client = httpx.Client(base_url=house.address, headers=house.credentials, timeout=30)

    def work(self, orders: int, changes: int, seconds: float) -> None:
        """Place and change so many orders, spread evenly over some seconds."""
        tasks = [self._place] * orders + [self._change] * changes
        self._random.shuffle(tasks)
        began = time.monotonic()
        with self._client:
            for number, task in enumerate(tasks):
                due = began + number * seconds / len(tasks)
                time.sleep(max(0.0, due - time.monotonic()))
                task()

    def _place(self) -> None:
        mark = f"{self._name}-{len(self.known)}"
        drawn = draw(self._random, mark)
        answer = self._ask("POST", "/api/orders", drawn.body, {"Idempotency-Key": mark})
        assert answer.status_code == 201, answer.text
        order = answer.json()
        assert order["total"] == drawn.total_text
        self.known[order["id"]] = order

    def _change(self) -> None:
        movable = [order for order in self.known.values() if order["allowed"]]
        if not movable:
            return
        order = self._random.choice(movable)
        if order["status"] in ("pending", "on_hold") and self._random.random() < 0.3:
            self._cancel(order)
        else:
            self._move(order, self._random.choice(order["allowed"]))

    def _move(self, order: Json, status: str) -> None:
        path = f"/api/orders/{order['id']}/status"
        answer = self._ask("PUT", path, {"status": status, "reason": "By chance"})
        self._note(order, answer, status)

    def _cancel(self, order: Json) -> None:
        path = f"/api/track/{order['track_url'].rpartition('/')[2]}/cancel"
        answer = self._ask("PUT", path, {"reason": f"Changed my mind, {self._name}"})
        self._note(order, answer, "cancelled")

    def _note(self, order: Json, answer: httpx.Response, status: str) -> None:
        # A change whose answer was lost is refused when it is sent again: it was made before.
        assert answer.status_code in (200, 409), answer.text
        now = self._ask("GET", f"/api/orders/{order['id']}").json()
        assert (now["status"], now["version"]) == (status, order["version"] + 1)
        self.known[order["id"]] = now

    def _ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        for _ in range(self._tries):
            asked = time.monotonic()
            try:
                answer = self._client.request(method, path, json=body, headers=headers)
            except httpx.TransportError as error:
                self.troubles[type(error).__name__] += 1
            else:
                self.slowest = max(self.slowest, time.monotonic() - asked)
                if answer.status_code < 500:
                    return answer
                assert answer.status_code == 503, answer.text
                self.troubles["503"] += 1
            time.sleep(_AGAIN_AFTER)
        raise AssertionError(f"{method} {path} was never answered: {self.troubles}")


@contextmanager
def at_work(clerks: Sequence[Clerk], orders: int, changes: int, seconds: float) -> Iterator[None]:
    """The clerks work, together so many orders and changes; the block ends when they have done."""
    share = (orders // len(clerks), changes // len(clerks), seconds)
    with ThreadPoolExecutor(len(clerks)) as pool:
        working: list[Future[None]] = [pool.submit(clerk.work, *share) for clerk in clerks]
        yield
        for work in working:
            work.result()
