"""A driver's page: their own orders, live, with the moves that are theirs to make."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.shop import Json, Shop, looking, wait_for_live

ADDRESS = {"line1": "Friedrichstraße 12", "postal_code": "10117", "city": "Berlin"}


@pytest.fixture
def shop(public_shop: Shop) -> Shop:
    return public_shop


@pytest.fixture
def driver(shop: Shop) -> Json:
    return shop.ask("POST", "/api/drivers", {"name": "Omar"})


@pytest.fixture
def page(browser: Browser, shop: Shop, driver: Json) -> Iterator[Page]:
    """The driver's page, live."""
    link = shop.ask("POST", f"/api/drivers/{driver['id']}/link")["url"]
    with looking(browser, viewport={"width": 390, "height": 844}) as page:
        page.goto(link)
        wait_for_live(page)
        yield page


def give(shop: Shop, order: Json, driver: Json | None) -> None:
    who = driver["id"] if driver else None
    shop.ask("PUT", f"/api/orders/{order['id']}/driver", {"driver": who})


def test_an_order_appears_when_it_is_given_and_goes_when_it_is_taken_away(
    page: Page, shop: Shop, driver: Json
) -> None:
    expect(page.locator("#nothing")).to_be_visible()
    customer = {"name": "Ada <b>", "phone": "+49 30 1234"}
    order = shop.place(customer=customer, address=ADDRESS, payment_method="cod", shipping="4.50")
    shop.place(customer="Somebody else's")
    give(shop, order, driver)
    card = page.locator("[data-order]")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("Ada <b>")
    expect(card).to_contain_text("Collect in cash$4.50")
    expect(card.locator("a[href='tel:+49301234']")).to_be_visible()
    expect(card.locator("a[href*='Friedrichstra%C3%9Fe%2012']")).to_be_visible()
    give(shop, order, None)
    expect(card).to_have_count(0)
    expect(page.locator(".toast.danger")).to_contain_text("no longer yours")
    assert "Somebody else's" not in page.content()


def test_a_driver_brings_an_order(page: Page, shop: Shop, driver: Json) -> None:
    order = shop.place(address=ADDRESS)
    give(shop, order, driver)
    expect(page.locator("[data-order]")).to_have_count(1)
    expect(page.locator("[data-move]")).to_have_count(0)
    shop.move(order, "processing", "ready")
    page.click("text=On my way")
    expect(page.locator("[data-order] .badge")).to_have_text("Shipped")
    page.click("text=Not delivered")
    page.fill("dialog textarea", "Nobody there")
    page.click("dialog button[type=submit]")
    expect(page.locator("[data-order] .badge")).to_have_text("Delivery failed")
    page.click("text=On my way")
    page.click("[data-move=delivered]")
    expect(page.locator("[data-order]")).to_have_count(0)
    now = shop.read(order)
    assert (now["status"], now["updated_by"]) == ("delivered", {"kind": "driver", "name": "Omar"})


def test_a_cancelled_order_is_called_off_at_once(page: Page, shop: Shop, driver: Json) -> None:
    order = shop.place()
    give(shop, order, driver)
    expect(page.locator("[data-order]")).to_have_count(1)
    shop.ask("PUT", f"/api/orders/{order['id']}/cancel", {"reason": "Sold out"})
    expect(page.locator("[data-order]")).to_have_count(0)
    expect(page.locator(".toast.danger")).to_contain_text("Sold out")


def test_the_live_page_shows_what_a_fresh_one_does(page: Page, shop: Shop, driver: Json) -> None:
    for moves in ([], ["processing"], ["processing", "shipped"], ["processing", "shipped"]):
        order = shop.place(address=ADDRESS)
        give(shop, order, driver)
        shop.move(order, *moves)
    shop.move(order, "delivered")
    expect(page.locator("[data-order]")).to_have_count(3)
    expect(page.locator("[data-order] .badge").nth(2)).to_have_text("Shipped")
    live = page.locator("#cards").inner_text()
    page.reload()
    wait_for_live(page)
    assert page.locator("#cards").inner_text() == live


def test_without_a_link_nothing_is_shown(browser: Browser, shop: Shop) -> None:
    with looking(browser) as page:
        answer = page.goto(f"{shop.address}/driver")
        assert answer is not None
        assert answer.status == 401
        expect(page.locator("main")).to_contain_text("Open the link that the shop gave you")


def test_cards_stand_in_the_order_of_their_orders_however_they_were_given(
    page: Page, shop: Shop, driver: Json
) -> None:
    orders = [shop.place(customer=f"Customer {number}") for number in range(4)]
    cards = page.locator("[data-order]")
    for count, place in enumerate((0, 3, 2, 1), 1):
        give(shop, orders[place], driver)
        expect(cards).to_have_count(count)
    shown = cards.evaluate_all("cards => cards.map(({ dataset }) => dataset.order)")
    assert shown == [order["id"] for order in orders]
