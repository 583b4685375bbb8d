"""What pages show, and whether that is what a page opened just now shows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import unified_diff
from pprint import pformat
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.journeys.house import House
from tests.pages.shop import looking
from tests.servers import wait_until

Json = dict[str, Any]
View = Callable[[Page], Any]

RECORDER = """
(() => {
  const heard = { delivered: [], states: [], resets: [], begun: [], appeared: {} };
  let place = null;
  let reset = null;
  window.heard = heard;
  const dispatch = EventTarget.prototype.dispatchEvent;
  EventTarget.prototype.dispatchEvent = function (event) {
    if (event.type === "message" && event.detail?.position) heard.delivered.push(event.detail);
    if (event.type === "reset" && event.detail?.reason) {
      heard.resets.push(event.detail.reason);
      reset ??= { reason: event.detail.reason, after: place, at: heard.delivered.length };
    }
    if (event.type === "state" && reset && event.detail.position !== reset.after) {
      heard.begun.push({ ...reset, id: event.detail.position });
      reset = null;
    }
    if (event.type === "state") place = event.detail.position;
    if (event.type === "state" && heard.states.at(-1) !== event.detail.state)
      heard.states.push(event.detail.state);
    return dispatch.call(this, event);
  };
  const note = ({ dataset }) => {
    if (dataset?.version) heard.appeared[dataset.id] ??= Date.now();
  };
  new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(note)))
    .observe(document, { childList: true, subtree: true });
})();
"""
"""Notes every event that the page's feed delivers, every state it has been in, from where it went
on after each reset, and when each row first stood on the page.
"""
_ROWS = """
() => {
  dispatchEvent(new Event("beforeprint"));
  const rows = [...document.querySelectorAll("#orders tbody .row")].map((row) => ({
    id: row.dataset.id,
    version: row.dataset.version,
    cells: [...row.cells].slice(0, -1).map((cell) => cell.textContent),
    titles: [...row.querySelectorAll("[title]:not(time)")].map(({ title }) => title),
    fixed: row.querySelector(".row-status").disabled,
    name: row.querySelector(".row-name").textContent,
  }));
  dispatchEvent(new Event("afterprint"));
  return rows;
}
"""
"""All rows as if they were printed, also those outside the view."""
_FIGURES = """
() => [...document.querySelectorAll("[data-count], [data-figure]")]
  .map(({ dataset, textContent }) => [dataset.count ?? dataset.figure, textContent])
"""
_PANEL = "() => document.querySelector('#panel:not([hidden])')?.innerText ?? null"
_MORE = """
() => {
  const more = document.getElementById("more");
  if (!more.hidden) more.click();
  return !more.hidden;
}
"""
_TRACK = """
() => [document.title]
  .concat([...document.querySelectorAll("[data-part]")].map((part) => part.innerText))
"""
_DRIVES = "() => [...document.querySelectorAll('#cards .drive')].map((card) => card.innerText)"


@contextmanager
def board_page(
    browser: Browser,
    house: House,
    who: str = "ada",
    query: str = "",
    port: int = 0,
    state: str = "live",
) -> Iterator[Page]:
    """Somebody's board, recording what it hears. ``port``: of what stands before the server."""
    with looking(browser, storage_state=house.signed_in(who)) as page:
        page.add_init_script(RECORDER)
        page.goto(f"http://127.0.0.1:{port or house.server.port}/admin{query}")
        if state:
            wait_for_state(page, state)
        yield page


@contextmanager
def customer_page(
    browser: Browser, house: House, order: Json, port: int = 0, state: str = "live"
) -> Iterator[Page]:
    """The page of an order's customer, recording what it hears."""
    with looking(browser) as page:
        page.add_init_script(RECORDER)
        path = urlsplit(order["track_url"]).path
        page.goto(f"http://127.0.0.1:{port or house.server.port}{path}")
        if state:
            wait_for_state(page, state)
        yield page


@contextmanager
def driver_page(browser: Browser, house: House, driver: Json) -> Iterator[Page]:
    """A driver's own page, live."""
    with looking(browser) as page:
        page.add_init_script(RECORDER)
        page.goto(house.ask("POST", f"/api/drivers/{driver['id']}/link")["url"])
        wait_for_state(page, "live")
        yield page


def wait_for_state(page: Page, state: str, seconds: float = 15) -> None:
    """Wait until the page's badge says this."""
    page.wait_for_selector(f"connection-badge[state={state}]", timeout=seconds * 1000)


def delivered(page: Page) -> list[Json]:
    """The events that the page's feed has delivered."""
    found: list[Json] = page.evaluate("heard.delivered")
    return found


def begun(page: Page) -> list[Json]:
    """Where the page went on after each reset: ``id``, and how many events were delivered ``at``
    that time; ``reason``, and the id it was told it could not go on ``after``.
    """
    found: list[Json] = page.evaluate("heard.begun")
    return found


def rows(page: Page) -> list[Json]:
    """The board's rows as they stand there, ages aside."""
    found: list[Json] = page.evaluate(_ROWS)
    return found


def row(page: Page, order: Json) -> str:
    """The selector of an order's row."""
    return f"#orders .row[data-id='{order['id']}']"


def board(page: Page) -> Any:
    """All of a board: its rows, its figures and its panel."""
    return rows(page), page.evaluate(_FIGURES), page.evaluate(_PANEL)


def track(page: Page) -> Any:
    """All that a customer's page says of the order."""
    return page.evaluate(_TRACK)


def drives(page: Page) -> Any:
    """All that a driver's page says of their orders."""
    return page.evaluate(_DRIVES)


def show_all(page: Page) -> None:
    """Have the board show every order there is."""
    page.wait_for_selector("#orders tbody[data-ready]", state="attached")
    while page.evaluate(_MORE):
        page.wait_for_timeout(100)


def as_fresh(page: Page, view: View, seconds: float = 10) -> None:
    """Wait until the page shows what one opened just now shows. Fails with the differences."""
    fresh = page.context.new_page()
    fresh.goto(page.url)
    wait_for_state(fresh, "live")
    pages = (page, fresh)
    try:
        for one in pages:
            if view is board:
                show_all(one)
        wait_until(lambda: view(page) == view(fresh), seconds)
    except AssertionError:
        shown = [pformat(view(one), width=100).splitlines() for one in pages]
        differences = "\n".join(unified_diff(*shown, "the page", "a fresh one", lineterm=""))
        raise AssertionError(f"{page.url}\n{differences}") from None
    finally:
        fresh.close()
