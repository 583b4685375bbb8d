"""Processes die, stand still and forget while orders come in: nothing is lost on any page."""

import time
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import troubles, views
from tests.journeys.clerks import Clerk, at_work
from tests.journeys.house import House, Json
from tests.journeys.listening import Listener
from tests.servers import wait_until

ORDERS, CHANGES = 200, 160
SECONDS = 16


@pytest.mark.timeout(240)
def test_nothing_is_lost_while_workers_and_redis_die(
    new_house: House, browser: Browser, seed: int
) -> None:
    house = new_house
    clerks = [Clerk(house, f"clerk{number}", seed) for number in range(4)]
    followed, driver = house.place(customer="Followed"), house.driver("Dora")
    house.give(followed, driver)
    since = int(house.head().rpartition("-")[2])
    with ExitStack() as stack:
        listener = stack.enter_context(house.listener())
        first = stack.enter_context(views.board_page(browser, house, "ada"))
        search = f"?q=clerk1#{followed['id']}"
        second = stack.enter_context(views.board_page(browser, house, "grace", search))
        customer = stack.enter_context(views.customer_page(browser, house, followed))
        drives = stack.enter_context(views.driver_page(browser, house, driver))
        with at_work(clerks, ORDERS, CHANGES, SECONDS):
            trouble(house, followed, driver)
        print("what the clients met:", *[dict(clerk.troubles) for clerk in clerks])
        log = house.log()
        assert_everything_is_there(house, clerks, log)
        assert [event["position"] for event in log] == list(range(1, len(log) + 1))
        assert_heard_all(listener, log[since:])
        views.as_fresh(customer, views.track, 20)
        views.as_fresh(drives, views.drives, 20)
        for page in (first, second):
            views.as_fresh(page, views.board, 20)
            assert_delivered_all(page, log[since:])


def trouble(house: House, followed: Json, driver: Json) -> None:
    time.sleep(1)
    troubles.kill_worker(house)
    with troubles.without_store(house):
        time.sleep(5)
        house.move(followed, "processing")
        troubles.kill_worker(house)
        time.sleep(5)
    house.move(followed, "ready")
    troubles.pause_store(house, 3)
    troubles.flush_store(house)
    house.move(followed, "shipped")
    house.give(house.place(customer="Given at last"), driver)


def assert_everything_is_there(house: House, clerks: list[Clerk], log: list[Json]) -> None:
    """Whatever was acknowledged is there once, as it was acknowledged."""
    known = {id_: order for clerk in clerks for id_, order in clerk.known.items()}
    created = [event["order"]["id"] for event in log if event["type"] == "order.created"]
    assert len(known) == ORDERS
    assert len(created) == ORDERS + 2
    assert {*known} < {*created}
    assert {order["id"]: order for order in house.orders() if order["id"] in known} == known


def assert_heard_all(listener: Listener, log: list[Json]) -> None:
    """Every event without gap or double, each as it stands in the log."""
    wait_until(lambda: listener.reached >= log[-1]["position"], 20, "the listener at the head")
    assert [{"id": event.id, **event.data} for event in listener.events] == log
    print("the listener connected", listener.connects, "times")


def assert_delivered_all(page: Page, log: list[Json]) -> None:
    """The same of a board, which never had to begin afresh."""
    delivered = views.delivered(page)
    assert [event["id"] for event in delivered] == [event["id"] for event in log]
    assert [event["order"] for event in delivered] == [event["order"] for event in log]
    assert page.evaluate("heard.resets") == []
