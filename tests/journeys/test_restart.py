"""The server is stopped, started again and renewed while pages are open and orders come in."""

import os
import signal
from contextlib import ExitStack

from playwright.sync_api import Browser

from tests.journeys import views
from tests.journeys.clerks import Clerk, at_work
from tests.journeys.house import House
from tests.servers import wait_until

ORDERS, CHANGES, SECONDS = 160, 80, 8


def test_pages_outlive_a_restart(house: House, browser: Browser, seed: int) -> None:
    clerks = [Clerk(house, f"restart{number}", seed) for number in range(2)]
    order = house.place(customer="Before")
    since = int(house.head().rpartition("-")[2])
    with ExitStack() as stack:
        listener = stack.enter_context(house.listener())
        board = stack.enter_context(views.board_page(browser, house))
        customer = stack.enter_context(views.customer_page(browser, house, order))
        with at_work(clerks, 24, 12, 5):
            house.server.stop()
            for page in (board, customer):
                views.wait_for_state(page, "reconnecting")
            house.server.start("--with-parent", str(os.getpid()))
            house.move(order, "processing", "ready")
        told = house.log()[since:]
        created = [event["order"]["id"] for event in told if event["type"] == "order.created"]
        assert sorted(created) == sorted(id_ for clerk in clerks for id_ in clerk.known)
        for page in (board, customer):
            views.wait_for_state(page, "live", 60)
        views.as_fresh(board, views.board)
        views.as_fresh(customer, views.track)
        assert [event["id"] for event in views.delivered(board)] == [e["id"] for e in told]
        wait_until(lambda: len(listener.events) == len(told), what="heard by the listener")
        assert [event.id for event in listener.events] == [event["id"] for event in told]


def test_new_workers_under_load_fail_no_order_and_lose_none(
    house: House, browser: Browser, seed: int
) -> None:
    clerks = [Clerk(house, f"renewed{number}", seed, tries=1) for number in range(4)]
    before, since = set(house.server.workers()), int(house.head().rpartition("-")[2])
    with house.listener() as listener, views.board_page(browser, house) as page:
        with at_work(clerks, ORDERS, CHANGES, SECONDS):
            page.wait_for_timeout(1000)
            house.server.process.send_signal(signal.SIGHUP)
        slowest = max(clerk.slowest for clerk in clerks)
        print(f"slowest answer while workers were replaced: {slowest:.2f} s")
        assert slowest < 5
        log = house.log()[since:]
        created = [event["order"]["id"] for event in log if event["type"] == "order.created"]
        assert sorted(created) == sorted(id_ for clerk in clerks for id_ in clerk.known)
        wait_until(lambda: len(listener.events) >= len(log), 20, "heard by the listener")
        assert [event.id for event in listener.events] == [event["id"] for event in log]
        wait_until(lambda: not before & set(house.server.workers()), 20, "new workers")
        views.wait_for_state(page, "live", 60)
        views.as_fresh(page, views.board)
        assert [event["id"] for event in views.delivered(page)] == [e["id"] for e in log]
