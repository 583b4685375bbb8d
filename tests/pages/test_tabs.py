"""Many boards in one browser: one connection, and nothing lost whichever tab goes away."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession

from tests.pages.boards import Shop
from tests.pages.chrome import Tab, chrome
from tests.pages.tabs import Tabs, streams
from tests.servers import wait_until

AT_ONCE = 1
MANY = 7
HEARTBEATS_KNOWN = 7_000
"""Milliseconds after which a board knows how fast the server's heart beats."""
TAKEN_OVER_WITHIN = 7


@pytest.fixture(scope="module")
def session(browser: Browser, browser_path: str) -> Iterator[CDPSession]:
    with chrome(browser, browser_path) as session:
        yield session


@pytest.fixture
def tabs(bakery: Shop, session: CDPSession) -> Iterator[Tabs]:
    tabs = Tabs(bakery, session)
    yield tabs
    tabs.chrome.close()


def without_leader(tabs: Tabs) -> Tab:
    """Take the leader out of those of whom something is expected."""
    leader = tabs.leader()
    tabs.boards.remove(leader)
    return leader


def wait_for_leader(tabs: Tabs, seconds: float) -> None:
    wait_until(lambda: sum(map(streams, tabs.boards)) == 1, seconds, "one leader")


def test_seven_boards_are_live_over_one_connection(tabs: Tabs, bakery: Shop) -> None:
    tabs.open(MANY)
    wait_until(lambda: tabs.subscribers() == 1, 10, "one stream at the server")
    order = bakery.place("Seven times")
    tabs.wait_for_all(order, AT_ONCE)
    assert sum(map(streams, tabs.boards)) == 1
    tabs.wait_until_live()
    tabs.check()


def test_a_leader_that_is_closed_hands_over(tabs: Tabs, bakery: Shop) -> None:
    tabs.open(3)
    bakery.place("Before")
    without_leader(tabs).close()
    bakery.place_many(5)
    wait_for_leader(tabs, 2)
    tabs.wait_until_live()
    tabs.check()


def test_a_leader_that_crashes_hands_over(tabs: Tabs, bakery: Shop) -> None:
    tabs.open(3)
    bakery.place("Before")
    without_leader(tabs).crash()
    bakery.place_many(5)
    wait_for_leader(tabs, 2)
    tabs.wait_until_live()
    tabs.check()


def test_a_leader_that_is_frozen_hands_over_and_catches_up(tabs: Tabs, bakery: Shop) -> None:
    tabs.open(3)
    leader = without_leader(tabs)
    leader.freeze()
    wait_for_leader(tabs, 2)
    bakery.place_many(5)
    tabs.wait_until_live()
    tabs.check()
    leader.thaw()
    tabs.boards.append(leader)
    bakery.place_many(5)
    tabs.wait_until_live()
    tabs.check()
    assert not streams(leader)


def test_a_leader_that_hangs_is_taken_over_from(tabs: Tabs, bakery: Shop) -> None:
    tabs.open(3)
    leader = without_leader(tabs)
    wait_until(lambda: leader.evaluate("performance.now()") > HEARTBEATS_KNOWN)
    leader.hang(10)
    bakery.place_many(5)
    wait_for_leader(tabs, TAKEN_OVER_WITHIN)
    tabs.wait_until_live()
    tabs.check()
    bakery.place_many(5)
    tabs.boards.append(leader)
    tabs.wait_until_live(20)
    bakery.place_many(5)
    tabs.check()
    assert not streams(leader)


def test_a_board_that_went_elsewhere_and_came_back_follows(tabs: Tabs, bakery: Shop) -> None:
    tabs.open(3)
    leader = without_leader(tabs)
    leader.go(f"{bakery.server.base_url}/api/docs")
    bakery.place_many(5)
    wait_for_leader(tabs, 2)
    tabs.wait_until_live()
    leader.back()
    tabs.boards.append(leader)
    bakery.place_many(5)
    tabs.wait_until_live()
    tabs.check()
    assert not streams(leader)


def test_a_follower_that_missed_frames_asks_for_them(tabs: Tabs, bakery: Shop) -> None:
    tabs.open(3)
    leader = tabs.leader()
    deaf = next(board for board in tabs.boards if board is not leader)
    asked = deaf.evaluate("heard.asked")
    deaf.evaluate("faults.deaf = true")
    bakery.place_many(3)
    leader.wait_for("heard.positions.length >= 3")
    deaf.evaluate("faults.deaf = false")
    assert deaf.evaluate("heard.positions") == []
    bakery.place_many(2)
    tabs.wait_until_live()
    tabs.check()
    assert deaf.evaluate("heard.asked") > asked
    assert tabs.leader() is leader
