"""Tabs of one browser that share a stream, against one that breaks, forgets and begins anew."""

import random
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.pages import scripted_stream
from tests.pages.feeds import positions, seen, wait_for, wait_for_state
from tests.pages.scripted_stream import Script
from tests.servers import wait_until

Open = Callable[..., Page]
NO_WORKERS = "delete window.SharedWorker"
WORKERS_FAIL = """
const Worker = SharedWorker;
window.SharedWorker = class { constructor(url, more) { return new Worker("/nowhere.js", more); } };
"""


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Open]:
    """Opens tabs of one browser."""
    context = browser.new_context()

    def opened(after: int = 0, url: str = address, first: str = "", **more: object) -> Page:
        page = context.new_page()
        page.add_init_script(first)
        query = "".join(f"&{name}={value}" for name, value in more.items())
        page.goto(f"{url}/?after=aa11-{after}{query}")
        wait_for(page, "window.feed !== undefined")
        return page

    yield opened
    context.close()


def all_live(tabs: list[Page], seconds: float = 10) -> None:
    for one in tabs:
        wait_for_state(one, "live", seconds)


def all_at(tabs: list[Page], position: str, seconds: float = 10) -> None:
    for one in tabs:
        wait_for(one, f"feed.position === '{position}'", seconds)


def test_tabs_share_a_stream_and_hear_everything_once(tab: Open, script: Script) -> None:
    tabs = [tab() for _ in range(3)]
    all_live(tabs)
    script.happens(2)
    script.happens(3, audience="somebody else")
    script.happens(2)
    all_at(tabs, "aa11-7")
    assert [positions(one) for one in tabs] == [[1, 2, 6, 7]] * 3
    assert len(script.connects) == 1
    assert seen(tabs[0], "resets") == [], "positions of others are no gap"


def test_signals_reach_all_tabs_however_fast_they_come(tab: Open, script: Script) -> None:
    tabs = [tab() for _ in range(2)]
    all_live(tabs)
    script.happens(5, type="typing")
    for one in tabs:
        wait_for(one, "seen.signals.length === 5")
        assert [signal["data"] for signal in seen(one, "signals")] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("other", [{"who": "staff:2"}, {"type": "order.teleported"}])
def test_tabs_of_another_person_or_with_other_names_share_nothing(
    tab: Open, script: Script, other: dict[str, str]
) -> None:
    tabs = [tab(who="staff:1"), tab(**{"who": "staff:1", **other})]
    all_live(tabs)
    script.happens(2)
    all_at(tabs, "aa11-2")
    assert [positions(one) for one in tabs] == [[1, 2]] * 2
    assert len(script.connects) == 2


def test_a_tab_that_joins_late_is_told_what_came_last(tab: Open, script: Script) -> None:
    first = tab()
    script.happens(250)
    all_at([first], "aa11-250")
    late = tab(after=100)
    all_live([late], 2)
    script.happens(1)
    all_at([first, late], "aa11-251")
    assert positions(late) == list(range(101, 252))
    assert len(script.connects) == 1
    assert script.polls == 0


@pytest.mark.parametrize(("start", "missed"), [(10, 20), (0, 5_500)], ids=["older", "too many"])
def test_what_the_stream_has_not_kept_is_asked_for_anew(
    tab: Open, script: Script, start: int, missed: int
) -> None:
    script.happens(start)
    first = tab(after=start)
    while len(script.log) < missed:
        script.happens(min(500, missed - len(script.log)))
        all_at([first], script.head())
    late = tab(after=0)
    script.happens(3)
    all_at([first, late], script.head(), 20)
    assert positions(late) == list(range(1, missed + 4))
    assert positions(first) == list(range(start + 1, missed + 4))
    assert "aa11-0" in script.connects[1:]


def test_a_tab_that_hangs_holds_nobody_up_and_misses_nothing(tab: Open, script: Script) -> None:
    tabs = [tab() for _ in range(3)]
    all_live(tabs)
    tabs[0].evaluate(
        "setTimeout(() => { for (const end = Date.now() + 2500; Date.now() < end;); })"
    )
    for _ in range(55):
        script.happens(100)
        tabs[1].wait_for_timeout(10)
    all_at(tabs[1:], "aa11-5500", 2)
    all_at(tabs, "aa11-5500", 20)
    assert [positions(one) for one in tabs] == [list(range(1, 5501))] * 3


@pytest.mark.parametrize("seed", range(3))
def test_tabs_that_come_and_go_from_anywhere_hear_all_behind_it(
    tab: Open, script: Script, seed: int
) -> None:
    chance = random.Random(seed)
    tabs: dict[Page, int] = {}
    for _ in range(25):
        match chance.choice(["happens", "happens", "cut", "pause", "open"]):
            case "happens":
                script.happens(chance.randrange(1, 400))
            case "cut":
                script.becomes(stream="well")
            case "pause" if tabs:
                chosen = chance.choice(list(tabs))
                chosen.evaluate("feed.stop(), setTimeout(() => feed.start(), 100), undefined")
            case "open" if len(tabs) < 5:
                after = chance.randrange(len(script.log) + 1)
                tabs[tab(after=after)] = after
    script.happens(1)
    all_at(list(tabs), script.head(), 20)
    for one, after in tabs.items():
        assert positions(one) == list(range(after + 1, len(script.log) + 1)), f"seed {seed}"
        assert seen(one, "resets") == []


def test_who_comes_while_the_stream_is_silent_has_it_opened_again_for_all(
    tab: Open, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        scripted_stream, "HEARTBEAT", 60
    )  # How long silence is borne stays unknown.
    first = tab(pace=0.15)
    script.happens(2)
    all_at([first], "aa11-2")
    script.becomes(stream="silent")
    script.happens(3)
    first.wait_for_timeout(3000)
    script.stream = "well"
    late = tab(after=4, pace=0.15)
    all_at([first, late], "aa11-5")
    assert [positions(first), positions(late)] == [[1, 2, 3, 4, 5], [5]]
    assert script.connects == ["aa11-0", "aa11-2"]
    assert seen(first, "states") == ["reconnecting", "live"], "it need not notice itself"


def test_a_stream_that_falls_silent_is_noticed_by_all(tab: Open, script: Script) -> None:
    tabs = [tab() for _ in range(3)]
    all_live(tabs)
    script.becomes(stream="silent")
    for one in tabs:
        wait_for(one, "feed.state !== 'live'")
    script.happens(3)
    script.becomes(stream="well")
    all_live(tabs)
    all_at(tabs, "aa11-3")
    assert [positions(one) for one in tabs] == [[1, 2, 3]] * 3


def test_no_tab_says_live_while_the_server_is_away(tab: Open, script: Script) -> None:
    tabs = [tab() for _ in range(3)]
    all_live(tabs)
    script.becomes(stream="503", polling="broken")
    for one in tabs:
        wait_for_state(one, "reconnecting", 2)
    connects = len(script.connects)
    script.happens(4)
    tabs[0].wait_for_timeout(2000)
    assert [one.evaluate("feed.state") for one in tabs] == ["reconnecting"] * 3
    assert len(script.connects) - connects < 40, "they do not hammer at it"
    script.becomes(stream="well", polling="well")
    all_live(tabs, 30)
    all_at(tabs, "aa11-4")
    assert [positions(one) for one in tabs] == [[1, 2, 3, 4]] * 3
    wait_until(lambda: script.listening == 1, 5, "one stream")


def test_another_epoch_resets_every_tab_once_and_all_go_on(tab: Open, script: Script) -> None:
    tabs = [tab() for _ in range(3)]
    script.happens(5)
    all_at(tabs, "aa11-5")
    script.begins_anew()
    all_at(tabs, "bb22-0")
    all_live(tabs)
    script.happens(2)
    all_at(tabs, "bb22-2")
    assert [positions(one) for one in tabs] == [[1, 2, 3, 4, 5, 1, 2]] * 3
    assert [len(seen(one, "resets")) for one in tabs] == [1, 1, 1]


def test_a_name_learnt_by_asking_is_listened_for(tab: Open, script: Script) -> None:
    alone = tab(pace=1)
    all_live([alone])
    script.becomes(stream="silent")
    script.happens(1, type="order.teleported")
    alone.evaluate("document.dispatchEvent(new Event('visibilitychange')), undefined")
    wait_for(alone, "seen.messages.length === 1")
    script.becomes(stream="well")
    all_live([alone])
    script.happens(2, type="order.teleported")
    wait_for(alone, "seen.messages.length === 3")
    assert seen(alone, "resets") == []


def test_pages_that_came_without_encryption_share_as_well(
    tab: Open, script: Script, address: str
) -> None:
    plain = address.replace("127.0.0.1", "0.0.0.0")
    tabs = [tab(url=plain) for _ in range(2)]
    all_live(tabs)
    assert not tabs[0].evaluate("isSecureContext")
    script.happens(2)
    all_at(tabs, "aa11-2")
    assert len(script.connects) == 1


@pytest.mark.parametrize("first", [NO_WORKERS, WORKERS_FAIL], ids=["none", "they fail"])
def test_without_shared_workers_each_tab_has_its_own_stream(
    tab: Open, script: Script, first: str
) -> None:
    tabs = [tab(first=first) for _ in range(2)]
    all_live(tabs)
    script.happens(2)
    all_at(tabs, "aa11-2")
    assert [positions(one) for one in tabs] == [[1, 2]] * 2
    assert len(script.connects) == 2
