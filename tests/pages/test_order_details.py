"""What only some orders have, as the board, the customer and the driver are shown it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.pages.boards import Json, Shop, open_board, row

CHOICES = [
    {"name": "Roast", "value": "Dark", "price": "1.50"},
    {"name": "Jar", "value": "My own", "price": "-0.25"},
]
TEA: Json = {
    "name": "Tea, loose",
    "sku": "T-1",
    "quantity": "1.250",
    "unit": "kg",
    "unit_price": "10.00",
    "options": CHOICES,
    "note": "Ground, please",
}
FULL: Json = {
    "items": [TEA, {"name": "Cup", "quantity": 2, "unit_price": "3.00"}],
    "taxes": [{"name": "State", "rate": "6", "amount": "1.00"}, {"name": "City", "amount": "0.20"}],
    "tax_included": True,
    "fees": [{"name": "Bag", "amount": "0.20"}],
    "discounts": [{"code": "SPRING", "amount": "1.00"}],
    "tip": "2.00",
    "rounding": "-0.02",
    "address": {"line1": "3 Side St", "phone": "+49 30 77", "instructions": "Ring twice"},
    "billing_address": {"line1": "7 Office Park", "city": "Bonn"},
    "fulfilment": {
        "method": "delivery",
        "instructions": "Side door",
        "from": "2040-05-01T10:00:00Z",
        "until": "2040-05-01T11:00:00Z",
    },
    "shipments": [{"carrier": "DHL", "number": "JJD1", "url": "https://parcels.example/JJD1"}],
    "display_number": "A-17",
    "tags": ["VIP"],
    "channel": "counter",
    "metadata": {"Till": "3"},
}
SUMS = (
    *("Subtotal $18.50", "Bag $0.20", "SPRING −$1.00", "State 6 % (included) $1.00"),
    *("City (included) $0.20", "Tip $2.00", "Rounding −$0.02", "Total $19.68"),
)


@pytest.fixture
def order(bakery: Shop) -> Json:
    return bakery.place("Ada", **FULL)


def test_the_panel_shows_staff_all_of_it(context: BrowserContext, order: Json) -> None:
    page = open_board(context)
    row(page, order).locator(".row-name").click()
    lines = page.locator("#panel .part", has_text="Lines").first
    for text in ("1.25 kg ×", "Roast: Dark (+$1.50)", "Jar: My own (−$0.25)", "Ground, please"):
        expect(lines).to_contain_text(text)
    shown = lines.locator(".totals > div").all_inner_texts()
    assert [" ".join(text.split()).removesuffix(" USD") for text in shown] == [*SUMS]
    where = page.locator("#panel .part", has_text="Fulfilment").first
    for text in ("Delivery, ", "Side door", "+49 30 77", "Ring twice", "Bill to", "7 Office Park"):
        expect(where).to_contain_text(text)
    about = page.locator("#panel .part", has_text="About this order")
    for text in ("A-17", "VIP", "counter", "Till"):
        expect(about).to_contain_text(text)


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_the_customer_is_shown_what_concerns_them(plain: Page, order: Json) -> None:
    plain.goto(order["track_url"])
    sums = [" ".join(text.split()) for text in plain.locator(".totals").all_inner_texts()]
    assert sums == [" ".join(SUMS)]
    said = " ".join(plain.locator("main").inner_text().split())
    for text in ("1.25 kg", "Roast: Dark (+$1.50)", "“Ground, please”", "DHL JJD1", "A-17"):
        assert text in said, text
    assert "Delivery, " in said
    for hidden in ("VIP", "counter", "Till"):
        assert hidden not in said


def test_the_driver_is_told_when_where_and_what(
    bakery: Shop, browser: Browser, order: Json
) -> None:
    bakery.put(order, "status", status="processing")
    driver = bakery.driver("Dora")
    bakery.put(order, "driver", driver=driver["id"])
    context = browser.new_context()
    page = context.new_page()
    answer = bakery.api.post(f"/api/drivers/{driver['id']}/link")
    page.goto(answer.json()["url"])
    card = page.locator(f"[data-order={order['id']}]")
    for text in ("Delivery, ", "Side door", "Ring twice", "1.25 kg × Tea, loose", "Roast: Dark"):
        expect(card).to_contain_text(text)
    expect(card.get_by_role("link", name="Call Ada")).to_have_attribute("href", "tel:+493077")
    context.close()


def test_the_panel_shows_the_other_order_and_whatever_of_it_is_changed(
    bakery: Shop, context: BrowserContext
) -> None:
    first, second = (
        bakery.place(
            name, items=[TEA], fulfilment={"method": "pickup", "from": f"2040-05-{day}T10:00:00Z"}
        )
        for name, day in (("Cy", "02"), ("Di", "03"))
    )
    page = open_board(context)
    where = page.locator("#panel .part", has_text="Fulfilment").first
    for order, day in ((first, "May 2"), (second, "May 3")):
        row(page, order).locator(".row-name").click()
        expect(where).to_contain_text(day)
    address = f"/api/orders/{second['id']}"
    table = {"method": "table", "table": "12", "instructions": "By the window"}
    fees = [{"name": "Bag", "amount": "0.20"}]
    bakery.api.patch(address, json={"fulfilment": table, "fees": fees}).raise_for_status()
    for text in ("Table 12", "By the window"):
        expect(where).to_contain_text(text)
    fees[0]["name"] = "Box"
    bakery.api.patch(address, json={"fees": fees}).raise_for_status()
    expect(page.locator("#panel .totals").first).to_contain_text("Box")
