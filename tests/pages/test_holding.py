"""Orders come back from being on hold by themselves, and late ones are told of."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import BrowserContext, expect

from tests.pages.boards import Shop, open_board, row

SOON = timedelta(seconds=2)


def test_what_is_on_hold_says_until_when_and_comes_back_by_itself(
    bakery: Shop, context: BrowserContext
) -> None:
    order = bakery.place("Ida")
    page = open_board(context)
    status = row(page, order).locator(".row-status")
    status.click()
    page.get_by_role("menuitem", name="On hold…").press("Enter")
    page.get_by_label("For 30 minutes").check()
    page.get_by_label("Reason").fill("Oven is off")
    page.keyboard.press("Control+Enter")
    expect(status).to_have_text("On hold")
    expect(row(page, order).locator(".flag")).to_contain_text("until")
    held = bakery.api.get(f"/api/orders/{order['id']}").json()
    left = datetime.fromisoformat(held["held_until"]) - datetime.now(UTC)
    assert timedelta(minutes=28) < left <= timedelta(minutes=30)
    row(page, order).locator(".row-name").click()
    notice = page.get_by_role("group", name="On hold")
    expect(notice).to_contain_text("Oven is off")
    notice.get_by_role("button", name="Change").click()
    expect(page.get_by_role("radio", name="Until a time")).to_be_checked()
    until = (datetime.now(UTC) + SOON).isoformat()
    bakery.put(order, "status", status="on_hold", until=until)
    expect(status).to_have_text("Pending", timeout=15_000)
    expect(page.locator(".timeline .entry").first).to_contain_text("brought it back")


def test_the_courier_tells_of_an_order_that_nobody_accepts(
    bakery: Shop, context: BrowserContext
) -> None:
    almost_late = datetime.now(UTC) - timedelta(minutes=10) + SOON
    order = bakery.place("Jo", placed_at=almost_late.isoformat())
    page = open_board(context)
    row(page, order).locator(".row-name").click()
    told = page.locator(".timeline .entry").first
    expect(told).to_contain_text("nobody has accepted it in time", timeout=15_000)
