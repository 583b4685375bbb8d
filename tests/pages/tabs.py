"""Many boards in one browser, each remembering what its feed told it."""

import json
from typing import Any

from playwright.sync_api import CDPSession

from tests.pages.boards import Shop, figures, rows
from tests.pages.chrome import Chrome, Tab
from tests.servers import wait_until

# What each board was told, the streams it has opened, and what it is to miss on purpose.
_RECORDER = """
(() => {
  const heard = { positions: [], resets: [], streams: [], asked: 0 };
  const faults = { deaf: false };
  Object.assign(window, { heard, faults });
  const dispatch = EventTarget.prototype.dispatchEvent;
  EventTarget.prototype.dispatchEvent = function (event) {
    const position = event.type === "message" && event.detail?.position;
    if (position) heard.positions.push(position);
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
  const ask = window.fetch;
  window.fetch = (url, ...more) => {
    heard.asked += String(url).includes("/api/events");
    return ask(url, ...more);
  };
})();
"""
_BADGE = "document.querySelector('connection-badge')"
_IS_READY = "document.querySelector('#orders > tbody[data-ready]') !== null"
_RENDERED_AT = "JSON.parse(document.getElementById('board-data').textContent).position"


class Tabs:
    """The boards of one browser. Each must have been told everything since it opened, once."""

    def __init__(self, bakery: Shop, session: CDPSession, *more: str) -> None:
        cookies = json.loads(bakery.session.read_text())["cookies"]
        self.bakery = bakery
        self.chrome = Chrome(session, cookies, "\n".join([_RECORDER, *more]))
        self.boards: list[Tab] = []

    def open(self, number: int = 1, query: str = "") -> list[Tab]:
        """Open so many more boards, the last one in front."""
        for _ in range(number):
            self.boards.append(self.chrome.tab(f"{self.bakery.server.base_url}/admin{query}"))
        self.wait_until_live()
        return self.boards

    def leader(self) -> Tab:
        """The board that has the connection."""
        leading = [board for board in self.boards if streams(board)]
        assert len(leading) == 1, f"{len(leading)} boards have a stream of their own"
        return leading[0]

    def subscribers(self) -> int:
        """How many streams the server has open, in all its processes."""
        return int(self.bakery.api.get("/api/overview").json()["subscribers"])

    def wait_until_live(self, seconds: float = 10) -> None:
        """Wait until every board says that it is live."""
        for board in self.boards:
            wait_until(lambda board=board: state(board) == "live", seconds, "a live board")

    def wait_for_all(self, order: dict[str, Any], seconds: float) -> None:
        """Wait until every board has heard of an order."""
        for board in self.boards:
            board.wait_for(
                f"document.querySelector('.row[data-id={order['id']}]') !== null", seconds
            )

    def check(self, seconds: float = 8) -> None:
        """Nothing was lost, nothing told twice, and each shows what a fresh board shows."""
        head = self.head()
        for board in self.boards:
            wait_until(lambda board=board: position(board) >= head, seconds, "a board at the head")
            assert board.evaluate("heard.resets") == []
            told = range(rendered_at(board) + 1, head + 1)
            assert board.evaluate("heard.positions") == list(told)
        self.compare(seconds)

    def compare(self, seconds: float) -> None:
        """Each board shows what a fresh one shows."""
        fresh = self.chrome.tab(f"{self.bakery.server.base_url}/admin")
        fresh.wait_for(_IS_READY)
        for board in self.boards:
            wait_until(lambda board=board: rows(board) == rows(fresh), seconds, "the same rows")
            wait_until(lambda board=board: figures(board) == figures(fresh), seconds, "figures")
        fresh.close()

    def head(self) -> int:
        """The log's newest position."""
        return number(self.bakery.api.get("/api/orders?limit=1").json()["position"])


def streams(board: Tab) -> int:
    """How many streams a board has open of its own."""
    found: int = board.evaluate("heard.streams.filter((one) => one.readyState !== 2).length")
    return found


def state(board: Tab) -> str:
    """What a board's badge says."""
    return str(board.evaluate(f"{_BADGE}?.getAttribute('state')"))


def position(board: Tab) -> int:
    """How far a board's badge says it has caught up."""
    return number(board.evaluate(f"{_BADGE}.dataset.position") or "-0")


def rendered_at(board: Tab) -> int:
    """The position that a board was rendered at."""
    return number(board.evaluate(_RENDERED_AT))


def number(id: str) -> int:
    """The counting part of an id."""
    return int(id.rsplit("-", 1)[-1])
