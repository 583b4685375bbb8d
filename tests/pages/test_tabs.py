"""Many boards in one browser: one connection, and nothing lost whichever tab goes away."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.pages.boards import Shop, row
from tests.pages.tabs import Tabs, freeze, streams, tabs_of, thaw
from tests.servers import wait_until

AT_ONCE = 1_000
MANY = 7


@pytest.fixture
def tabs(bakery: Shop, browser: Browser) -> Iterator[Tabs]:
    with tabs_of(bakery, browser) as opened:
        yield opened


def test_seven_boards_are_live_over_one_connection(tabs: Tabs, bakery: Shop) -> None:
    tabs.open(MANY)
    wait_until(lambda: tabs.subscribers() == 1, 10, "one stream at the server")
    order = bakery.place("Seven times")
    for page in tabs.pages:
        expect(row(page, order)).to_be_visible(timeout=AT_ONCE)
    assert sum(streams(page) for page in tabs.pages) == 1
    tabs.wait_until_live()
    tabs.check()


def test_a_leader_that_is_closed_hands_over(tabs: Tabs, bakery: Shop) -> None:
    tabs.open(3)
    leader = tabs.leader
    bakery.place("Before")
    tabs.forget(leader)
    leader.close()
    bakery.place_many(5)
    tabs.wait_until_live()
    tabs.check()
    assert tabs.leader


def test_a_leader_that_crashes_hands_over(tabs: Tabs, bakery: Shop) -> None:
    tabs.open(3)
    leader = tabs.leader
    bakery.place("Before")
    tabs.forget(leader)
    with suppress(Error):
        leader.goto("chrome://crash")  # its process ends there and then
    bakery.place_many(5)
    tabs.wait_until_live()
    tabs.check()


@pytest.mark.parametrize("unwarned", [False, True], ids=["warned", "unwarned"])
def test_a_leader_that_is_frozen_hands_over_and_catches_up(
    tabs: Tabs, bakery: Shop, unwarned: bool
) -> None:
    tabs.open(3)
    leader = tabs.leader
    tabs.pages[0].wait_for_timeout(7000)
    frozen = freeze(leader, unwarned)
    tabs.forget(leader)
    bakery.place_many(5)
    wait_until(lambda: sum(streams(page) for page in tabs.pages) == 1, 15, "another leader")
    tabs.wait_until_live()
    tabs.check()
    bakery.place_many(5)
    thaw(frozen)
    tabs.pages.append(leader)
    tabs.wait_until_live()
    tabs.check()
    assert tabs.leader is not leader
