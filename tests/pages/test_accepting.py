"""New orders ring on every board until somebody accepts or declines them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.pages.boards import Shop, open_board, row
from tests.servers import wait_until

_COUNT_NOTES = """
window.notes = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) { notes += 1; return start.apply(this, at); };
"""
RING = "#ring"


@pytest.fixture
def nothing_waits(bakery: Shop) -> None:
    for order in bakery.api.get("/api/orders?status=pending&limit=200").json()["orders"]:
        bakery.put(order, "status", status="processing")


@pytest.fixture
def boards(bakery: Shop, browser: Browser, nothing_waits: None) -> Iterator[list[Page]]:
    """The boards of two people who have their sound on."""
    with bakery.member(browser) as one, bakery.member(browser) as other:
        for context in (one, other):
            context.add_init_script(_COUNT_NOTES)
            context.add_init_script("localStorage.setItem('orderboard.sound', 'on')")
        yield [open_board(context) for context in (one, other)]


def test_it_rings_on_every_board_until_one_accepts(bakery: Shop, boards: list[Page]) -> None:
    ada, bob = boards
    for page in boards:
        page.locator("body").click(position={"x": 5, "y": 5})
        expect(page.locator(RING)).to_have_attribute("data-state", "quiet")
    order = bakery.place("Cy", items=[{"name": "Tea", "quantity": 1, "unit_price": "2"}])
    for page in boards:
        expect(page.locator(RING)).to_have_attribute("data-state", "ringing")
        expect(page).to_have_title("(1) Orders · orderboard")
        wait_until(lambda page=page: page.evaluate("notes") >= 3, 10)
    row(ada, order).locator(".row-name").click()
    ada.get_by_role("button", name="Accept").click()
    ada.get_by_role("menuitem", name="in 20 minutes").click()
    for page in boards:
        expect(page.locator(RING)).to_have_attribute("data-state", "quiet")
        expect(page).to_have_title("Orders · orderboard")
    expect(row(bob, order).locator(".row-status")).to_have_text("Processing")
    expect(ada.locator(".timeline .entry").first).to_contain_text("accepted it, to be ready by")
    now = bakery.api.get(f"/api/orders/{order['id']}").json()
    promised = datetime.fromisoformat(now["acceptance"]["ready_at"]) - datetime.now(UTC)
    assert timedelta(minutes=18) < promised <= timedelta(minutes=20)


def test_the_keyboard_accepts_at_a_time_and_is_told_when_it_is_too_late(
    bakery: Shop, boards: list[Page]
) -> None:
    page, _ = boards
    first, second = bakery.place("Di"), bakery.place("Ed")
    for order in (first, second):
        row(page, order).focus()
        page.keyboard.press("a")
        expect(page.get_by_role("menuitem").first).to_be_focused()
        if order is second:
            bakery.put(order, "cancel", reason="Ordered twice")
        for _ in range(2):
            page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.locator("#ready-at").fill("23:59")
        page.keyboard.press("Enter")
    expect(row(page, first).locator(".row-status")).to_have_text("Processing")
    late = page.locator(".toast.danger", has_text=f"#{second['number']} could not be accepted")
    expect(late).to_contain_text("it is now “Cancelled”")
    now = bakery.api.get(f"/api/orders/{first['id']}").json()
    clock = "at => new Date(at).toTimeString().slice(0, 5)"
    assert page.evaluate(clock, now["acceptance"]["ready_at"]) == "23:59"


def test_a_device_is_asked_before_it_makes_a_sound_and_says_when_it_may_not(
    bakery: Shop, context: BrowserContext, nothing_waits: None
) -> None:
    context.add_init_script(_COUNT_NOTES)
    page = open_board(context)
    expect(page.locator(RING)).to_have_text("Ring for new orders?")
    order = bakery.place("Flo")
    expect(page).to_have_title("(1) Orders · orderboard")
    assert page.evaluate("notes") == 0
    page.evaluate("localStorage.setItem('orderboard.sound', 'on')")
    page.reload()
    expect(page.locator(RING)).to_have_text("Silent until you click")
    page.locator(RING).click()
    expect(page.locator(RING)).to_have_attribute("data-state", "ringing")
    page.get_by_role("menuitem", name="Turn the sound off").click()
    expect(page.locator(RING)).to_have_attribute("data-state", "off")
    page.reload()
    expect(page.locator(RING)).to_have_attribute("data-state", "off")
    bakery.put(order, "status", status="declined", reason="Closed")
    expect(page).to_have_title("Orders · orderboard")


def test_what_waits_too_long_stands_out_and_is_declined_for_the_shops_own_reasons(
    bakery: Shop, context: BrowserContext, nothing_waits: None
) -> None:
    order = bakery.place("Gus")
    page = open_board(context)
    expect(row(page, order)).not_to_have_attribute("data-late", "")
    page.clock.install()
    page.reload()
    page.clock.fast_forward("11:00")
    expect(row(page, order)).to_have_attribute("data-late", "")
    given = {"decline_reasons": ["No more bread"], "accept_within": 0}
    bakery.api.patch("/api/settings", json=given).raise_for_status()
    expect(row(page, order)).not_to_have_attribute("data-late", "", timeout=15_000)
    row(page, order).locator(".row-name").click()
    page.locator("#panel [data-key=move]").click()
    page.get_by_role("menuitem", name="Decline").click()
    page.get_by_role("button", name="No more bread").click()
    page.get_by_role("button", name="Decline order").click()
    expect(row(page, order).locator(".row-status")).to_have_text("Declined")
