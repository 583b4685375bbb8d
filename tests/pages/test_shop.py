"""The shop in a real browser: from the basket to the order, while the catalogue changes."""

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.pages.shop import Shop, looking, open_shop, wait_for_live

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
_numbers = count(1)


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """A shop of its own, in which something is always sold."""
    with (
        tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as folder,
        open_shop(Path(folder) / "home") as running,
    ):
        running.ask("POST", "/api/products", {"sku": "CHAI", "name": "Chai", "price": "18"})
        for number in range(8):
            product = {"sku": f"TEA-{number}", "name": f"Tea {number}", "price": "3"}
            running.ask("POST", "/api/products", product)
        yield running


@pytest.fixture
def bread(shop: Shop) -> str:
    """The sku of a bread that no other test touches, ten of which are left."""
    sku = f"BREAD-{next(_numbers)}"
    product = {"sku": sku, "name": f"Rye {sku}", "price": "4.90", "stock": 10, "category": "Bread"}
    shop.ask("POST", "/api/products", product)
    return sku


@pytest.fixture
def page(browser: Browser, shop: Shop, bread: str) -> Iterator[Page]:
    """The shop on a phone."""
    with looking(browser, **PHONE) as page:
        opened(page, shop)
        yield page


def opened(page: Page, shop: Shop, path: str = "/") -> None:
    page.goto(shop.address + path)
    expect(page.locator("#basket-empty, #basket-lines > li").first).to_be_attached()
    expect(page.locator(".product [data-take] button").first).to_be_attached()


def card(page: Page, sku: str) -> Locator:
    return page.locator(f'.product[data-sku="{sku}"]')


def line(page: Page, sku: str) -> Locator:
    return page.locator(f'#basket-lines > li[data-sku="{sku}"]')


def add(page: Page, sku: str) -> None:
    card(page, sku).get_by_role("button", name="Add").click()


def fill_in(page: Page) -> None:
    page.fill("[name=customer-name]", "Grace")
    page.fill("[name=customer-phone]", "0700 1")
    page.fill("[name=address-line1]", "1 Navy Yard")
    page.fill("[name=address-city]", "Arlington")


def fill_in_name(page: Page) -> None:
    page.fill("[name=customer-name]", "Grace")


def place(page: Page) -> None:
    page.locator("#place").click()


def test_from_the_basket_to_a_delivery_and_its_refund_on_a_phone(
    page: Page, shop: Shop, bread: str
) -> None:
    add(page, bread)
    card(page, bread).get_by_role("button", name="One more").click()
    add(page, "CHAI")
    bar = page.locator("#shop-bar")
    expect(bar).to_contain_text("3 things")
    expect(bar).to_contain_text("$27.80")
    bar.click()
    expect(line(page, bread)).to_contain_text("$9.80")
    expect(page.locator("#basket-total")).to_contain_text("$27.80")
    fill_in(page)
    place(page)
    page.wait_for_url("**/track/**")
    wait_for_live(page)
    order = shop.newest()
    assert page.url == shop.track_page(order)
    assert (order["total"], order["type"], order["payment"]["method"]) == (
        "27.80",
        "purchase",
        "cod",
    )
    assert [(i["sku"], i["quantity"]) for i in order["items"]] == [(bread, 2), ("CHAI", 1)]
    assert order["address"]["line1"] == "1 Navy Yard"
    shop.move(order, "processing", "shipped", "delivered")
    here = page.locator("main")
    expect(here).to_contain_text("Delivered")
    path = f"/api/orders/{order['id']}"
    shop.ask("POST", f"{path}/payments", {"method": "cash", "amount": "27.80"})
    lines = [{"line": order["items"][0]["id"], "quantity": 1}]
    shop.ask("POST", f"{path}/refunds", {"lines": lines, "reason": "Broken"})
    expect(here).to_contain_text("Refunded $4.90")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    opened(page, shop)
    expect(page.locator("#basket-empty")).to_be_visible()


def test_the_page_is_no_wider_than_the_phone(page: Page, bread: str) -> None:
    add(page, bread)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_basket_is_kept_across_visits_and_tabs(page: Page, shop: Shop, bread: str) -> None:
    other = page.context.new_page()
    opened(other, shop)
    add(page, bread)
    expect(line(other, bread)).to_contain_text("$4.90")
    page.reload()
    expect(line(page, bread)).to_contain_text("$4.90")
    line(page, bread).get_by_role("button", name="Remove").click()
    expect(line(page, bread)).to_have_count(0)
    expect(line(other, bread)).to_have_count(0)
    expect(page.locator("#basket-heading")).to_be_focused()


@pytest.mark.parametrize("kept", ["{", "7", "null", '[{"key":1}]', '[null,{"options":{}}]'])
def test_a_basket_that_is_none_is_an_empty_one(page: Page, shop: Shop, kept: str) -> None:
    page.evaluate("text => localStorage.setItem('orderboard-basket', text)", kept)
    opened(page, shop)
    expect(page.locator("#basket-empty")).to_be_attached()
    add(page, "CHAI")
    expect(line(page, "CHAI")).to_be_attached()


def test_a_price_that_changes_in_the_basket_is_said_before_it_is_paid(
    page: Page, shop: Shop, bread: str
) -> None:
    add(page, bread)
    fill_in(page)
    shop.ask("PATCH", f"/api/products/{bread}", {"price": "5.50"})
    expect(line(page, bread)).to_contain_text("it was $4.90, now it is $5.50")
    expect(page.locator("#basket-total")).to_contain_text("$5.50")
    expect(card(page, bread)).to_contain_text("$5.50")
    before = shop.count()
    place(page)
    told = "costs $5.50 now, no longer $4.90"
    expect(page.locator("#order-message")).to_contain_text(told)
    assert shop.count() == before
    place(page)
    page.wait_for_url("**/track/**")
    assert shop.newest()["total"] == "5.50"


def test_a_price_of_which_the_page_has_not_heard_is_said_as_well(
    page: Page, shop: Shop, bread: str
) -> None:
    page.route("**/api/catalogue/stream*", lambda route: route.abort())
    opened(page, shop)
    add(page, bread)
    fill_in(page)
    page.route("**/api/catalogue?*", lambda route: route.abort())
    shop.ask("PATCH", f"/api/products/{bread}", {"price": "6"})
    before = shop.count()
    page.unroute("**/api/catalogue?*")
    place(page)
    told = "costs $6.00 now, no longer $4.90"
    expect(page.locator("#order-message")).to_contain_text(told)
    expect(page.locator("#basket-total")).to_contain_text("$6.00")
    assert shop.count() == before
    place(page)
    page.wait_for_url("**/track/**")
    assert shop.newest()["total"] == "6.00"


def test_what_is_left_is_shown_as_others_buy(page: Page, shop: Shop, bread: str) -> None:
    expect(card(page, bread)).to_contain_text("10 left")
    add(page, bread)
    shop.place(items=[{"sku": bread, "name": "x", "quantity": 7}])
    expect(card(page, bread)).to_contain_text("3 left")
    shop.place(items=[{"sku": bread, "name": "x", "quantity": 3}])
    expect(card(page, bread)).to_contain_text("Sold out")
    expect(line(page, bread)).to_contain_text("This is sold out.")
    fill_in(page)
    before = shop.count()
    place(page)
    expect(page.locator("#order-message")).to_contain_text("cannot be had so any more")
    assert shop.count() == before


def test_what_is_taken_off_sale_is_marked_in_the_basket(page: Page, shop: Shop, bread: str) -> None:
    add(page, bread)
    shop.ask("PATCH", f"/api/products/{bread}", {"active": False})
    expect(line(page, bread)).to_contain_text("not sold any more")
    expect(card(page, bread)).to_contain_text("Not sold any more")
    page.reload()
    expect(line(page, bread)).to_contain_text("not sold any more")
    expect(card(page, bread)).to_have_count(0)


def test_products_are_found_by_category_and_search(page: Page, shop: Shop, bread: str) -> None:
    add(page, "CHAI")
    page.get_by_role("button", name="Bread", exact=True).click()
    expect(card(page, "CHAI")).to_have_count(0)
    expect(card(page, bread)).to_be_visible()
    page.fill("#search", "chai")
    expect(page.locator("#found")).to_contain_text("Nothing found")
    page.get_by_role("button", name="See everything").click()
    expect(card(page, "CHAI")).to_be_visible()
    expect(card(page, "CHAI").locator(".stepper output")).to_have_text("1")
    page.fill("#search", bread)
    expect(card(page, "CHAI")).to_have_count(0)
    add(page, bread)
    expect(line(page, bread)).to_be_attached()
    assert bread in page.url
    page.reload()
    expect(card(page, "CHAI")).to_have_count(0)


def test_a_delivery_needs_an_address_and_pickup_does_not(
    page: Page, shop: Shop, bread: str
) -> None:
    add(page, bread)
    page.fill("[name=customer-name]", "Grace")
    place(page)
    expect(page.locator("#error-address-line1")).to_have_text(
        "Street and number is needed for a delivery."
    )
    expect(page.locator("#error-customer-phone")).to_contain_text("Phone or e-mail is needed")
    page.get_by_label("Pickup", exact=True).check()
    expect(page.locator("[name=address-line1]")).to_be_hidden()
    expect(page.locator(".pay-words")).to_contain_text("Cash on pickup")
    place(page)
    page.wait_for_url("**/track/**")
    assert shop.newest()["address"] is None


def test_delivery_and_a_code_are_in_the_sum_before_it_is_paid(
    page: Page, shop: Shop, bread: str
) -> None:
    code = {"code": f"TEN-{bread}", "name": "Spring", "percent": "10", "most_uses": 1}
    shop.ask("POST", "/api/discounts", code)
    charges = {"fee": "3.50", "free_from": "19.60", "minimum": "9.80"}
    shop.ask("PATCH", "/api/settings", {"charges": {"delivery": charges}})
    try:
        page.reload()
        add(page, bread)
        expect(page.locator("#sums-note")).to_contain_text("orders of 9.80 USD and more")
        card(page, bread).get_by_role("button", name="One more").click()
        expect(page.locator("#basket-sums")).to_contain_text("Delivery")
        expect(page.locator("#basket-total")).to_contain_text("$13.30")
        page.fill("#discount-code", "NONE")
        page.get_by_role("button", name="Apply").click()
        expect(page.locator("#error-discount-code")).to_contain_text("is no code of this shop")
        page.fill("#discount-code", f"ten-{bread}".lower())
        page.keyboard.press("Enter")
        expect(page.locator("#basket-sums")).to_contain_text("−$0.98")
        expect(page.locator("#basket-total")).to_contain_text("$12.32")
        page.get_by_label("Pickup", exact=True).check()
        expect(page.locator("#place-total")).to_have_text("$8.82")
        fill_in_name(page)
        place(page)
        page.wait_for_url("**/track/**")
        order = shop.newest()
        assert (order["total"], order["discounts"][0]["amount"]) == ("8.82", "0.98")
        expect(page.locator("body")).to_contain_text("Spring")
    finally:
        nothing = {"fee": None, "free_from": None, "minimum": None}
        shop.ask("PATCH", "/api/settings", {"charges": {"delivery": nothing}})
        shop.ask("PATCH", f"/api/discounts/{code['code']}", {"active": False})


def test_the_keyboard_alone_buys(page: Page, shop: Shop, bread: str) -> None:
    button = card(page, bread).get_by_role("button", name="Add")
    button.focus()
    page.keyboard.press("Enter")
    expect(card(page, bread).get_by_role("button", name="One more")).to_be_focused()
    page.keyboard.press("Enter")
    expect(line(page, bread)).to_contain_text("$9.80")
    fill_in(page)
    page.locator("[name=customer-name]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/track/**")
    assert shop.newest()["total"] == "9.80"


def test_an_answer_that_never_came_is_asked_for_again(page: Page, shop: Shop, bread: str) -> None:
    before = shop.count()
    asked: list[str] = []

    def swallow_first(route: Any) -> None:
        asked.append(route.request.headers["idempotency-key"])
        if len(asked) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/api/orders", swallow_first)
    add(page, bread)
    fill_in(page)
    place(page)
    page.wait_for_url("**/track/**")
    assert len(asked) == 2
    assert shop.count() == before + 1


def test_it_sells_without_javascript(browser: Browser, shop: Shop, bread: str) -> None:
    with looking(browser, java_script_enabled=False, **PHONE) as page:
        page.goto(shop.address)
        page.fill("#search", bread)
        page.click("#find")
        quantity = card(page, bread).locator("input[name$=quantity]")
        quantity.fill("2")
        page.get_by_role("button", name="Bread", exact=True).click()
        expect(quantity).to_have_value("2")
        place(page)
        expect(page.locator("#error-customer-name")).to_contain_text("must not be empty")
        expect(quantity).to_have_value("2")
        fill_in(page)
        shop.ask("PATCH", f"/api/products/{bread}", {"price": "5"})
        place(page)
        expect(card(page, bread).locator(".error")).to_contain_text("is 5.00 USD now")
        place(page)
        page.wait_for_url("**/track/**")
        order = shop.newest()
        assert (order["total"], order["customer"]["name"]) == ("10.00", "Grace")


def test_markup_in_a_product_is_text(page: Page, shop: Shop) -> None:
    markup = "<b onclick=alert(1)>\"'&amp;</b>"
    product = {"sku": f"M-{next(_numbers)}", "name": markup, "description": markup, "price": "1"}
    product |= {"options": [{"name": markup, "values": [{"value": markup, "price": "1"}]}]}
    shop.ask("POST", "/api/products", product)
    opened(page, shop, f"/?q={product['sku']}")
    expect(card(page, str(product["sku"]))).to_contain_text(markup)
    add(page, str(product["sku"]))
    expect(line(page, str(product["sku"]))).to_contain_text(markup)


def with_options(shop: Shop) -> str:
    """The sku of a tea of which a size has to be chosen, and a milk may be."""
    sku = f"CHOICE-{next(_numbers)}"
    sizes = [{"value": "Small"}, {"value": "Large", "price": "2.50"}]
    options = [
        {"name": "Size", "required": True, "values": sizes},
        {"name": "Milk", "values": [{"value": "Oat", "price": "0.40"}]},
    ]
    product = {"sku": sku, "name": f"Tea {sku}", "price": "3", "options": options}
    shop.ask("POST", "/api/products", product)
    return sku


def chosen(order: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The lines of an order with what was chosen."""
    return [
        (line["quantity"], line["unit_price"], [o["value"] for o in line["options"]])
        for line in order["items"]
    ]


def test_what_is_chosen_is_in_the_price_and_in_the_order(page: Page, shop: Shop) -> None:
    sku = with_options(shop)
    opened(page, shop, f"/?q={sku}")
    add(page, sku)
    card(page, sku).get_by_label("Size").select_option(label="Large (+2.50)")
    card(page, sku).get_by_label("Milk").select_option(label="Oat (+0.40)")
    expect(card(page, sku)).to_contain_text("$5.90")
    add(page, sku)
    card(page, sku).get_by_role("button", name="One more").click()
    expect(line(page, sku)).to_have_count(2)
    expect(line(page, sku).nth(1)).to_contain_text("Size: Large, Milk: Oat")
    expect(page.locator("#basket-total")).to_contain_text("$14.80")
    fill_in(page)
    page.fill("[name=tip]", "1,2")
    expect(page.locator("#place")).to_contain_text("$16.00")
    place(page)
    page.wait_for_url("**/track/**")
    order = shop.newest()
    assert (order["total"], order["tip"]) == ("16.00", "1.20")
    assert chosen(order) == [(1, "3.00", ["Small"]), (2, "5.90", ["Large", "Oat"])]


def test_a_choice_that_is_gone_is_marked_in_the_basket(page: Page, shop: Shop) -> None:
    sku = with_options(shop)
    opened(page, shop, f"/?q={sku}")
    card(page, sku).get_by_label("Size").select_option(label="Large (+2.50)")
    add(page, sku)
    sizes = [{"name": "Size", "required": True, "values": [{"value": "Small"}]}]
    shop.ask("PATCH", f"/api/products/{sku}", {"options": sizes})
    expect(line(page, sku)).to_contain_text("What you chose cannot be had any more.")


def test_choices_without_javascript(browser: Browser, shop: Shop) -> None:
    sku = with_options(shop)
    with looking(browser, java_script_enabled=False) as page:
        page.goto(f"{shop.address}/?q={sku}")
        card(page, sku).locator("input[name$=quantity]").fill("2")
        card(page, sku).get_by_label("Size").select_option(label="Large (+2.50)")
        page.fill("[name=customer-name]", "Grace")
        page.get_by_label("Pickup", exact=True).check()
        page.locator("[name=fulfilment-from]").select_option(index=3)
        page.fill("[name=customer-email]", "nonsense")
        place(page)
        expect(page.locator("#error-customer-email")).to_contain_text("e-mail address")
        size = card(page, sku).get_by_label("Size")
        expect(size.locator("option[selected]")).to_contain_text("Large")
        page.fill("[name=customer-email]", "")
        place(page)
        page.wait_for_url("**/track/**")
    order = shop.newest()
    assert chosen(order) == [(2, "5.50", ["Large"])]
    assert order["fulfilment"]["method"] == "pickup"
    assert order["fulfilment"]["from"]


def test_a_time_is_chosen(page: Page, shop: Shop, bread: str) -> None:
    add(page, bread)
    fill_in(page)
    page.locator("[name=fulfilment-from]").select_option(index=5)
    wanted = page.locator("[name=fulfilment-from]").input_value()
    place(page)
    page.wait_for_url("**/track/**")
    fulfilment = shop.newest()["fulfilment"]
    assert (fulfilment["method"], fulfilment["from"]) == ("delivery", wanted)
