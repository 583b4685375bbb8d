"""A running shop for tests of its public pages: what its staff do, and a browser to look with."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, BrowserContext, Page

from tests.servers import BoardServer, board_server

Json = dict[str, Any]


class Shop:
    """The staff's hands: requests with an admin key."""

    def __init__(self, server: BoardServer) -> None:
        self.server = server
        self.address = server.base_url
        headers = {"Authorization": f"Bearer {server.key('admin')}"}
        self.staff = httpx.Client(base_url=self.address, headers=headers, timeout=10)

    def ask(self, method: str, path: str, body: Json | None = None) -> Json:
        """A request that must work; its answer."""
        answer = self.staff.request(method, path, json=body)
        assert answer.is_success, answer.text
        found: Json = answer.json()
        return found

    def place(self, **order: Any) -> Json:
        """A new order, of Ada's unless something else is said."""
        return self.ask("POST", "/api/orders", {"customer": "Ada", **order})

    def move(self, order: Json, *statuses: str) -> None:
        """Move an order along."""
        for status in statuses:
            self.ask("PUT", f"/api/orders/{order['id']}/status", {"status": status})

    def read(self, order: Json) -> Json:
        """How an order is now, as staff see it."""
        return self.ask("GET", f"/api/orders/{order['id']}")

    def newest(self) -> Json:
        """The order placed last."""
        found: Json = self.ask("GET", "/api/orders?limit=1")["orders"][0]
        return found

    def count(self) -> int:
        """How many orders there are."""
        found: int = self.ask("GET", "/api/overview")["orders"]
        return found

    def track_page(self, order: Json) -> str:
        """Where an order's customer follows it."""
        return self.address + urlsplit(order["track_url"]).path


@contextmanager
def open_shop(home: Path, **settings: str) -> Iterator[Shop]:
    """A shop whose doors are open until the block ends."""
    with board_server(home, **settings) as server:
        shop = Shop(server)
        with shop.staff:
            yield shop


@contextmanager
def looking(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page in a fresh browser, in which nothing may go wrong unnoticed."""
    context: BrowserContext = browser.new_context(locale="en-US", timezone_id="UTC", **options)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(f"a dialog said {dialog.message}"))
    page.on("console", lambda said: faults.append(said.text) if _is_fault(said.text) else None)
    try:
        yield page
        assert faults == []
    finally:
        context.close()


def wait_for_live(page: Page) -> None:
    """Wait until the page says that it is live."""
    page.wait_for_selector("connection-badge[state=live]", timeout=10_000)


def _is_fault(text: str) -> bool:
    return "Content Security Policy" in text or "violates" in text
