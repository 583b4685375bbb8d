"""What lies between page and server blocks the stream, or the page sleeps: nothing is lost."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import views
from tests.journeys.house import HEARTBEAT, House
from tests.journeys.proxy import Proxy, proxy_to
from tests.processes import descendants
from tests.servers import wait_until

POLLS = "GET /api/events"
READS = "GET /api/(overview|orders)"
PAUSE = 3.6
"""Seconds between two polls at most."""


@pytest.fixture
def proxy(house: House) -> Iterator[Proxy]:
    with proxy_to(house.server.port) as running:
        yield running


def assert_heard_all(house: House, page: Page, since: str) -> None:
    """The page heard everything behind a place in the log, once and in order."""
    told = [event["id"] for event in house.log()]
    behind = told[int(since.rpartition("-")[2]) :]
    wait_until(lambda: len(views.delivered(page)) >= len(behind), 15, "heard by the page")
    assert [event["id"] for event in views.delivered(page)] == behind


@pytest.mark.parametrize("block", [Proxy.hold_streams, Proxy.refuse_streams])
def test_while_the_stream_is_blocked_pages_poll_and_say_so(
    house: House, browser: Browser, proxy: Proxy, block: Callable[[Proxy], None]
) -> None:
    block(proxy)
    order, since = house.place(), house.head()
    with (
        views.board_page(browser, house, port=proxy.port, state="") as page,
        views.customer_page(browser, house, order, proxy.port, state="") as customer,
    ):
        for one in (page, customer):
            views.wait_for_state(one, "polling")
        placed = [house.place() for _ in range(3)]
        house.move(order, "processing")
        page.wait_for_selector(views.row(page, placed[-1]))
        expect(customer.locator(".status-name")).to_have_text("Processing", timeout=8000)
        proxy.recover()
        house.move(order, "shipped")
        for one in (page, customer):
            views.wait_for_state(one, "live", 40)
        house.place()
        assert_heard_all(house, page, since)
        views.as_fresh(page, views.board)
        views.as_fresh(customer, views.track)


def test_neither_a_hidden_page_nor_a_live_one_polls(
    house: House, browser: Browser, proxy: Proxy
) -> None:
    proxy.hold_streams()
    since = house.head()
    with views.board_page(browser, house, port=proxy.port, state="polling") as page:
        hide(page, True)
        page.wait_for_timeout(500)
        polls = proxy.asked(POLLS)
        house.place()
        page.wait_for_timeout(PAUSE * 1000)
        assert proxy.asked(POLLS) == polls
        assert page.get_attribute("connection-badge", "state") == "reconnecting"
        hide(page, False)
        assert_heard_all(house, page, since)
        views.wait_for_state(page, "polling")
        proxy.recover()
        views.wait_for_state(page, "live", 40)
        polls = proxy.asked(POLLS)
        page.wait_for_timeout(PAUSE * 1000)
        assert proxy.asked(POLLS) == polls


@pytest.mark.parametrize("query", ["", "?q=wanted"])
def test_what_could_not_be_read_is_read_later_without_a_new_event(
    house: House, browser: Browser, proxy: Proxy, query: str
) -> None:
    order = house.place(customer="Wanted before")
    with views.board_page(browser, house, query=query, port=proxy.port) as page:
        page.click(f"{views.row(page, order)} .row-name")
        expect(page.locator(".timeline b")).to_have_count(1)
        asked = proxy.asked(READS)
        proxy.refuse(READS)
        house.move(order, "processing")
        house.place(customer="Wanted later")
        expect(page.locator(f"{views.row(page, order)} .row-status")).to_have_text("Processing")
        page.wait_for_timeout(1500)  # figures and lists are read at most once a second
        assert proxy.asked(READS) >= asked + 2
        proxy.recover()
        views.as_fresh(page, views.board, 15)


def hide(page: Page, hidden: bool) -> None:
    """Let the page think that nobody looks; a browser without a screen always looks."""
    page.evaluate(
        """(hidden) => {
          Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_a_network_that_is_lost_without_a_word_is_noticed_and_made_up_for(
    house: House, browser: Browser, proxy: Proxy
) -> None:
    order, since = house.place(), house.head()
    with (
        views.board_page(browser, house, port=proxy.port) as page,
        views.customer_page(browser, house, order, proxy.port) as customer,
    ):
        page.wait_for_timeout(4 * HEARTBEAT * 1000)  # until it knows the rhythm of the heartbeats
        proxy.go_away()
        house.move(order, "processing", "shipped")
        house.place()
        for one in (page, customer):
            views.wait_for_state(one, "reconnecting", 15)
        proxy.recover()
        for one in (page, customer):
            views.wait_for_state(one, "live", 40)
        assert_heard_all(house, page, since)
        views.as_fresh(page, views.board)
        views.as_fresh(customer, views.track)


def test_a_laptop_that_slept_catches_up(house: House, browser: Browser, proxy: Proxy) -> None:
    order, since = house.place(), house.head()
    with (
        views.board_page(browser, house, port=proxy.port) as page,
        views.customer_page(browser, house, order, proxy.port) as customer,
    ):
        page.wait_for_timeout(4 * HEARTBEAT * 1000)
        with asleep():
            proxy.go_away()
            house.move(order, "processing", "shipped")
            placed = [house.place() for _ in range(5)]
            time.sleep(4 * HEARTBEAT)
            proxy.recover()
        woken = time.monotonic()
        page.wait_for_selector(views.row(page, placed[-1]), timeout=30_000)
        expect(customer.locator(".status-name")).to_have_text("Shipped", timeout=30_000)
        print(f"caught up {time.monotonic() - woken:.1f} s after waking")
        for one in (page, customer):
            views.wait_for_state(one, "live", 40)
        assert_heard_all(house, page, since)
        views.as_fresh(page, views.board)
        views.as_fresh(customer, views.track)


@contextmanager
def asleep() -> Iterator[None]:
    """In this block no process of the browser runs."""
    family = [
        one.pid for one in descendants(os.getpid()) if "/chrom" in one.command.split(" --")[0]
    ]
    assert len(family) > 3
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in family:
            os.kill(pid, signal.SIGCONT)
