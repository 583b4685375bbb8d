"""What came in for an order and went back, on the board, for its customer and for its driver."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.pages.boards import Shop as Board
from tests.pages.boards import open_board
from tests.pages.shop import Json, Shop, looking, wait_for_live

TEA = {"sku": "T-1", "name": "Green <tea>", "quantity": 2, "unit_price": "4.90"}


def paths(order: Json) -> tuple[str, str]:
    """Where payments and refunds of an order go."""
    return f"/api/orders/{order['id']}/payments", f"/api/orders/{order['id']}/refunds"


def test_the_panel_shows_what_came_and_went_back_and_the_timeline_tells_it(
    bakery: Board, context: BrowserContext
) -> None:
    order = bakery.place("Ada", items=[TEA], shipping="2.00", payment_method="online")
    page = open_board(context, f"#{order['id']}")
    payment = page.locator("#panel .part", has_text="Payment").first
    expect(payment).to_contain_text("Due")
    expect(payment).to_contain_text("$11.80")
    pay, back = paths(order)
    money = {"method": "gift_card", "amount": "11.80", "reference": "GC-7"}
    bakery.api.post(pay, json=money).raise_for_status()
    expect(payment.locator(".totals")).to_have_text("Paid$11.80")
    expect(payment.locator("li")).to_contain_text("Gift card")
    expect(payment.locator("li")).to_contain_text("GC-7")
    line = order["items"][0]["id"]
    refund = {"lines": [{"line": line, "quantity": 1}], "reason": "broken <b>", "restock": True}
    bakery.api.post(back, json=refund).raise_for_status()
    expect(payment.locator(".totals")).to_have_text("Paid$11.80Refunded$4.90")
    expect(payment.locator("li").nth(1)).to_contain_text("1 × Green <tea> · broken <b>")
    newest = page.locator(".timeline .entry").first
    expect(newest).to_contain_text("refunded 1 × Green <tea>, $4.90: broken <b>")
    expect(page.locator(".timeline .entry").nth(1)).to_contain_text(
        "recorded a payment of $11.80: gift card"
    )


@pytest.mark.parametrize("scripts", [True, False])
def test_a_customer_sees_what_was_refunded(
    public_shop: Shop, browser: Browser, scripts: bool
) -> None:
    order = public_shop.place(items=[TEA], payment_method="online")
    pay, back = paths(order)
    with looking(browser, java_script_enabled=scripts) as page:
        page.goto(public_shop.track_page(order))
        if scripts:
            wait_for_live(page)
        public_shop.ask("POST", pay, {"method": "card", "amount": "5.00"})
        public_shop.ask("POST", back, {"amount": "4.90", "reason": "late"})
        if not scripts:
            page.reload()
        expect(page.locator("[data-part=notices]")).to_contain_text("Refunded $4.90")
        delivery = page.locator("[data-part=delivery]")
        expect(delivery).to_contain_text("Still due")
        expect(delivery).to_contain_text("$4.80")
        expect(page.locator("main")).not_to_contain_text("late")
        if scripts:
            expect(page.locator("#announcements")).to_contain_text("Refunded $4.90.")


def test_a_driver_collects_what_is_still_due(public_shop: Shop, browser: Browser) -> None:
    driver = public_shop.ask("POST", "/api/drivers", {"name": "Omar"})
    order = public_shop.place(items=[TEA], payment_method="cod")
    public_shop.ask("PUT", f"/api/orders/{order['id']}/driver", {"driver": driver["id"]})
    link = public_shop.ask("POST", f"/api/drivers/{driver['id']}/link")["url"]
    with looking(browser) as page:
        page.goto(link)
        wait_for_live(page)
        card = page.locator("[data-order]")
        expect(card).to_contain_text("Collect in cash$9.80")
        pay, _ = paths(order)
        public_shop.ask("POST", pay, {"method": "card", "amount": "5.00"})
        expect(card).to_contain_text("Collect in cash$4.80")
        public_shop.ask("POST", pay, {"method": "cash", "amount": "4.80"})
        expect(card.locator(".collect")).to_have_count(0)


def test_what_comes_back_is_on_the_board_and_on_the_customers_page(
    bakery: Board, context: BrowserContext, browser: Browser
) -> None:
    order = bakery.place("Ada", items=[TEA])
    for status in ("processing", "shipped", "delivered"):
        bakery.put(order, "status", status=status)
    page = open_board(context, f"#{order['id']}")
    body = {"lines": [{"line": "line_1", "quantity": 1}], "reason": "too <small>"}
    answer = bakery.api.post(f"/api/orders/{order['id']}/returns", json=body)
    back = answer.raise_for_status().json()
    newest = page.locator(".timeline .entry").first
    expect(newest).to_contain_text("opened a return of 1 × Green <tea>: too <small>")
    returns = page.locator("#panel .part", has_text="Returns")
    expect(returns).to_contain_text(f"Return #{back['number']}Open")
    with looking(browser, java_script_enabled=False) as plain, looking(browser) as live:
        for its in (plain, live):
            its.goto(bakery.server.base_url + urlsplit(order["track_url"]).path)
        wait_for_live(live)
        said = "Coming back: 1 × Green <tea>"
        for its in (plain, live):
            expect(its.locator("[data-part=notices]")).to_contain_text(said)
        for status in ("processing", "shipped", "delivered"):
            bakery.put(back, "status", status=status)
        expect(live.locator("[data-part=notices]")).to_contain_text("Came back: 1 × Green <tea>")
    expect(newest).to_contain_text("received a return of 1 × Green <tea>")
    returns.get_by_role("link", name=f"#{back['number']}").click()
    expect(page.locator("#panel-title")).to_have_text(f"Order #{back['number']}")
