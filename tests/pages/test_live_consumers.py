"""The consumers of the log on the live page, in a real browser, moved on by a real courier."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.pages.boards import PHONE, Shop

_ERROR = "ValueError: <b>cannot</b> be taken"


@pytest.fixture
def live(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/admin/live")
    expect(consumer(page)).to_be_visible()
    return page


@pytest.fixture
def paused(bakery: Shop) -> Iterator[None]:
    """The customers' records stand still."""
    bakery.server.command("consumers", "pause", "customers")
    try:
        yield
    finally:
        bakery.server.command("consumers", "resume", "customers")


def consumer(page: Page, name: str = "customers") -> Locator:
    return page.locator(f'#consumers [data-consumer="{name}"]')


def cells(page: Page) -> Locator:
    """State, position, lag and number of events set aside."""
    return consumer(page).locator("td")


def test_each_consumer_is_shown_and_who_moves_it_on(live: Page, bakery: Shop) -> None:
    for one in bakery.api.get("/api/consumers").json()["consumers"]:
        expect(consumer(live, one["name"]).locator("th")).to_have_text(one["name"])
    courier = str(bakery.server.couriers()[0])
    expect(live.locator("#consumers-note")).to_have_text(re.compile(f"process {courier}$"))
    expect(consumer(live).locator(".consumer-state")).to_have_text("running")
    expect(live.locator("#set-aside")).to_be_hidden()
    expect(live.locator("#no-consumers")).to_be_hidden()


def test_the_position_follows_the_log_without_a_reload(live: Page, bakery: Shop) -> None:
    bakery.place_many(5)
    head = int(bakery.api.get("/api/overview").json()["position"].partition("-")[2])
    expect(cells(live).nth(1)).to_have_text(f"{head:,}", timeout=15_000)
    expect(cells(live).nth(2)).to_have_text("0")
    expect(cells(live).nth(2)).not_to_have_attribute("data-alarm", "")


def test_one_that_is_paused_falls_behind_in_sight(live: Page, bakery: Shop, paused: None) -> None:
    expect(consumer(live)).to_have_attribute("data-state", "paused")
    bakery.place_many(3)
    expect(cells(live).nth(2)).to_have_text("3")
    expect(cells(live).nth(2)).to_have_attribute("data-alarm", "")


def test_it_is_in_sight_when_no_courier_works(live: Page, bakery: Shop) -> None:
    answer = {"courier": None, "consumers": []}
    live.route("**/api/consumers", lambda route: route.fulfill(json=answer))
    expect(live.locator("#consumers-note")).to_have_text("No courier works: nothing moves on")
    expect(live.locator("#no-consumers")).to_be_visible()
    live.unroute("**/api/consumers")
    expect(consumer(live)).to_be_visible()


def test_one_that_fails_says_at_what(live: Page, bakery: Shop) -> None:
    found = bakery.api.get("/api/consumers").json()
    customers = next(one for one in found["consumers"] if one["name"] == "customers")
    failing = customers | {"state": "failing", "failures": 2, "error": _ERROR}
    answer = found | {"consumers": [failing]}
    live.route("**/api/consumers", lambda route: route.fulfill(json=answer))
    expect(live.locator("#consumers .why")).to_have_text(f"2 tries failed: {_ERROR}")
    expect(consumer(live)).to_have_attribute("data-state", "failing")


def test_what_was_set_aside_is_listed_as_text(live: Page, bakery: Shop) -> None:
    row = ("customers", 2, "order.created", _ERROR, "2026-01-05 10:00:00.000000")
    with closing(sqlite3.connect(bakery.server.home / "orderboard.db", timeout=10)) as database:
        database.execute("INSERT INTO consumer_set_aside VALUES (?, ?, ?, ?, ?)", row)
        database.commit()
        expect(cells(live).nth(3)).to_have_text("1")
        live.locator("#set-aside > summary").click()
        expect(live.locator("#set-aside li")).to_contain_text("customers, event 2 order.created")
        expect(live.locator("#set-aside .consumer-error")).to_have_text(_ERROR)
        database.execute("DELETE FROM consumer_set_aside")
        database.commit()
    expect(live.locator("#set-aside")).to_be_hidden()


def test_on_a_phone_the_table_needs_no_scrolling_sideways(context: BrowserContext) -> None:
    page = context.new_page()
    page.set_viewport_size(PHONE)
    page.goto("/admin/live")
    expect(consumer(page)).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    table = page.locator("#consumers .table").bounding_box()
    assert table is not None
    assert table["x"] + table["width"] <= PHONE["width"]
