"""Boards in a real browser, and the shop behind them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypedDict, Unpack

import httpx
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from tests.servers import BoardServer

Json = dict[str, Any]
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
_CELLS = """() => {
    dispatchEvent(new Event("beforeprint"));
    const rows = [...document.querySelectorAll("#orders .row")];
    const said = (row) => [...row.cells].slice(0, 6).map((cell) => cell.innerText);
    const cells = rows.map((row) => [row.dataset.id, row.dataset.version, ...said(row)]);
    dispatchEvent(new Event("afterprint"));
    return cells;
}"""
_FIGURES = """() => [...document.querySelectorAll("[data-count], [data-figure]")].map((figure) =>
    [figure.dataset.count ?? figure.dataset.figure, figure.textContent])"""


class Shown(Protocol):
    """What can be asked what it shows."""

    def evaluate(self, expression: str) -> Any:
        """What an expression answers in the page."""


class Look(TypedDict, total=False):
    """How a page is looked at."""

    viewport: ViewportSize
    has_touch: bool
    reduced_motion: Literal["reduce"]


@dataclass
class Shop:
    """A running board, asked as a script with an admin's key and as a member of staff."""

    server: BoardServer
    api: httpx.Client
    session: Path

    def place(self, customer: str | Json = "Ada", **order: Any) -> Json:
        """Place an order."""
        return self._done(self.api.post("/api/orders", json={"customer": customer, **order}))

    def place_many(self, number: int, customer: str = "Many") -> list[Json]:
        """Place orders in one batch."""
        orders = [{"customer": f"{customer} {n}"} for n in range(number)]
        answer = self._done(self.api.post("/api/orders/batch", json={"orders": orders}))
        return [result["order"] for result in answer["results"]]

    def put(self, order: Json, what: str, **body: Any) -> Json:
        """Change an order: ``put(order, "status", status="ready")``."""
        return self._done(self.api.put(f"/api/orders/{order['id']}/{what}", json=body))

    def driver(self, name: str) -> Json:
        """Add a driver."""
        return self._done(self.api.post("/api/drivers", json={"name": name}))

    def rename(self, driver: Json, name: str) -> Json:
        """Give a driver another name."""
        return self._done(self.api.patch(f"/api/drivers/{driver['id']}", json={"name": name}))

    def wish_to_cancel(self, order: Json, reason: str) -> None:
        """Do as the order's customer."""
        token = order["track_url"].rsplit("/", 1)[-1]
        self._done(
            httpx.put(f"{self.server.base_url}/api/track/{token}/cancel", json={"reason": reason})
        )

    @contextmanager
    def member(self, browser: Browser, **look: Unpack[Look]) -> Iterator[BrowserContext]:
        """A browser of its own, signed in."""
        look = {"viewport": DESK, "reduced_motion": "reduce", **look}
        context = browser.new_context(
            base_url=self.server.base_url, storage_state=self.session, **look
        )
        try:
            yield context
        finally:
            context.close()

    @staticmethod
    def _done(answer: httpx.Response) -> Json:
        assert answer.status_code < 300, answer.text
        found: Json = answer.json()
        return found


@contextmanager
def shop(server: BoardServer, browser: Browser) -> Iterator[Shop]:
    """A shop with one member of staff, signed in once for all its boards."""
    session = server.home.parent / "session.json"
    context = browser.new_context()
    context.new_page().goto(server.sign_in_link())
    context.storage_state(path=session)
    context.close()
    headers = {"Authorization": f"Bearer {server.key()}"}
    with httpx.Client(base_url=server.base_url, headers=headers, timeout=20) as api:
        yield Shop(server, api, session)


def open_board(context: BrowserContext, query: str = "") -> Page:
    """A board that is live."""
    page = context.new_page()
    page.goto(f"/admin{query}")
    expect(page.locator("connection-badge[state=live]")).to_be_visible(timeout=10_000)
    expect(page.locator("#orders > tbody[data-ready]")).to_be_attached()
    expect(page.locator("#views[aria-busy=true]")).to_have_count(0)
    return page


def row(page: Page, order: Json) -> Locator:
    """The row of an order."""
    return page.locator(f'.row[data-id="{order["id"]}"]')


def rows(page: Shown) -> list[list[str]]:
    """What all rows show, but for the age: also those outside the view, as if it were printed."""
    found: list[list[str]] = page.evaluate(_CELLS)
    return found


def figures(page: Shown) -> list[list[str]]:
    """What all counts and figures show."""
    found: list[list[str]] = page.evaluate(_FIGURES)
    return found


def position(page: Page) -> int:
    """How far the board says it has caught up."""
    reached = page.locator("connection-badge").get_attribute("data-position") or "-0"
    return int(reached.rsplit("-", 1)[-1])
