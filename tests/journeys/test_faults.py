"""Processes die, stand still and forget while orders come in: nothing is lost on any page."""

import time
from contextlib import ExitStack

from playwright.sync_api import Browser

from tests.journeys import troubles, views
from tests.journeys.clerks import Clerk, at_work
from tests.journeys.house import House, Json
from tests.journeys.listening import Listener
from tests.servers import wait_until

ORDERS, CHANGES = 200, 160
SECONDS = 16


def test_nothing_is_lost_while_workers_and_redis_die(
    new_house: House, browser: Browser, seed: int
) -> None:
    house = new_house
    clerks = [Clerk(house, f"clerk{number}", seed) for number in range(4)]
    followed = house.place(customer="Followed")
    with ExitStack() as stack:
        listener = stack.enter_context(house.listener())
        first = stack.enter_context(views.board_page(browser, house, "ada"))
        second = stack.enter_context(views.board_page(browser, house, "grace"))
        customer = stack.enter_context(views.customer_page(browser, house, followed))
        second.click(f"{views.row(second, followed)} .row-name")
        with at_work(clerks, ORDERS, CHANGES, SECONDS):
            trouble(house, followed)
        print("what the clients met:", *[dict(clerk.troubles) for clerk in clerks])
        log = house.log()
        assert_everything_is_there(house, clerks, log)
        assert_heard_all(listener, log)
        views.as_fresh(customer, views.track, 20)
        for page in (first, second):
            views.as_fresh(page, views.board, 20)
            assert_delivered_all(views.delivered(page), log)


def trouble(house: House, followed: Json) -> None:
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


def assert_everything_is_there(house: House, clerks: list[Clerk], log: list[Json]) -> None:
    """Whatever was acknowledged is there once, as it was acknowledged."""
    known = {id_: order for clerk in clerks for id_, order in clerk.known.items()}
    created = [event["order"]["id"] for event in log if event["type"] == "order.created"]
    assert len(known) == ORDERS
    assert len(created) == ORDERS + 1
    assert {*known} < {*created}
    assert {order["id"]: order for order in house.orders() if order["id"] in known} == known


def assert_heard_all(listener: Listener, log: list[Json]) -> None:
    """Positions from the first it could hear to the last, without gap or double."""
    last = log[-1]["position"]
    wait_until(lambda: listener.reached >= last, 20, "the listener at the head")
    told = [{"id": event.id, **event.data} for event in listener.events]
    assert told == log[1:]
    assert [event["position"] for event in log] == list(range(1, last + 1))
    print("the listener connected", listener.connects, "times")


def assert_delivered_all(delivered: list[Json], log: list[Json]) -> None:
    assert [event["id"] for event in delivered] == [event["id"] for event in log[1:]]
    assert [event["order"] for event in delivered] == [event["order"] for event in log[1:]]
