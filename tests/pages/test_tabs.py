"""Many pages in one browser: one connection for each audience, and nothing lost or passed on."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.pages.boards import Json, Shop, figures, open_board, rows
from tests.pages.chrome import Chrome, Tab
from tests.servers import wait_until

MANY = 7
AT_ONCE = 2
HEARTBEAT = 2
PAGES = {"staff": "/admin", "driver": "/driver"}
RECORDER = """
window.heard = { events: [], resets: [] };
const dispatch = EventTarget.prototype.dispatchEvent;
EventTarget.prototype.dispatchEvent = function (event) {
  if (event.type === "message" && event.detail?.position) heard.events.push(event.detail);
  if (event.type === "reset" && event.detail?.reason) heard.resets.push(event.detail.reason);
  return dispatch.call(this, event);
};
"""
_BADGE = "document.querySelector('connection-badge')"
_HEARD = "window.heard.events.map(({ position }) => position)"
_BEGAN = "JSON.parse(document.getElementById('board-data').textContent).position"


class Tabs:
    """The boards of one browser. Each must have been told everything since it opened, once."""

    def __init__(self, bakery: Shop, browser: Browser) -> None:
        cookies = json.loads(bakery.session.read_text())["cookies"]
        self.bakery = bakery
        self.address = f"{bakery.server.base_url}/admin"
        self.chrome = Chrome(browser.new_browser_cdp_session(), cookies, RECORDER)
        self.boards: list[Tab] = []

    def open(self, number: int) -> None:
        """Open so many boards, the last one in front."""
        self.boards = [self.chrome.tab(self.address) for _ in range(number)]
        self.wait_until_live()

    def wait_until_live(self, seconds: float = 10) -> None:
        """Wait until every board says that it is live."""
        for board in self.boards:
            board.wait_for(f"{_BADGE}.getAttribute('state') === 'live'", seconds)

    def wait_for(self, order: Json, seconds: float = AT_ONCE) -> None:
        """Wait until every board shows an order."""
        for board in self.boards:
            board.wait_for(f"document.querySelector('[data-id={order['id']}]') !== null", seconds)

    def check(self) -> None:
        """Nothing was lost, nothing told twice, and each shows what a fresh board shows."""
        head = number(self.bakery.api.get("/api/orders?limit=1").json()["position"])
        fresh = self.chrome.tab(self.address)
        for board in self.boards:
            told = list(range(number(board.evaluate(_BEGAN)) + 1, head + 1))
            wait_until(lambda board=board, told=told: board.evaluate(_HEARD) == told, 10, "events")
            assert board.evaluate("heard.resets") == []
            wait_until(lambda board=board: rows(board) == rows(fresh), 10, "the same rows")
            wait_until(lambda board=board: figures(board) == figures(fresh), 10, "figures")
        fresh.close()


@pytest.fixture
def tabs(bakery: Shop, browser: Browser) -> Iterator[Tabs]:
    wait_for_streams(bakery, 0)
    tabs = Tabs(bakery, browser)
    yield tabs
    tabs.chrome.close()


def number(id: str) -> int:
    """The counting part of an id."""
    return int(id.rsplit("-", 1)[-1])


def wait_for_streams(bakery: Shop, expected: int) -> None:
    """Wait until the server, with all its processes, has so many streams open."""
    overview = "/api/overview"
    wait_until(lambda: bakery.api.get(overview).json()["subscribers"] == expected, 10, "streams")


def test_seven_boards_are_live_over_one_connection(tabs: Tabs, bakery: Shop) -> None:
    tabs.open(MANY)
    tabs.wait_for(bakery.place("Seven times"))
    wait_for_streams(bakery, 1)
    tabs.check()


def test_the_tab_that_came_first_closes_and_nobody_notices(tabs: Tabs, bakery: Shop) -> None:
    tabs.open(3)
    bakery.place_many(5)
    tabs.boards.pop(0).close()
    bakery.place_many(5)
    tabs.wait_for(bakery.place("After"))
    tabs.check()
    wait_for_streams(bakery, 1)


def test_a_crash_that_takes_the_stream_along_is_made_good(tabs: Tabs, bakery: Shop) -> None:
    tabs.open(3)
    (before,) = tabs.chrome.workers()
    while tabs.chrome.workers() == [before]:
        tabs.boards.pop(0).crash()
        bakery.place_many(5)
        tabs.wait_for(bakery.place("After"), HEARTBEAT + AT_ONCE)
    assert tabs.boards, "one of those that crashed had the stream"
    tabs.wait_until_live()
    tabs.check()
    wait_for_streams(bakery, 1)


def test_a_frozen_tab_holds_nobody_up_and_catches_up(tabs: Tabs, bakery: Shop) -> None:
    tabs.open(3)
    frozen = tabs.boards.pop(0)
    frozen.freeze()
    bakery.place_many(50)
    tabs.wait_for(bakery.place("Meanwhile"))
    tabs.wait_until_live()
    assert frozen.evaluate(_HEARD) == []
    frozen.thaw()
    tabs.boards.append(frozen)
    tabs.wait_for(bakery.place("After"))
    tabs.wait_until_live()
    tabs.check()
    wait_for_streams(bakery, 1)


def test_each_audience_hears_its_own(bakery: Shop, browser: Browser) -> None:
    with bakery.member(browser) as context:
        context.add_init_script(RECORDER)
        ours, theirs = bakery.place("Ours"), bakery.place("Theirs")
        board = open_board(context)
        pages = [customers_page(context, order) for order in (ours, ours, theirs)]
        wait_for_streams(bakery, 3)
        for order in (ours, theirs):
            bakery.put(order, "status", status="on_hold")
        for page in (board, *pages):
            wait_for_events(page, 2 if page is board else 1)
        assert [[order["number"] for order in orders(page)] for page in pages] == [
            [ours["number"]],
            [ours["number"]],
            [theirs["number"]],
        ]
        assert all(order["customer"] == {"name": "Ours"} for order in orders(pages[0]))


@pytest.mark.parametrize("first", ["staff", "driver"])
def test_who_signs_in_next_and_who_was_before_hear_nothing_of_each_other(
    bakery: Shop, browser: Browser, first: str
) -> None:
    one, two = new_driver(bakery), new_driver(bakery)
    own = bakery.place("Own")
    with browser.new_context(base_url=bakery.server.base_url) as context:
        context.add_init_script(RECORDER)
        way_in = bakery.server.sign_in_link() if first == "staff" else link(bakery, one)
        before = [live_page(context, way_in), live_page(context, PAGES[first])]
        bakery.put(own, "driver", driver=one["id"])
        for page in before:
            wait_for_events(page, 1)
        context.request.post("/admin/sign-out")
        after = live_page(context, link(bakery, two))
        bakery.put(own, "driver", driver=two["id"])
        bakery.put(bakery.place("Not theirs"), "driver", driver=one["id"])
        bakery.put(own, "status", status="processing")
        wait_for_events(after, 2)
        for page in before:
            page.wait_for_selector("connection-badge[state=off]", timeout=15_000)
            assert len(orders(page)) == 1
        assert {order["id"] for order in orders(after)} == {own["id"]}
        wait_for_streams(bakery, 1)


def live_page(context: BrowserContext, address: str) -> Page:
    """A page that is live."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("connection-badge[state=live]", timeout=10_000)
    return page


def wait_for_events(page: Page, expected: int) -> None:
    """Wait until a page was told of so many events."""
    wait_until(lambda: len(orders(page)) == expected, 10, f"{expected} events")


def customers_page(context: BrowserContext, order: Json) -> Page:
    """The page of an order's customer."""
    return live_page(context, urlsplit(order["track_url"]).path)


def new_driver(bakery: Shop) -> Json:
    """Somebody who drives for the shop."""
    found: Json = bakery.api.post("/api/drivers", json={"name": "Dee"}).json()
    return found


def link(bakery: Shop, driver: Json) -> str:
    """The way in for a driver."""
    return str(bakery.api.post(f"/api/drivers/{driver['id']}/link").json()["url"])


def orders(page: Page) -> list[Json]:
    """The orders that a page was told of, each as often as it was."""
    found: list[Json] = page.evaluate("heard.events.map(({ order }) => order)")
    return found
