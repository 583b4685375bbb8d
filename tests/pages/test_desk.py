"""What staff do to an order at the board's panel."""

from playwright.sync_api import BrowserContext, expect

from tests.pages.boards import Json, Shop, open_board

TEA: Json = {"sku": "T-1", "name": "Green <tea>", "quantity": 3, "unit_price": "4.90"}
CUP: Json = {"name": "Cup", "quantity": 1, "unit_price": "10.00"}


def test_a_payment_is_recorded_settled_and_refunded_by_keyboard(
    bakery: Shop, context: BrowserContext
) -> None:
    order = bakery.place("Ada", items=[TEA, CUP], shipping="2.00", payment_method="cod")
    page = open_board(context, f"#{order['id']}")
    money = page.locator('#panel .part[aria-label="Payment"]')
    money.get_by_role("button", name="Record a payment").press("Enter")
    dialog = page.get_by_role("dialog", name=f"Payment of order #{order['number']}")
    amount = dialog.get_by_label("Amount in USD")
    expect(amount).to_be_focused()
    expect(amount).to_have_value("26.70")
    amount.fill("0")
    amount.press("Enter")
    expect(dialog.get_by_text("Amount in USD must be more than nothing.")).to_be_visible()
    expect(amount).to_be_focused()
    amount.fill("26,70")
    dialog.get_by_label("State").select_option("authorized")
    amount.press("Enter")
    expect(dialog).to_have_count(0)
    expect(money).to_contain_text("Authorized")
    money.get_by_role("button", name="What became of it").press("Enter")
    page.get_by_role("menuitem", name="It was paid").press("Enter")
    expect(money.locator(".totals")).to_have_text("Paid$26.70")
    newest = page.locator(".timeline .entry").first
    expect(newest).to_contain_text("took the payment of $26.70: cash")

    money.get_by_role("button", name="Refund…").press("Enter")
    dialog = page.get_by_role("dialog", name=f"Refund order #{order['number']}")
    tea = dialog.get_by_label("How many of Green <tea>", exact=True)
    expect(tea).to_be_focused()
    tea.fill("4")
    expect(dialog).to_contain_text("How many of Green <tea> is more than is left to be refunded: 3")
    tea.fill("2")
    dialog.get_by_label("Of the shipping").fill("0.50")
    sends = dialog.get_by_role("button", name="Refund $10.30")
    expect(sends).to_be_visible()
    expect(dialog.locator(".piece-amount").first).to_have_text("$9.80")
    sends.press("Enter")
    expect(dialog).to_contain_text("Reason must not be empty.")
    dialog.get_by_role("button", name="Broken").press("Enter")
    bakery.put(order, "tracking", carrier="UPS")  # an event leaves what is typed alone
    expect(page.get_by_label("Carrier")).to_have_value("UPS")
    expect(tea).to_have_value("2")
    dialog.get_by_role("textbox", name="Reason").press("Control+Enter")
    expect(dialog).to_have_count(0)
    expect(money.locator(".totals")).to_have_text("Paid$26.70Refunded$10.30")
    found = bakery.api.get(f"/api/orders/{order['id']}").json()
    assert found["payment"]["refunded"] == "10.30"
    assert found["refunds"][0]["reason"] == "Broken"


def test_what_comes_back_is_chosen_line_by_line(bakery: Shop, context: BrowserContext) -> None:
    order = bakery.place("Ada", items=[TEA, CUP])
    page = open_board(context, f"#{order['id']}")
    returns = page.locator('#panel .part[aria-label="Returns"]')
    expect(returns).to_have_count(0)
    for status in ("processing", "shipped", "delivered"):
        bakery.put(order, "status", status=status)
    returns.get_by_role("button", name="Return or exchange…").click()
    dialog = page.get_by_role("dialog", name=f"Return of order #{order['number']}")
    dialog.get_by_role("button", name="All 1 of Cup").click()
    dialog.get_by_role("button", name="Too small").click()
    dialog.get_by_label("What it is").select_option("exchange")
    dialog.get_by_role("button", name="Open the return").click()
    expect(dialog).to_have_count(0)
    expect(returns).to_contain_text("1 × Cup")
    made = bakery.api.get(f"/api/orders/{order['id']}").json()["returns"][0]
    assert (made["kind"], made["reason"]) == ("exchange", "Too small")
    page.locator(".toast").get_by_role("button", name="Open").click()
    expect(page.locator("#panel-title")).to_have_text(f"Order #{made['number']}")
