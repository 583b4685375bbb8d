"""The running shop of a journey: its server, its staff, its log."""

import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx

from orderboard.web.access import COOKIE
from tests.journeys.listening import Listener, listening
from tests.pages.shop import Shop
from tests.servers import BoardServer, board_server, wait_until

Json = dict[str, Any]
HEARTBEAT = 1
"""Seconds between two words of a stream. The least there is: pages then notice silence soonest."""


class House(Shop):
    """A shop with its server at hand, to be troubled in many ways."""

    def __init__(self, server: BoardServer) -> None:
        super().__init__(server)
        # The worker at the other end of a connection kept from before may be dead by now.
        self.staff.headers["Connection"] = "close"
        self._sessions: dict[str, str] = {}

    @property
    def credentials(self) -> dict[str, str]:
        """The headers of a script that may do all that staff may."""
        return {"Authorization": self.staff.headers["Authorization"]}

    def signed_in(self, who: str = "ada") -> Json:
        """What a browser stores in which somebody of the staff is signed in."""
        if who not in self._sessions:
            answer = httpx.get(self.server.sign_in_link(f"{who}@example.com"))
            self._sessions[who] = answer.cookies[COOKIE]
        cookie = {"name": COOKIE, "value": self._sessions[who], "domain": "127.0.0.1", "path": "/"}
        rest = {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        return {"cookies": [cookie | rest], "origins": []}

    def log(self) -> list[Json]:
        """The whole log."""
        events: list[Json] = []
        while True:
            after = events[-1]["id"] if events else ""
            answer = self.ask("GET", f"/api/events?limit=1000&after={after}")
            assert answer["reset"] is None
            if not answer["events"]:
                return events
            events += answer["events"]

    def head(self) -> str:
        """The id of the log's newest position."""
        return str(self.ask("GET", "/api/orders?limit=1")["position"])

    def orders(self) -> list[Json]:
        """Every order, newest first."""
        answer = self.ask("GET", "/api/orders?limit=200")
        found: list[Json] = answer["orders"]
        while answer["next"]:
            answer = self.ask("GET", f"/api/orders?limit=200&cursor={answer['next']}")
            found += answer["orders"]
        return found

    def driver(self, name: str) -> Json:
        """A new driver."""
        return self.ask("POST", "/api/drivers", {"name": name})

    def give(self, order: Json, driver: Json) -> None:
        """Have a driver bring an order."""
        self.ask("PUT", f"/api/orders/{order['id']}/driver", {"driver": driver["id"]})

    def listener(self) -> AbstractContextManager[Listener]:
        """An independent listener to everything from now on."""
        return listening(f"{self.address}/api/stream", self.credentials, self.head())

    def customers_listener(self, order: Json) -> AbstractContextManager[Listener]:
        """An independent listener to what an order's customer may hear from now on."""
        token = order["track_url"].rpartition("/")[2]
        return listening(f"{self.address}/api/track/{token}/stream", {}, self.head())

    def drivers_listener(self, driver: Json) -> AbstractContextManager[Listener]:
        """An independent listener to what a driver may hear from now on."""
        answer = httpx.get(self.ask("POST", f"/api/drivers/{driver['id']}/link")["url"])
        cookie = {"Cookie": f"{COOKIE}={answer.cookies[COOKIE]}"}
        return listening(f"{self.address}/api/stream", cookie, self.head())

    @contextmanager
    def somebody_else(self) -> Iterator[None]:
        """In this block the customer of another order must hear nothing at all."""
        with self.customers_listener(self.place(customer="Somebody else")) as listener:
            yield
            head = int(self.head().rpartition("-")[2])
            wait_until(lambda: listener.reached >= head, 8, "a heartbeat at the head")
            assert {frame.type for frame in listener.frames} == {"heartbeat"}


@contextmanager
def open_house(home: Path, heartbeat: int = HEARTBEAT, **settings: str) -> Iterator[House]:
    """A shop whose doors are open until the block ends. ``heartbeat``: seconds."""
    with board_server(home, ORDERBOARD_STREAM_HEARTBEAT=str(heartbeat), **settings) as server:
        house = House(server)
        with house.staff:
            yield house


def curl(url: str, body: str) -> str:
    """Post JSON with the real curl; its answer."""
    command = ["curl", "-fsS", "--max-time", "10", "-H", "Content-Type: application/json"]
    done = subprocess.run([*command, "-d", body, url], capture_output=True, text=True, check=True)
    return done.stdout
