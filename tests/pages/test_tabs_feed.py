"""Tabs that share a stream, against one that refuses, forgets and begins anew."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession

from tests.pages.chrome import Chrome, Tab, chrome
from tests.pages.scripted_stream import Script, serving
from tests.servers import wait_until

Open = Callable[..., Tab]
COUNT_MESSAGES = """
window.overheard = 0;
window.deaf = location.search.includes("deaf");
window.BroadcastChannel = class extends BroadcastChannel {
  set onmessage(hear) {
    super.onmessage = (message) => {
      if (deaf) return;
      overheard += 1;
      hear(message);
    };
  }
};
"""
FOREIGN_NAME = "--host-resolver-rules=MAP shop.test 127.0.0.1"


@pytest.fixture(scope="module")
def session(browser: Browser, browser_path: str) -> Iterator[CDPSession]:
    with chrome(browser, browser_path, FOREIGN_NAME) as session:
        yield session


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def address(script: Script) -> Iterator[str]:
    with serving(script) as url:
        yield url


@pytest.fixture
def tab(session: CDPSession, address: str) -> Iterator[Open]:
    """Opens tabs of one browser."""
    browser = Chrome(session, [], COUNT_MESSAGES)

    def opened(after: str = "aa11-0", share: str = "us", url: str = address, **more: Any) -> Tab:
        query = "".join(f"&{name}={value}" for name, value in more.items())
        tab = browser.tab(f"{url}/?after={after}&share={share}{query}")
        tab.wait_for("window.feed !== undefined")
        return tab

    yield opened
    browser.close()


def wait_until_live(*tabs: Tab, seconds: float = 10) -> None:
    for tab in tabs:
        tab.wait_for("feed.state === 'live'", seconds)


def wait_for_position(id: str, *tabs: Tab, seconds: float = 10) -> None:
    for tab in tabs:
        tab.wait_for(f"feed.position === '{id}'", seconds)


def heard(tab: Tab) -> list[int]:
    """The positions of the events that a tab was told, in their order."""
    found: list[int] = tab.evaluate("seen.messages.map(({ position }) => position)")
    return found


def test_tabs_share_a_stream_and_hear_everything_once(tab: Open, script: Script) -> None:
    tabs = [tab() for _ in range(3)]
    wait_until_live(*tabs)
    script.happens(2)
    script.happens(3, audience="somebody else")
    script.happens(2)
    wait_for_position("aa11-7", *tabs)
    assert [heard(one) for one in tabs] == [[1, 2, 6, 7]] * 3
    assert len(script.connects) == 1
    assert script.polls == 0, "positions of others are no gap"
    assert all(one.evaluate("overheard") for one in tabs)


def test_tabs_that_listen_for_other_names_share_nothing(tab: Open, script: Script) -> None:
    tabs = [tab(), tab(type="order.teleported")]
    wait_until_live(*tabs)
    script.happens(1, type="order.teleported")
    wait_for_position("aa11-1", tabs[1])
    assert heard(tabs[1]) == [1]
    assert len(script.connects) == 2


@pytest.mark.parametrize("marks", [("us", "them"), ("us", "")], ids=["another", "none"])
def test_tabs_with_another_mark_or_none_share_nothing(
    tab: Open, script: Script, marks: tuple[str, str]
) -> None:
    tabs = [tab(share=mark) for mark in marks]
    wait_until_live(*tabs)
    assert len(script.connects) == 2
    script.happens(3)
    wait_for_position("aa11-3", *tabs)
    assert [heard(one) for one in tabs] == [[1, 2, 3]] * 2
    assert [one.evaluate("overheard") for one in tabs] == [0, 0]


def test_a_tab_that_joins_late_reads_what_it_has_missed(tab: Open, script: Script) -> None:
    first = tab()
    wait_until_live(first)
    script.happens(250)
    wait_for_position("aa11-250", first)
    late = tab()
    wait_until_live(late)
    script.happens(1)
    wait_for_position("aa11-251", first, late)
    assert heard(late) == list(range(1, 252))
    assert len(script.connects) == 1


def test_what_comes_while_the_log_cannot_be_read_is_kept(tab: Open, script: Script) -> None:
    first = tab()
    script.happens(3)
    wait_for_position("aa11-3", first)
    script.polling = "broken"
    late = tab()
    script.happens(2)
    wait_for_position("aa11-5", first)
    late.wait_for("performance.now() > 1500")
    assert heard(late) == []
    assert late.evaluate("feed.state") == "reconnecting"
    script.polling = "well"
    wait_until_live(late)
    assert heard(late) == [1, 2, 3, 4, 5]
    assert len(script.connects) == 1


def test_a_tab_catches_up_though_more_comes_than_the_log_can_answer(
    tab: Open, script: Script
) -> None:
    first = tab()
    script.happens(3)
    wait_for_position("aa11-3", first)
    script.polling = "slow"
    late = tab()
    for _ in range(50):
        script.happens(1)
        late.wait_for("true")
    wait_until_live(late)
    wait_for_position("aa11-53", first, late)
    assert heard(late) == list(range(1, 54))
    assert script.polls <= 2


def test_the_tab_with_the_connection_goes_into_the_cache_and_comes_back(
    tab: Open, script: Script, address: str
) -> None:
    tabs = [tab() for _ in range(3)]
    wait_until_live(*tabs)
    tabs[0].go(f"{address}/elsewhere")
    script.happens(3)
    wait_for_position("aa11-3", *tabs[1:])
    tabs[0].back()
    assert tabs[0].evaluate("seen.returns") == 1
    wait_until_live(*tabs)
    script.happens(3)
    wait_for_position("aa11-6", *tabs)
    assert [heard(one) for one in tabs] == [[1, 2, 3, 4, 5, 6]] * 3
    assert len(script.connects) == 2


def test_a_tab_that_is_switched_off_hands_over_and_follows_later(tab: Open, script: Script) -> None:
    tabs = [tab() for _ in range(2)]
    wait_until_live(*tabs)
    tabs[0].evaluate("feed.stop()")
    script.happens(2)
    wait_for_position("aa11-2", tabs[1])
    assert heard(tabs[0]) == []
    tabs[0].evaluate("feed.start()")
    wait_until_live(*tabs)
    wait_for_position("aa11-2", tabs[0])
    assert [heard(one) for one in tabs] == [[1, 2]] * 2
    assert len(script.connects) == 2


def test_no_tab_says_live_while_the_server_is_away(tab: Open, script: Script) -> None:
    tabs = [tab() for _ in range(3)]
    wait_until_live(*tabs)
    script.becomes(stream="503", polling="broken")
    for one in tabs:
        one.wait_for("feed.state === 'reconnecting'")
    script.happens(4)
    tabs[0].wait_for("performance.now() > 3000")
    assert [one.evaluate("feed.state") for one in tabs] == ["reconnecting"] * 3
    script.becomes(stream="well", polling="well")
    wait_until_live(*tabs, seconds=30)
    wait_for_position("aa11-4", *tabs)
    assert [heard(one) for one in tabs] == [[1, 2, 3, 4]] * 3


def test_every_tab_knows_at_once_that_the_stream_has_broken(tab: Open, script: Script) -> None:
    # At full pace they would ask the leader only after a quarter of a minute.
    tabs = [tab(pace=1) for _ in range(3)]
    wait_until_live(*tabs)
    script.becomes(stream="silent")
    script.becomes(stream="503")
    for one in tabs:
        one.wait_for("feed.state === 'reconnecting'", 2)


def test_a_stream_that_nobody_can_have_is_tried_again_when_somebody_looks(
    tab: Open, script: Script
) -> None:
    script.becomes(stream="503")
    tabs = [tab(pace=1) for _ in range(2)]
    wait_until(lambda: len(script.connects) == 4, 20, "pauses that have grown long")
    script.becomes(stream="well")
    tabs[1].evaluate("document.dispatchEvent(new Event('visibilitychange')), undefined")
    wait_until_live(*tabs, seconds=2)


def test_without_a_stream_only_the_tab_that_is_looked_at_polls(tab: Open, script: Script) -> None:
    script.becomes(stream="503")
    behind, front = tab(), tab()
    front.wait_for("feed.state === 'polling'")
    script.happens(3)
    wait_for_position("aa11-3", front)
    assert behind.evaluate("feed.state") == "reconnecting"
    assert heard(behind) == []
    script.becomes(stream="well")
    wait_until_live(behind, front, seconds=30)
    wait_for_position("aa11-3", behind)
    assert heard(behind) == heard(front) == [1, 2, 3]


def test_another_epoch_resets_every_tab_and_all_go_on(tab: Open, script: Script) -> None:
    tabs = [tab() for _ in range(3)]
    script.happens(5)
    wait_for_position("aa11-5", *tabs)
    script.begins_anew()
    for one in tabs:
        one.wait_for("seen.resets.length === 1 && feed.position.startsWith('bb22')")
    wait_until_live(*tabs)
    script.happens(2)
    wait_for_position("bb22-2", *tabs)
    assert [heard(one) for one in tabs] == [[1, 2, 3, 4, 5, 1, 2]] * 3
    assert [one.evaluate("seen.resets.length") for one in tabs] == [1, 1, 1]


def test_a_name_that_no_tab_has_listened_for_reaches_all(tab: Open, script: Script) -> None:
    tabs = [tab() for _ in range(3)]
    wait_until_live(*tabs)
    script.happens(1, type="order.teleported")
    for one in tabs:
        one.wait_for("seen.resets.length === 1")
    wait_until_live(*tabs)
    script.happens(1, type="order.teleported")
    wait_for_position("aa11-2", *tabs)
    assert [one.evaluate("seen.messages.at(-1).type") for one in tabs] == ["order.teleported"] * 3


def test_a_name_learnt_by_asking_is_listened_for(tab: Open, script: Script) -> None:
    alone = tab(share="", pace=1)
    wait_until_live(alone)
    script.becomes(stream="silent")
    script.happens(1, type="order.teleported")
    alone.evaluate("document.dispatchEvent(new Event('visibilitychange')), undefined")
    alone.wait_for("seen.messages.length === 1")
    script.becomes(stream="well")
    wait_until_live(alone)
    script.happens(2, type="order.teleported")
    alone.wait_for("seen.messages.length === 3")
    assert alone.evaluate("seen.resets.length") == 0


@pytest.mark.parametrize(("way", "pace"), [("close", 1), ("crash", 0.2)])
def test_where_the_browser_has_no_locks_one_still_leads_and_is_replaced(
    tab: Open, script: Script, address: str, way: str, pace: float
) -> None:
    plain = address.replace("127.0.0.1", "shop.test")
    tabs = [tab(url=plain, pace=pace) for _ in range(4)]
    assert not tabs[0].evaluate("isSecureContext")
    wait_until_live(*tabs)
    script.happens(3)
    wait_for_position("aa11-3", *tabs)
    assert len(script.connects) == 1
    getattr(tabs[0], way)()
    script.happens(3)
    wait_for_position("aa11-6", *tabs[1:])
    wait_until_live(*tabs[1:])
    assert [heard(one) for one in tabs[1:]] == [[1, 2, 3, 4, 5, 6]] * 3


def test_without_locks_two_that_lead_settle_it(tab: Open, script: Script, address: str) -> None:
    plain = address.replace("127.0.0.1", "shop.test")
    tabs = [tab(url=plain), tab(url=plain, deaf="yes"), tab(url=plain, deaf="yes")]
    wait_until_live(*tabs)
    assert script.listening == 3
    for one in tabs:
        one.evaluate("deaf = false")
    wait_until(lambda: script.listening == 1, 5, "one stream")
    script.happens(3)
    wait_for_position("aa11-3", *tabs)
    wait_until_live(*tabs)
    assert [heard(one) for one in tabs] == [[1, 2, 3]] * 3


def test_without_a_channel_between_tabs_each_has_its_own_stream(
    session: CDPSession, script: Script, address: str
) -> None:
    browser = Chrome(session, [], "delete window.BroadcastChannel")
    tabs = [browser.tab(f"{address}/?after=aa11-0&share=us") for _ in range(2)]
    wait_until_live(*tabs)
    script.happens(2)
    wait_for_position("aa11-2", *tabs)
    assert len(script.connects) == 2
    browser.close()
