"""Who listens in a run: how each reads a snapshot, and where and as whom each opens a stream."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from orderboard.web.access import COOKIE
from tests.faults.record import Orders, Snapshot
from tests.journeys.house import House

Json = dict[str, Any]
_DRIVER_DATA = re.compile(
    r'<script type="application/json" id="driver-data">(.*?)</script>', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Audience:
    """``name`` as the log's readers know it, ``path`` of the stream, ``headers`` to open it."""

    name: str
    path: str
    headers: dict[str, str]
    read: Callable[[httpx.Client], Snapshot]

    def snapshot(self, address: str) -> Snapshot:
        """What it reads just now. Raises httpx.HTTPError when it cannot."""
        with httpx.Client(base_url=address, headers=self.headers, timeout=15) as client:
            return self.read(client)


def board(house: House, who: str = "ada") -> Audience:
    """Somebody of the staff, signed in."""
    cookie = house.signed_in(who)["cookies"][0]["value"]
    return Audience("board", "/api/stream", _cookie(cookie), _read_orders)


def reader(key: str) -> Audience:
    """A script with a key that may only read."""
    headers = {"Authorization": f"Bearer {key}"}
    return Audience("reader", "/api/stream", headers, _read_orders)


def customer(order: Json) -> Audience:
    """The customer of an order."""
    path = f"/api/track/{order['track_url'].rpartition('/')[2]}"

    def read(client: httpx.Client) -> Snapshot:
        answer = client.get(path).raise_for_status().json()
        position = answer.pop("position")
        return Snapshot(position, {answer["id"]: answer})

    return Audience(f"order:{order['id']}", f"{path}/stream", {}, read)


def driver(house: House, who: Json) -> Audience:
    """A driver with the link that staff gave them."""
    answer = httpx.get(house.ask("POST", f"/api/drivers/{who['id']}/link")["url"])
    headers = _cookie(answer.cookies[COOKIE])
    return Audience(f"driver:{who['id']}", "/api/stream", headers, _read_drives)


def _cookie(value: str) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={value}"}


def _read_orders(client: httpx.Client) -> Snapshot:
    """Page by page; the first page's position stands for all, whatever changed meanwhile."""
    answer = client.get("/api/orders?limit=200").raise_for_status().json()
    position, orders = answer["position"], answer["orders"]
    while answer["next"]:
        address = f"/api/orders?limit=200&cursor={answer['next']}"
        answer = client.get(address).raise_for_status().json()
        orders += answer["orders"]
    return Snapshot(position, _by_id(orders))


def _read_drives(client: httpx.Client) -> Snapshot:
    """The page itself is a driver's snapshot."""
    found = _DRIVER_DATA.search(client.get("/driver").raise_for_status().text)
    assert found
    data = json.loads(found[1])
    return Snapshot(data["position"], _by_id(data["orders"]))


def _by_id(orders: list[Json]) -> Orders:
    return {order["id"]: order for order in orders}
