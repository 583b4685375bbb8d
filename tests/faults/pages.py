"""Our own pages in Chromium, which write down what their feeds deliver."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from tests.faults.audience import Audience
from tests.faults.record import Json, Record, Reset, Snapshot, Step, Told
from tests.journeys import views
from tests.journeys.house import House
from tests.pages.shop import looking
from tests.servers import wait_until

_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Opened:
    """A page, and what stands on it. ``start``: what its audience read right before it was opened.

    ``skips``: while the stream is away it reads its order afresh, which is no event.
    """

    name: str
    who: Audience
    start: Snapshot
    page: Page
    view: views.View
    skips: bool = False

    def settle(self, head: str) -> None:
        """Wait until it has heard everything and shows what a page opened just now shows."""
        wait_until(lambda: self._reached() == head, _SECONDS, f"the {self.name} at {head}")
        views.as_fresh(self.page, self.view, _SECONDS)

    def record(self, address: str) -> Record:
        """What its feed has delivered, and what its audience reads now."""
        steps: list[Step] = [self.start]
        begun = views.begun(self.page)
        for number, event in enumerate(views.delivered(self.page)):
            while begun and begun[0]["at"] == number:
                steps += _begun(begun.pop(0))
            id_, type_ = event.pop("id"), event["type"]
            steps.append(Told(id_, type_, event))
        for reset in begun:
            steps += _begun(reset)
        fresh = self.who.snapshot(address).orders or {}
        return Record(f"Chromium {self.name}", self.who.name, steps, fresh, self.skips)

    def _reached(self) -> str | None:
        return self.page.locator("connection-badge").get_attribute("data-position")


@contextmanager
def open_pages(
    browser: Browser, house: House, port: int, staff: Audience, customer: Audience, driver: Audience
) -> Iterator[list[Opened]]:
    """Two boards, a customer's page and a driver's, all through one network.

    Nothing may happen until they are open. One board searches, and has an order's panel open.
    """
    order = house.read({"id": customer.name.partition(":")[2]})
    search = f"?q=clerk1#{order['id']}"
    starts = [who.snapshot(house.address) for who in (staff, staff, customer, driver)]
    with ExitStack() as stack:
        pages = [
            stack.enter_context(views.board_page(browser, house, "ada", "", port)),
            stack.enter_context(views.board_page(browser, house, "ada", search, port)),
            stack.enter_context(views.customer_page(browser, house, order, port)),
            stack.enter_context(_driver_page(browser, driver, port)),
        ]
        yield [
            Opened("board", staff, starts[0], pages[0], views.board),
            Opened("board that searches", staff, starts[1], pages[1], views.board),
            Opened("customer's page", customer, starts[2], pages[2], views.track, skips=True),
            Opened("driver's page", driver, starts[3], pages[3], views.drives),
        ]


def _begun(reset: Json) -> list[Step]:
    """A page goes on behind the snapshot that it has read, and not behind the reset itself."""
    return [Reset(reset["id"], reset["reason"], reset["after"]), Snapshot(reset["id"], None)]


@contextmanager
def _driver_page(browser: Browser, driver: Audience, port: int) -> Iterator[Page]:
    name, _, value = driver.headers["Cookie"].partition("=")
    cookie: Json = {"name": name, "value": value, "url": f"http://127.0.0.1:{port}"}
    with looking(browser) as page:
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.add_init_script(views.RECORDER)
        page.goto(f"http://127.0.0.1:{port}/driver")
        views.wait_for_state(page, "live")
        yield page
