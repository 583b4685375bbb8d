"""What staff do to an order at the board's panel."""

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.pages.boards import Json, Shop, open_board
from tests.servers import wait_until

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


@pytest.fixture(scope="module", autouse=True)
def coffee(bakery: Shop) -> None:
    """A product to choose of."""
    roasts = [{"value": "Light", "price": "0"}, {"value": "Dark", "price": "1.50"}]
    options = [{"name": "Roast", "required": True, "values": roasts}]
    product = {"sku": "COF-1", "name": "Coffee <beans>", "price": "8.50", "options": options}
    bakery.api.post("/api/products", json=product).raise_for_status()


def find_coffee(home: Locator) -> None:
    """Add the product, in its second roast, by keyboard."""
    finder = home.get_by_role("combobox", name="Add a product")
    finder.fill("coff")
    expect(home.get_by_role("option", name="Coffee <beans>")).to_be_visible()
    finder.press("Enter")
    roast = home.get_by_label("Roast")
    expect(roast).to_be_focused()
    roast.select_option("Dark")


def edit(page: Page, order: Json, what: str) -> Locator:
    """The dialog in which an order is edited."""
    page.locator("#panel").get_by_role("button", name=f"Edit {what}").press("Enter")
    return page.get_by_role("dialog", name=f"Edit order #{order['number']}")


def test_an_order_is_edited_and_shows_its_total_before_it_is_saved(
    bakery: Shop, context: BrowserContext
) -> None:
    order = bakery.place("Ada", items=[TEA, CUP], address="3 Side St\nBack house", tip="1.00")
    page = open_board(context, f"#{order['id']}")
    dialog = edit(page, order, "lines")
    find_coffee(dialog)
    dialog.get_by_label("Quantity").first.fill("x")
    expect(dialog).to_contain_text('Quantity must be a quantity, as in 3 or "1.250".')
    dialog.get_by_label("Quantity").first.fill("1")
    dialog.get_by_role("button", name="Remove this line").nth(1).click()
    expect(dialog.locator(".comes-to")).to_have_text("Total$25.70 $15.90")
    expect(dialog.locator(".line-total")).to_have_text(["$4.90", "$10.00"])
    dialog.get_by_label("Tags").fill("VIP, early")
    assert bakery.api.get(f"/api/orders/{order['id']}").json() == order
    page.keyboard.press("Escape")  # what was typed waits
    expect(dialog).to_have_count(0)
    edit(page, order, "lines")
    expect(dialog).to_contain_text("What you had typed before is here again.")
    dialog.get_by_role("button", name="Save").press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator("#panel .grand")).to_contain_text("$15.90")
    found = bakery.api.get(f"/api/orders/{order['id']}").json()
    assert [line["id"] for line in found["items"]] == ["line_1", "line_3"]
    assert found["items"][1]["options"] == [{"name": "Roast", "value": "Dark", "price": "1.50"}]
    assert (found["tags"], found["address"]) == (["VIP", "early"], order["address"])
    assert found["version"] == 2


def test_who_saves_on_an_old_version_sees_both_and_chooses(
    bakery: Shop, context: BrowserContext
) -> None:
    order = bakery.place({"name": "Ada", "phone": "1"}, note="Ring", items=[CUP])
    page = open_board(context, f"#{order['id']}")
    dialog = edit(page, order, "customer")
    expect(dialog.get_by_label("Customer", exact=True).last).to_be_focused()
    dialog.get_by_label("Phone (optional)").fill("222")
    dialog.get_by_label("Note").last.fill("Knock")
    dialog.get_by_label("City").fill("Bonn")
    dialog.get_by_label("Street").fill("1 Main St")
    theirs = {"customer": {"name": "Ada L", "phone": "1"}, "note": "Whistle"}
    bakery.api.patch(f"/api/orders/{order['id']}", json=theirs).raise_for_status()
    expect(page.locator("#panel .note")).to_have_text("Whistle")
    expect(dialog).to_contain_text("changed this order meanwhile")
    expect(dialog.get_by_label("Note").last).to_have_value("Knock")
    dialog.get_by_role("button", name="Save").click()
    conflict = page.get_by_role("dialog", name=f"changed order #{order['number']} meanwhile")
    expect(conflict.get_by_role("group", name="Note")).to_contain_text("Whistle")
    expect(conflict.get_by_role("group", name="Note")).to_contain_text("Knock")
    expect(conflict.get_by_role("group")).to_have_count(1)
    expect(conflict).to_contain_text("Ada L")
    expect(conflict).to_contain_text("222")
    conflict.get_by_role("button", name="Save like this").click()
    expect(conflict).to_contain_text("Choose for Note.")
    conflict.get_by_label("Theirs").check()
    conflict.get_by_role("button", name="Save like this").click()
    expect(dialog).to_have_count(0)
    found = bakery.api.get(f"/api/orders/{order['id']}").json()
    assert (found["customer"]["name"], found["customer"]["phone"]) == ("Ada L", "222")
    assert (found["note"], found["address"]["city"]) == ("Whistle", "Bonn")


def test_once_work_has_begun_lines_stay_and_the_rest_can_be_changed(
    bakery: Shop, context: BrowserContext
) -> None:
    order = bakery.place("Ada", items=[CUP], address={"line1": "1", "lat": 1.5, "lng": 2})
    page = open_board(context, f"#{order['id']}")
    dialog = edit(page, order, "address")
    dialog.get_by_label("Tip").fill("2")
    dialog.get_by_label("Directions").fill("Left")
    bakery.put(order, "status", status="processing")
    dialog.get_by_role("button", name="Save").press("Enter")
    conflict = page.get_by_role("dialog", name=f"changed order #{order['number']} meanwhile")
    expect(conflict).to_contain_text("cannot be saved any more")
    conflict.get_by_role("button", name="Save like this").press("Enter")
    expect(dialog).to_have_count(0)
    found = bakery.api.get(f"/api/orders/{order['id']}").json()
    assert (found["address"]["instructions"], found["address"]["lat"]) == ("Left", 1.5)
    assert found["tip"] == "0.00"
    edit(page, order, "address")
    expect(dialog).to_contain_text("Work on it has begun")
    expect(dialog.get_by_label("Tip")).to_have_count(0)
    dialog.get_by_label("How far it is paid").select_option("paid")
    dialog.get_by_label("Directions").press("Enter")
    expect(dialog).to_have_count(0)
    found = bakery.api.get(f"/api/orders/{order['id']}").json()
    assert found["payment"]["status"] == "paid"


def test_an_order_is_placed_for_a_caller_by_keyboard(bakery: Shop, context: BrowserContext) -> None:
    caller = {"name": "Grace H", "phone": "0700 1234"}
    known = bakery.place(caller, address={"line1": "9 Navy Yard", "city": "Bonn"})
    wait_until(lambda: bool(records(bakery, "Grace")), 20, "the caller is known")
    page = open_board(context)
    page.keyboard.press("n")
    finder = page.get_by_role("combobox", name="Find a customer")
    expect(finder).to_be_focused()
    finder.press_sequentially("0700123")
    expect(page.get_by_role("option", name="Grace H")).to_be_visible()
    finder.press("Enter")
    expect(page.get_by_label("Street")).to_have_value("9 Navy Yard")
    find_coffee(page.locator("#new-order"))
    page.get_by_label("Quantity").fill("3")
    page.get_by_label("Shipping").fill("2,50")
    expect(page.locator("#total")).to_have_text("$32.50")
    page.get_by_label("Customer", exact=True).last.fill("")
    page.get_by_role("button", name="Place order").press("Enter")
    expect(
        page.get_by_text("Customer is needed.").or_(page.get_by_text("must not be"))
    ).to_be_visible()
    page.get_by_label("Customer", exact=True).last.fill("Grace Hopper")
    page.get_by_label("Paid already").select_option("card")
    page.get_by_role("button", name="Place order").press("Enter")
    expect(page.locator("#panel-title")).to_be_visible()
    found = bakery.api.get("/api/orders?limit=1").json()["orders"][0]
    assert page.url.endswith(f"#{found['id']}")
    assert found["id"] != known["id"]
    assert (found["customer"]["name"], found["customer"]["phone"]) == ("Grace Hopper", "0700 1234")
    assert found["items"][0]["unit_price"] == "10.00"
    assert (found["payment"]["status"], found["payment"]["paid"]) == ("paid", "32.50")


def records(bakery: Shop, name: str) -> list[Json]:
    """The customers of a name that there are records of."""
    answer = bakery.api.get("/api/customers", params={"q": name}).raise_for_status()
    return list(answer.json()["customers"])
