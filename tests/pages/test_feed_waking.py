"""The page's feed when nobody looks, the network goes, the page sleeps, or it is turned away."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.pages.feeds import positions, wait_for, wait_for_state
from tests.pages.scripted_stream import Script


@pytest.fixture
def page(browser: Browser, address: str, script: Script) -> Iterator[Page]:
    """A page that follows the log from its head on."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/?after={script.head()}")
    yield page
    context.close()


@pytest.mark.parametrize("status", [401, 404])
def test_a_final_refusal_turns_it_off(page: Page, script: Script, status: int) -> None:
    wait_for_state(page, "live")
    script.becomes(stream=str(status), polling=str(status))
    wait_for_state(page, "off")
    polls, connects = script.polls, len(script.connects)
    page.wait_for_timeout(1500)
    assert (script.polls, len(script.connects)) == (polls, connects)


def test_nobody_asks_while_nobody_looks(page: Page, script: Script) -> None:
    script.becomes(stream="503")
    wait_for_state(page, "polling")
    page.evaluate(
        """() => {
          window.hiddenNow = true;
          Object.defineProperty(document, "hidden", { get: () => window.hiddenNow });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    page.wait_for_timeout(200)
    polls = script.polls
    script.happens(3)
    page.wait_for_timeout(1500)
    assert script.polls == polls
    assert page.evaluate("feed.state") == "reconnecting"
    page.evaluate(
        "hiddenNow = false, document.dispatchEvent(new Event('visibilitychange')), undefined"
    )
    wait_for(page, "seen.messages.length === 3")


def test_waking_up_looks_at_once(page: Page, script: Script, address: str) -> None:
    # At full pace nothing else would notice the silence for half a minute.
    page.goto(f"{address}/?after={script.head()}&pace=1")
    wait_for_state(page, "live")
    script.becomes(stream="silent")
    script.happens(2)
    page.wait_for_timeout(300)
    assert positions(page) == []
    page.evaluate("document.dispatchEvent(new Event('visibilitychange')), undefined")
    wait_for(page, "seen.messages.length === 2")


def test_without_a_network_it_says_so_and_comes_back(page: Page, script: Script) -> None:
    wait_for_state(page, "live")
    # This tells the page; the stream may be another's, whose network stays.
    page.context.set_offline(True)
    script.becomes(stream="503")
    wait_for_state(page, "reconnecting")
    script.happens(4)
    page.wait_for_timeout(1500)
    assert page.evaluate("feed.state") == "reconnecting"
    script.becomes(stream="well")
    page.context.set_offline(False)
    wait_for_state(page, "live", 20)
    wait_for(page, "seen.messages.length === 4")
    assert positions(page) == [1, 2, 3, 4]


def test_a_page_out_of_the_back_forward_cache_catches_up(page: Page, script: Script) -> None:
    wait_for_state(page, "live")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    script.happens(3)
    page.wait_for_timeout(300)
    assert positions(page) == []
    assert page.evaluate("feed.state") == "reconnecting"
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    wait_for(page, "seen.messages.length === 3")
    wait_for_state(page, "live")


def test_stopped_it_is_off_and_started_again_it_goes_on(page: Page, script: Script) -> None:
    script.happens(2)
    wait_for(page, "seen.messages.length === 2")
    page.evaluate("feed.stop()")
    script.happens(2)
    page.wait_for_timeout(500)
    assert page.evaluate("feed.state") == "off"
    assert positions(page) == [1, 2]
    page.evaluate("feed.start()")
    wait_for(page, "seen.messages.length === 4")
    assert positions(page) == [1, 2, 3, 4]


def test_a_page_that_cannot_read_its_snapshot_is_told_again(page: Page, script: Script) -> None:
    wait_for_state(page, "live")
    page.route("**/api/orders", lambda route: route.abort())
    script.begins_anew()
    wait_for(page, "seen.resets.length >= 2")
    assert page.evaluate("feed.state") == "reconnecting"
    page.unroute("**/api/orders")
    wait_for_state(page, "live")
