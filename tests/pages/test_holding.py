"""Orders come back from being on hold, late ones are told of, those placed twice are settled."""

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


def test_two_orders_that_are_probably_one_are_looked_at_side_by_side_and_settled(
    bakery: Shop, context: BrowserContext
) -> None:
    tea = {"items": [{"name": "Tea", "quantity": 2, "unit_price": "2.00"}]}
    first = bakery.place("Kim", **tea)
    second = bakery.place("Kim", note="Ring twice", **tea)
    page = open_board(context)
    mark = row(page, second).locator(".flag.warning")
    expect(mark).to_have_text("Duplicate?")
    expect(row(page, first).locator(".flag.warning")).to_have_count(0)
    row(page, second).locator(".row-name").click()
    page.get_by_role("button", name="Side by side").press("Enter")
    dialog = page.get_by_role("dialog")
    differing = dialog.locator("tr[data-differs] th")
    expect(differing.filter(has_text="Note")).to_have_count(1)
    expect(differing.filter(has_text="Lines")).to_have_count(0)
    dialog.get_by_role("button", name=f"Cancel #{second['number']} as a duplicate").click()
    expect(row(page, second).locator(".row-status")).to_have_text("Cancelled")
    expect(mark).to_have_count(0)
    reason = page.get_by_text(f"Duplicate of #{first['number']}").first
    expect(reason).to_be_visible()


def test_what_is_past_due_is_counted_and_shown_as_at_risk(
    bakery: Shop, context: BrowserContext
) -> None:
    late = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    order = bakery.place("Lou", fulfilment={"method": "pickup", "until": late})
    other = bakery.place("Max")
    page = open_board(context)
    chip = page.locator(".chip[data-risk]")
    expect(chip.locator("b")).not_to_have_text("0")
    chip.click()
    expect(row(page, other)).to_have_count(0)
    expect(row(page, order)).to_be_visible()
    assert "at_risk=yes" in page.url
    bakery.put(order, "cancel", reason="Nobody came")
    expect(row(page, order)).to_have_count(0)
    page.locator(".chip[data-all]").click()
    expect(row(page, other)).to_be_visible()
