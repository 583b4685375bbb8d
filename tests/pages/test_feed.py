"""The page's feed in a real browser, against a stream that drops, stalls, lies and repeats."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.pages.feeds import positions, seen, wait_for, wait_for_state
from tests.pages.scripted_stream import Script
from tests.servers import wait_until

# Ends the feed as soon as it has heard something, in the middle of what came together with it.
STOPS_AT_THE_FIRST = """
addEventListener("DOMContentLoaded", () => {
  feed.addEventListener("message", () => feed.stop(), { once: true });
});
"""
OWN_STREAM = "delete window.SharedWorker;"
# Some browsers tell what was queued before `close`; Chromium does not.
TELLS_LATE = """
window.EventSource = class extends EventSource {
  addEventListener(type, hear) {
    super.addEventListener(type, hear);
    if (type === "order.updated") this.tell = hear;
  }
  close() {
    super.close();
    const data = JSON.stringify({ position: 9, order: { id: "ord_late", version: 9 } });
    setTimeout(() => {
      this.tell?.({ lastEventId: "aa11-9", data });
      window.toldLate = true;
    });
  }
};
"""


@pytest.fixture
def page(browser: Browser, address: str, script: Script) -> Iterator[Page]:
    """A page that follows the log from its head on."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/?after={script.head()}")
    yield page
    context.close()


def test_events_arrive_whole_and_in_order(page: Page, script: Script) -> None:
    wait_for_state(page, "live")
    script.happens(50)
    wait_for(page, "seen.messages.length === 50")
    assert positions(page) == list(range(1, 51))
    first = seen(page, "messages")[0]
    assert first["id"] == "aa11-1"
    assert first["order"] == {"id": "ord_1", "version": 1}
    assert seen(page, "states") == ["reconnecting", "live"]
    assert script.polls == 0


def test_a_stream_cut_again_and_again_neither_loses_nor_doubles(page: Page, script: Script) -> None:
    for _ in range(6):
        script.happens(5)
        page.wait_for_timeout(150)
        script.becomes(stream="well")
        script.happens(5)
    wait_for(page, "seen.messages.length >= 60")
    assert positions(page) == list(range(1, 61))
    wait_for_state(page, "live")


def test_a_stream_that_repeats_is_heard_once(page: Page, script: Script, address: str) -> None:
    script.happens(20)
    wait_for(page, "seen.messages.length === 20")
    # The browser goes on from the last id; polling in between has been further than that.
    script.becomes(stream="503")
    script.happens(10)
    wait_for(page, "seen.messages.length === 30")
    script.becomes(stream="well")
    wait_for_state(page, "live", 20)
    script.happens(5)
    wait_for(page, "seen.messages.length === 35")
    assert positions(page) == list(range(1, 36))


def test_a_refused_stream_is_asked_for_again_from_where_it_stopped(
    page: Page, script: Script
) -> None:
    script.happens(3)
    wait_for(page, "seen.messages.length === 3")
    script.becomes(stream="503")
    wait_for_state(page, "polling")
    script.becomes(stream="well")
    wait_for_state(page, "live", 20)
    assert script.connects[-1] == "aa11-3"


@pytest.mark.parametrize(("seconds", "failures"), [(0, 4), (19, 4), (21, 1)])
def test_what_went_well_for_a_while_makes_up_for_failures_however_much_comes(
    page: Page, seconds: int, failures: int
) -> None:
    found = page.evaluate(
        """async (seconds) => {
          const { Backoff } = await import("/static/js/feed/backoff.js");
          const [now, backoff] = [Date.now, new Backoff()];
          let moment = now();
          Date.now = () => moment;
          for (let n = 0; n < 3; n += 1) backoff.failed();
          for (let n = 0; n <= seconds * 10; n += 1, moment += 100) backoff.wentWell();
          backoff.failed();
          Date.now = now;
          return backoff.failures;
        }""",
        seconds,
    )
    assert found == failures


def test_a_stream_that_falls_silent_is_noticed_and_replaced(page: Page, script: Script) -> None:
    wait_for_state(page, "live")
    page.wait_for_timeout(1200)
    script.becomes(stream="silent")
    script.happens(4)
    wait_for(page, "seen.states.length > 2")
    assert seen(page, "states")[2] == "reconnecting"
    wait_for(page, "seen.messages.length === 4")
    wait_for_state(page, "polling")
    script.becomes(stream="well")
    wait_for_state(page, "live", 20)
    assert positions(page) == [1, 2, 3, 4]


@pytest.mark.parametrize("manner", ["held", "silent"])
def test_behind_a_proxy_that_holds_everything_back_polling_takes_over(
    page: Page, script: Script, address: str, manner: str
) -> None:
    script.becomes(stream=manner)
    page.goto(f"{address}/?after={script.head()}")
    script.happens(7)
    wait_for(page, "seen.messages.length === 7", 6)
    wait_for_state(page, "polling")
    assert "live" not in seen(page, "states")
    script.becomes(stream="well")
    script.happens(3)
    wait_for_state(page, "live", 20)
    wait_for(page, "seen.messages.length === 10")
    assert positions(page) == list(range(1, 11))
    polls = script.polls
    page.wait_for_timeout(1500)
    assert script.polls == polls, "polling ends when the stream is back"


def test_polling_reads_a_long_log_to_its_end(page: Page, script: Script, address: str) -> None:
    script.becomes(stream="503")
    page.goto(f"{address}/?after={script.head()}")
    script.happens(350)
    wait_for(page, "seen.messages.length === 350")
    assert positions(page) == list(range(1, 351))


def test_a_server_that_is_away_is_neither_live_nor_polled_in_the_badge(
    page: Page, script: Script
) -> None:
    wait_for_state(page, "live")
    script.becomes(stream="503", polling="broken")
    page.wait_for_timeout(1500)
    assert seen(page, "states") == ["reconnecting", "live", "reconnecting"]
    script.happens(2)
    script.becomes(stream="well", polling="well")
    wait_for_state(page, "live", 20)
    wait_for(page, "seen.messages.length === 2")


def test_another_epoch_resets_the_page_and_goes_on(page: Page, script: Script) -> None:
    script.happens(5)
    wait_for(page, "seen.messages.length === 5")
    script.begins_anew()
    wait_for(page, "seen.resets.length === 1")
    assert seen(page, "resets") == [{"reason": "epoch", "id": "bb22-0"}]
    wait_for_state(page, "live")
    script.happens(2)
    wait_for(page, "seen.messages.length === 7")
    assert positions(page) == [1, 2, 3, 4, 5, 1, 2]
    assert page.evaluate("feed.position") == "bb22-2"


def test_another_epoch_is_noticed_by_polling_too(page: Page, script: Script) -> None:
    script.happens(5)
    wait_for(page, "seen.messages.length === 5")
    script.becomes(stream="503")
    wait_for_state(page, "polling")
    script.begins_anew()
    script.happens(1)
    wait_for(page, "seen.resets.length === 1")
    wait_for(page, "feed.position === 'bb22-1'")
    script.happens(1)
    wait_for(page, "seen.messages.length === 6", 15)
    assert positions(page)[5:] == [2]


def test_positions_of_others_are_no_gap(page: Page, script: Script) -> None:
    wait_for_state(page, "live")
    script.happens(3, audience="somebody else")
    script.happens(1)
    script.happens(3, audience="somebody else")
    wait_for(page, "feed.position === 'aa11-7'")
    page.wait_for_timeout(800)
    assert positions(page) == [4]
    assert seen(page, "resets") == []
    assert script.polls <= 1


def test_an_event_of_an_unknown_name_makes_the_page_read_again(page: Page, script: Script) -> None:
    wait_for_state(page, "live")
    script.happens(1, type="order.teleported")
    wait_for(page, "seen.resets.length === 1")
    assert seen(page, "resets")[0]["reason"] == "unheard"
    wait_for_state(page, "live")
    script.happens(1, type="order.teleported")
    wait_for(page, "seen.messages.length === 1")
    assert seen(page, "messages")[0]["type"] == "order.teleported"
    assert len(seen(page, "resets")) == 1


@pytest.mark.parametrize("first", ["", OWN_STREAM], ids=["shared", "own"])
def test_a_feed_that_was_stopped_hears_nothing_of_what_came_along(
    browser: Browser, script: Script, address: str, first: str
) -> None:
    script.happens(5)
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(first + STOPS_AT_THE_FIRST)
    page.goto(f"{address}/?after=aa11-0")
    wait_for(page, "window.seen?.messages.length > 0")
    wait_until(lambda: page.wait_for_timeout(20) or script.listening == 0, 5, "let go")
    assert positions(page) == [1]
    assert seen(page, "states")[-1] == "off"
    assert page.evaluate("feed.position") == "aa11-1"
    context.close()


def test_frames_that_arrive_after_closing_are_nobodys(
    browser: Browser, script: Script, address: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(OWN_STREAM + TELLS_LATE)
    page.goto(f"{address}/?after=aa11-0")
    wait_for_state(page, "live")
    page.evaluate("feed.stop()")
    wait_for(page, "window.toldLate")
    assert positions(page) == []
    assert page.evaluate("[feed.state, feed.position]") == ["off", "aa11-0"]
    context.close()


@pytest.mark.parametrize("first", ["", OWN_STREAM], ids=["shared", "own"])
def test_a_stream_that_ends_by_another_role_comes_back_and_says_so(
    browser: Browser, script: Script, address: str, first: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(first)
    page.goto(f"{address}/?after=aa11-0")
    wait_for_state(page, "live")
    for reason, position in (("aged", 1), ("revoked", 2)):
        script.last_word = reason
        script.becomes()
        script.happens()
        wait_for(page, f"seen.messages.length === {position}")
    wait_for(page, "seen.rights.length > 0")
    assert len(seen(page, "rights")) == 1
    context.close()
