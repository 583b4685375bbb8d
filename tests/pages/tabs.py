"""Many boards in one browser, each remembering what its feed told it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.pages.boards import Shop, figures, open_board, position, rows
from tests.servers import wait_until

# What each board was told, when, the streams it has opened, and what it is to miss on purpose.
_RECORDER = """
(() => {
  const heard = { positions: [], resets: [], persisted: 0, streams: [] };
  const faults = { deaf: false, unwarned: false };
  Object.assign(window, { heard, faults });
  const dispatch = EventTarget.prototype.dispatchEvent;
  EventTarget.prototype.dispatchEvent = function (event) {
    if (event.type === "message" && event.detail?.position) heard.positions.push(event.detail.position);
    if (event.type === "reset" && event.detail?.reason) heard.resets.push(event.detail.reason);
    return dispatch.call(this, event);
  };
  window.EventSource = class extends EventSource {
    constructor(...given) {
      super(...given);
      heard.streams.push(this);
    }
  };
  window.BroadcastChannel = class extends BroadcastChannel {
    set onmessage(hear) {
      super.onmessage = (message) => faults.deaf || hear(message);
    }
  };
  addEventListener("pageshow", ({ persisted }) => { heard.persisted += persisted; });
  addEventListener("freeze", (event) => faults.unwarned && event.stopImmediatePropagation(), true);
})();
"""


class Tabs:
    """The boards of one browser. Each must always have been told everything, in order, once."""

    def __init__(self, bakery: Shop, context: BrowserContext) -> None:
        self.bakery = bakery
        self.context = context
        self.pages: list[Page] = []
        self._began: dict[Page, int] = {}
        context.add_init_script(_RECORDER)

    def open(self, number: int = 1) -> list[Page]:
        """Open so many more boards and wait until each is live."""
        for _ in range(number):
            page = open_board(self.context)
            self.pages.append(page)
            self._began[page] = started_at(page)
        return self.pages

    def forget(self, page: Page) -> None:
        """Expect nothing of this board any more."""
        self.pages.remove(page)

    @property
    def leader(self) -> Page:
        """The board that has the connection."""
        leading = [page for page in self.pages if streams(page)]
        assert len(leading) == 1, f"{len(leading)} boards have a stream of their own"
        return leading[0]

    @property
    def followers(self) -> list[Page]:
        """All the others."""
        leader = self.leader
        return [page for page in self.pages if page is not leader]

    def subscribers(self) -> int:
        """How many streams the server has open, in all its processes."""
        return int(self.bakery.api.get("/api/overview").json()["subscribers"])

    def wait_until_live(self, seconds: float = 10) -> None:
        """Wait until every board says that it is live."""
        for page in self.pages:
            expect(page.locator("connection-badge")).to_have_attribute(
                "state", "live", timeout=seconds * 1000
            )

    def check(self, seconds: float = 5) -> None:
        """Nothing was lost, nothing told twice, and each shows what a fresh board shows."""
        head = self.head()
        for page in self.pages:
            wait_until(lambda page=page: position(page) >= head, seconds, "a board at the head")
            assert page.evaluate("heard.resets") == []
            assert page.evaluate("heard.positions") == list(range(self._began[page] + 1, head + 1))
        fresh = open_board(self.context)
        for page in self.pages:
            wait_until(lambda page=page: rows(page) == rows(fresh), seconds, "the same rows")
            wait_until(lambda page=page: figures(page) == figures(fresh), seconds, "the figures")
        fresh.close()

    def head(self) -> int:
        """The log's newest position."""
        answer = self.bakery.api.get("/api/orders?limit=1").json()
        return int(answer["position"].rsplit("-", 1)[-1])


@contextmanager
def tabs_of(bakery: Shop, browser: Browser) -> Iterator[Tabs]:
    """A browser of its own, signed in to the bakery."""
    with bakery.member(browser) as context:
        yield Tabs(bakery, context)


def streams(page: Page) -> int:
    """How many streams a board has open of its own."""
    found: int = page.evaluate("heard.streams.filter((one) => one.readyState !== 2).length")
    return found


def started_at(page: Page) -> int:
    """The position that a board was rendered at."""
    data: dict[str, Any] = page.evaluate(
        "JSON.parse(document.getElementById('board-data').textContent)"
    )
    return int(data["position"].rsplit("-", 1)[-1])


def freeze(page: Page, unwarned: bool = False) -> CDPSession:
    """Freeze a page as a browser does with one in the background; ``thaw`` ends it."""
    page.evaluate("(unwarned) => { faults.unwarned = unwarned; }", unwarned)
    session = page.context.new_cdp_session(page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    return session


def thaw(session: CDPSession) -> None:
    """Let a frozen page go on."""
    session.send("Page.setWebLifecycleState", {"state": "active"})
    session.detach()
