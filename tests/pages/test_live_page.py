"""The page that shows the stream itself, in a real browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.pages.boards import PHONE, Shop

_UNNAMED = """() => [...document.querySelectorAll("button, a, input, select")].filter((control) =>
    !control.innerText?.trim() && !control.ariaLabel && !control.labels?.length
).map((control) => control.outerHTML)"""
_TWICE = """() => [...document.querySelectorAll("[id]")].map(({ id }) => id)
    .filter((id, place, all) => all.indexOf(id) !== place)"""
_NOWHERE = """() => ["aria-controls", "aria-describedby", "aria-labelledby", "for"]
    .flatMap((name) =>
        [...document.querySelectorAll(`[${name}]`)].map((each) => each.getAttribute(name)))
    .filter((id) => !document.getElementById(id))"""


@pytest.fixture
def live(context: BrowserContext) -> Page:
    return open_live(context)


def open_live(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/admin/live")
    expect(fact(page, "state")).to_have_text("Connected")
    expect(page.locator(".frame")).not_to_have_count(0)
    return page


def fact(page: Page, name: str) -> Locator:
    return page.locator(f"[data-fact={name}]")


def frames(page: Page, kind: str = "order", text: str = "") -> Locator:
    return page.locator(f'.frame[data-kind="{kind}"]', has_text=text)


def about(page: Page, order: dict[str, Any]) -> Locator:
    exactly = re.compile(rf"^#{order['number']}$")
    return page.locator(".frame", has=page.locator(".frame-order", has_text=exactly))


def tile(page: Page, name: str) -> Locator:
    return page.locator(f'[data-tile="{name}"] .tile-value')


def number(order: dict[str, Any]) -> str:
    return f"#{order['number']}"


def test_an_event_appears_as_it_came_over_the_wire(live: Page, bakery: Shop) -> None:
    before = bakery.api.get("/api/orders?limit=1").json()["position"]
    order = bakery.place("Grete 🥐")
    row = about(live, order)
    expect(row).to_have_count(1)
    epoch, _, position = before.partition("-")
    heard = f"{epoch}-{int(position) + 1}"
    expect(row).to_have_attribute("data-id", heard)
    expect(fact(live, "last-id")).to_have_text(heard)
    expect(row.locator(".type-name")).to_have_text("order.created")
    expect(row.locator(".frame-size")).to_have_text(re.compile(r"[\d.]+ k?B"))
    expect(row.locator(".frame-lag")).to_have_text(re.compile(r"\d+ ms|[\d.]+ s"))
    row.locator(".frame-head").click()
    expect(row.locator(".json")).to_contain_text(f'"id": "{order["id"]}"')
    expect(row.locator(".json-string", has_text="Grete 🥐")).to_be_hidden()
    row.locator("summary", has_text='"customer"').click()
    expect(row.locator(".json-string", has_text="Grete 🥐")).to_be_visible()
    row.locator(".frame-head").click()
    expect(row.locator(".json")).to_be_hidden()


def test_heartbeats_and_the_retry_are_shown_and_can_be_left_out(live: Page, bakery: Shop) -> None:
    expect(frames(live, kind="heartbeat", text="retry")).to_have_count(1)
    expect(frames(live, kind="heartbeat")).not_to_have_count(0)
    expect(fact(live, "heartbeat")).to_have_text(re.compile("just now|ago"))
    one, other = bakery.place(), bakery.place()
    live.select_option("#filter-type", "no heartbeat")
    expect(frames(live, kind="heartbeat")).to_have_count(0)
    expect(frames(live)).to_have_count(2)
    live.fill("#filter-number", str(one["number"]))
    expect(about(live, one)).to_have_count(1)
    expect(about(live, other)).to_have_count(0)


def test_a_paused_list_stands_still_counts_what_comes_and_loses_nothing(
    live: Page, bakery: Shop
) -> None:
    live.select_option("#filter-type", "no heartbeat")
    live.click("#pause")
    before = live.locator(".frame").count()
    orders = bakery.place_many(3)
    expect(fact(live, "last-id")).to_have_text(re.compile(r".+-[1-9]\d*"))
    expect(live.locator("#pause-label")).to_have_text(re.compile(r"Resume · [3-9] new"))
    expect(live.locator("#frame-count")).to_contain_text("waiting")
    assert live.locator(".frame").count() == before
    live.click("#pause")
    for order in orders:
        expect(about(live, order)).to_have_count(1)
    expect(live.locator("#pause-label")).to_have_text("Pause")


def test_one_order_is_followed_until_that_is_stopped(live: Page, bakery: Shop) -> None:
    followed, other = bakery.place("Ada"), bakery.place("Bo")
    heard = live.locator("#followed-events > li")
    about(live, followed).locator(".frame-follow").click()
    expect(live.locator("[data-followed=number]")).to_have_text(number(followed))
    expect(heard).to_have_count(1)
    bakery.put(other, "status", status="processing")
    bakery.put(followed, "status", status="on_hold")
    expect(live.locator("[data-followed=status]")).to_have_text("On hold")
    expect(heard).to_have_count(2)
    expect(heard.first).to_contain_text("moved it from Pending to On hold")
    live.click("#unfollow")
    expect(live.locator("#followed")).to_be_hidden()
    bakery.put(followed, "status", status="processing")
    live.fill("#follow-order", number(other))
    live.press("#follow-order", "Enter")
    expect(live.locator("[data-followed=status]")).to_have_text("Processing")
    expect(live.locator("#followed-events")).not_to_contain_text("On hold")
    live.fill("#follow-order", "987654321")
    live.press("#follow-order", "Enter")
    expect(live.locator("#follow-error")).to_have_text("There is no order 987654321.")


def test_a_simulated_order_takes_its_way_is_measured_and_ends(live: Page, bakery: Shop) -> None:
    other = bakery.place("Not simulated")
    live.select_option("#pace", "200")
    live.click("#simulate")
    expect(live.locator("#simulate-result")).to_contain_text("has ended: completed", timeout=15_000)
    steps = ["Pending", "Processing", "Ready", "Shipped", "Delivered", "Completed"]
    expect(live.locator(".step-name")).to_have_text(steps)
    expect(live.locator(".step-seen")).to_have_text([re.compile(r"seen [\d.]+ m?s")] * len(steps))
    expect(live.locator("#speed-median")).to_have_text(re.compile(r"[\d.]+ m?s"))
    expect(live.locator("#followed-events > li")).to_have_count(len(steps))
    order = bakery.api.get("/api/orders?limit=1").json()["orders"][0]
    assert (order["customer"]["name"], order["status"]) == ("Simulated order", "completed")
    assert order["external_id"].startswith("simulated-")
    assert bakery.api.get(f"/api/orders/{other['id']}").json()["status"] == "pending"


def test_a_simulation_that_is_stopped_ends_its_order(live: Page, bakery: Shop) -> None:
    live.select_option("#pace", "10000")
    live.click("#simulate")
    expect(live.locator(".step-seen")).to_have_text([re.compile("^seen")])
    live.click("#simulate-stop")
    expect(live.locator("#simulate-result")).to_contain_text("has ended: cancelled")
    expect(live.locator("#simulate")).to_be_visible()
    order = bakery.api.get("/api/orders?limit=1").json()["orders"][0]
    assert (order["customer"]["name"], order["status"]) == ("Simulated order", "cancelled")


def test_an_order_that_somebody_else_moves_meanwhile_ends_all_the_same(
    live: Page, bakery: Shop
) -> None:
    live.select_option("#pace", "3000")
    live.click("#simulate")
    expect(live.locator(".step-seen")).to_have_text([re.compile("^seen")])
    order = bakery.api.get("/api/orders?limit=1").json()["orders"][0]
    bakery.put(order, "status", status="processing")
    bakery.put(order, "status", status="ready")
    expect(live.locator("#simulate-result")).to_contain_text("has ended: cancelled")
    assert bakery.api.get(f"/api/orders/{order['id']}").json()["status"] == "cancelled"


def test_leaving_the_page_ends_the_simulated_order(live: Page, bakery: Shop) -> None:
    live.select_option("#pace", "10000")
    live.click("#simulate")
    expect(live.locator(".step-seen")).to_have_text([re.compile("^seen")])
    live.goto("/admin")
    expect(live.locator(".row").first.locator(".badge, [data-action=move]").first).to_have_text(
        "Cancelled"
    )


def test_the_hubs_figures_move(live: Page, bakery: Shop) -> None:
    expect(tile(live, "listeners")).to_have_text(re.compile(r"[1-9]\d*"))
    expect(tile(live, "pubsub")).to_have_text("Connected")
    delivered = live.locator('[data-tile="deliveries"] .tile-note')
    before = delivered.inner_text()
    bakery.place_many(20)
    expect(delivered).not_to_have_text(before)
    expect(tile(live, "deliveries")).not_to_have_text("0")
    expect(tile(live, "resets")).to_have_text(re.compile(r"\d+"))
    assert live.locator('[data-tile="deliveries"] .spark-line').get_attribute("points")


def test_reconnecting_from_an_id_replays_what_came_behind_it(live: Page, bakery: Shop) -> None:
    start = bakery.api.get("/api/orders?limit=1").json()["position"]
    orders = bakery.place_many(3)
    expect(frames(live)).to_have_count(3)
    live.click("#clear")
    live.fill("#from-id", start)
    live.press("#from-id", "Enter")
    expect(frames(live, text="replayed")).to_have_count(3)
    for order in orders:
        expect(about(live, order)).to_have_count(1)
    live.fill("#from-id", "somewhere")
    live.press("#from-id", "Enter")
    expect(live.locator("#from-error")).to_be_visible()
    live.fill("#from-id", "another-1")
    live.press("#from-id", "Enter")
    expect(frames(live, kind="reset", text="epoch")).to_have_count(1)
    expect(frames(live)).to_have_count(3)


def test_what_comes_while_disconnected_is_heard_on_connecting(live: Page, bakery: Shop) -> None:
    live.click("#toggle")
    expect(fact(live, "state")).to_have_text("Closed")
    order = bakery.place()
    live.wait_for_timeout(300)
    expect(frames(live)).to_have_count(0)
    live.click("#toggle")
    expect(fact(live, "state")).to_have_text("Connected")
    expect(about(live, order)).to_have_count(1)


def test_who_is_signed_out_is_told_so_and_hears_nothing(live: Page, bakery: Shop) -> None:
    live.click("#toggle")
    live.context.clear_cookies()
    order = bakery.place()
    live.click("#toggle")
    expect(live.get_by_role("link", name="Sign in again")).to_be_visible()
    expect(fact(live, "state")).to_have_text("Closed")
    expect(about(live, order)).to_have_count(0)


def test_without_a_stream_it_polls_and_comes_back(live: Page, bakery: Shop) -> None:
    live.route("**/api/stream?*", lambda route: route.abort())
    live.click("#toggle")
    live.click("#toggle")
    expect(fact(live, "state")).to_have_text("Polling", timeout=10_000)
    order = bakery.place()
    expect(about(live, order)).to_contain_text("polled", timeout=8_000)
    live.unroute("**/api/stream?*")
    expect(fact(live, "state")).to_have_text("Connected", timeout=10_000)
    expect(fact(live, "reconnects")).not_to_have_text("0")
    expect(about(live, order)).to_have_count(1)


def test_the_list_keeps_the_newest_five_hundred(live: Page, bakery: Shop) -> None:
    bakery.place_many(600)
    expect(live.locator("#frame-count")).to_have_text(re.compile(r"6\d\d received"))
    assert live.locator(".frame").count() == 500


def test_from_the_board_to_the_page_and_back(context: BrowserContext, bakery: Shop) -> None:
    page = context.new_page()
    page.goto("/admin")
    page.click("nav .elsewhere")
    expect(page.locator("h1")).to_have_text("Live stream")
    page.click("nav .elsewhere")
    expect(page.locator("#orders")).to_be_visible()


def test_everything_has_a_name_and_fits_a_phone(bakery: Shop, browser: Browser) -> None:
    with bakery.member(browser, viewport=PHONE, has_touch=True) as context:
        page = open_live(context)
        order = bakery.place()
        about(page, order).locator(".frame-head").click()
        about(page, order).locator(".frame-follow").click()
        assert page.evaluate(_UNNAMED) == []
        assert page.evaluate(_TWICE) == []
        assert page.evaluate(_NOWHERE) == []
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert page.locator("button button, a button, summary button, button a").count() == 0
