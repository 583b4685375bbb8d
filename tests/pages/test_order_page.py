"""The public order page, with and without JavaScript, in a real browser against a real server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.pages.shop import Shop, looking, wait_for_live

MARKUP = "<script>document.title='broken'</script>\"'&amp;"


@pytest.fixture
def shop(public_shop: Shop) -> Shop:
    return public_shop


@pytest.fixture
def page(browser: Browser, shop: Shop) -> Iterator[Page]:
    """The order page with JavaScript."""
    with looking(browser) as page:
        page.goto(shop.address)
        page.wait_for_selector("#summary:not([hidden])")
        yield page


@pytest.fixture
def plain_page(browser: Browser, shop: Shop) -> Iterator[Page]:
    """The order page without JavaScript."""
    with looking(browser, java_script_enabled=False) as page:
        page.goto(shop.address)
        yield page


def fill_lines(page: Page) -> None:
    page.fill("[name=items-0-name]", "Chai")
    page.fill("[name=items-0-sku]", "NW-1")
    page.fill("[name=items-0-quantity]", "2")
    page.fill("[name=items-0-unit_price]", "18.00")
    page.fill("[name=items-1-name]", "Aniseed syrup")
    page.fill("[name=items-1-quantity]", "3")
    page.fill("[name=items-1-unit_price]", "10,50")


def fill_rest(page: Page) -> None:
    page.check("[name=type][value=bulk]")
    page.fill("[name=customer-name]", "Grace Hopper")
    page.fill("[name=customer-email]", "grace@example.com")
    page.fill("[name=address-line1]", "1 Navy Yard")
    page.fill("[name=address-city]", "Arlington")
    page.check("[name=payment_method][value=cod]")
    page.fill("[name=note]", "Ring twice")


def check_order(shop: Shop, page: Page) -> None:
    order = shop.newest()
    assert page.url == shop.track_page(order)
    assert order["type"] == "bulk"
    assert order["total"] == "67.50"
    assert [line["quantity"] for line in order["items"]] == [2, 3]
    assert order["items"][0]["sku"] == "NW-1"
    assert order["customer"]["email"] == "grace@example.com"
    assert order["address"]["city"] == "Arlington"
    assert (order["payment"]["method"], order["payment"]["status"]) == ("cod", "due")
    assert order["note"] == "Ring twice"


def place(page: Page) -> None:
    page.locator("#place").click()


def test_an_order_is_placed_and_its_customer_follows_it(page: Page, shop: Shop) -> None:
    page.click("#add-line")
    fill_lines(page)
    fill_rest(page)
    expect(page.locator("#summary-total")).to_have_text("$67.50")
    place(page)
    page.wait_for_url("**/track/**")
    wait_for_live(page)
    check_order(shop, page)


def test_it_works_without_javascript(plain_page: Page, shop: Shop) -> None:
    fill_lines(plain_page)
    fill_rest(plain_page)
    place(plain_page)
    expect(plain_page.locator("h1")).to_contain_text("Bulk order")
    check_order(shop, plain_page)


def test_lines_are_added_without_javascript_and_what_was_typed_stays(plain_page: Page) -> None:
    fill_lines(plain_page)
    plain_page.fill("[name=note]", "kept")
    plain_page.click("#add-line")
    expect(plain_page.locator("[data-line]")).to_have_count(4)
    expect(plain_page.locator("[name=items-1-name]")).to_have_value("Aniseed syrup")
    expect(plain_page.locator("[name=note]")).to_have_value("kept")
    expect(plain_page.locator("[aria-invalid]")).to_have_count(0)


def test_enter_places_the_order_and_adds_no_line(plain_page: Page, shop: Shop) -> None:
    plain_page.fill("[name=customer-name]", "Enter")
    plain_page.press("[name=customer-name]", "Enter")
    plain_page.wait_for_url("**/track/**")
    assert shop.newest()["customer"]["name"] == "Enter"


@pytest.mark.parametrize("javascript", [True, False])
def test_faults_are_shown_at_their_fields(browser: Browser, shop: Shop, javascript: bool) -> None:
    before = shop.count()
    with looking(browser, java_script_enabled=javascript) as page:
        page.goto(shop.address)
        if javascript:
            page.wait_for_selector("#summary:not([hidden])")
            page.click("#add-line")
        # The first line stays blank, so the server knows the second one as the first.
        page.fill("[name=items-1-name]", "Chai")
        page.fill("[name=items-1-quantity]", "many")
        page.fill("[name=items-1-unit_price]", "1.9999999")
        page.fill("[name=customer-name]", "  ")
        page.fill("[name=address-city]", "Nowhere")
        place(page)
        expect(page.locator("#error-items-1-quantity")).to_contain_text("must be a quantity")
        expect(page.locator("#error-customer-name")).to_have_text("Name must not be empty.")
        expect(page.locator("#error-address-line1")).to_be_visible()
        expect(page.locator("#error-items-0-quantity")).to_be_hidden()
        expect(page.locator("[name=items-1-quantity]")).to_have_attribute("aria-invalid", "true")
        expect(page.locator("[name=items-1-quantity]")).to_have_value("many")
        expect(page.locator("[name=address-city]")).to_have_value("Nowhere")
        page.fill("[name=items-1-quantity]", "2")
        page.fill("[name=customer-name]", "Ada")
        page.fill("[name=address-line1]", "Somewhere 1")
        place(page)
        expect(page.locator("#error-items-1-unit_price")).to_contain_text("amount of money")
        assert shop.count() == before
        page.fill("[name=items-1-unit_price]", "1.99")
        place(page)
        page.wait_for_url("**/track/**")
    assert shop.newest()["total"] == "3.98"


def test_a_complaint_goes_away_while_the_field_is_mended(page: Page) -> None:
    place(page)
    expect(page.locator("[name=customer-name]")).to_be_focused()
    expect(page.locator("#error-customer-name")).to_be_visible()
    page.fill("[name=customer-name]", "A")
    expect(page.locator("#error-customer-name")).to_be_hidden()


def test_a_double_click_places_one_order(page: Page, shop: Shop) -> None:
    before = shop.count()
    page.fill("[name=customer-name]", "Twice")
    page.locator("#place").dblclick()
    page.wait_for_url("**/track/**")
    assert shop.count() == before + 1


def test_a_form_sent_twice_without_javascript_places_one_order(
    plain_page: Page, shop: Shop
) -> None:
    before = shop.count()
    plain_page.fill("[name=customer-name]", "Back and again")
    place(plain_page)
    plain_page.wait_for_url("**/track/**")
    first = plain_page.url
    form: dict[str, str | float | bool] = {
        "customer-name": "Back and again",
        "idempotency_key": "same key",
        "idempotency_secret": "the secret of one page, long enough",
    }
    answers = [plain_page.request.post(shop.address, form=form, max_redirects=0) for _ in range(2)]
    assert [answer.status for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"] != first
    assert shop.count() == before + 2


def test_an_answer_that_never_came_is_asked_for_again(page: Page, shop: Shop) -> None:
    before = shop.count()
    asked = []

    def swallow_first(route: Route) -> None:
        asked.append(route.request.headers["idempotency-key"])
        if len(asked) == 1:
            route.fetch()  # It arrives, the order is placed, and the answer is lost.
            route.abort()
        else:
            route.continue_()

    page.route("**/api/orders", swallow_first)
    page.fill("[name=customer-name]", "Tunnel")
    place(page)
    page.wait_for_url("**/track/**")
    assert len(asked) == 2
    assert asked[0] == asked[1]
    assert shop.count() == before + 1


def test_what_was_changed_after_a_lost_answer_is_not_placed_as_well(page: Page, shop: Shop) -> None:
    before = shop.count()
    page.route("**/api/orders", lambda route: (route.fetch(), route.abort()))
    page.fill("[name=customer-name]", "First")
    place(page)
    expect(page.locator("#order-message")).to_contain_text("could not be reached", timeout=15_000)
    page.unroute("**/api/orders")
    page.fill("[name=customer-name]", "Second")
    place(page)
    page.click("text=See the order as placed")
    expect(page.locator(".track-head")).to_contain_text("First")
    assert shop.count() == before + 1


def test_lines_come_and_go(page: Page) -> None:
    expect(page.locator("[data-line]")).to_have_count(1)
    page.click("#add-line")
    page.click("#add-line")
    expect(page.locator("[name=items-2-name]")).to_be_focused()
    page.fill("[name=items-1-name]", "goes")
    page.fill("[name=items-2-name]", "stays")
    page.locator("[data-remove]").nth(1).click()
    expect(page.locator("[data-line]")).to_have_count(2)
    expect(page.locator("#summary-lines")).to_contain_text("stays")
    expect(page.locator("#summary-lines")).not_to_contain_text("goes")
    page.click("#add-line")
    assert page.locator("[name=items-3-name]").count() == 1, "numbers are not used again"


def test_the_sum_is_exact(page: Page) -> None:
    page.fill("[name=items-0-quantity]", "3")
    page.fill("[name=items-0-unit_price]", "0.1")
    expect(page.locator("#summary-total")).to_have_text("$0.30")
    page.fill("[name=items-0-quantity]", "999999")
    page.fill("[name=items-0-unit_price]", "9999999.99")
    expect(page.locator("#summary-total")).to_have_text("$9,999,989,990,000.01")
    for quantity, price, total in (("1,5", "0.33", "$0.50"), ("0.5", "0.25", "$0.12")):
        page.fill("[name=items-0-quantity]", quantity)
        page.fill("[name=items-0-unit_price]", price)
        expect(page.locator("#summary-total")).to_have_text(total)
    page.fill("[name=items-0-quantity]", "-1")
    expect(page.locator("#summary-total")).to_have_text("$0.00")


def test_markup_is_text(page: Page, shop: Shop) -> None:
    page.fill("[name=customer-name]", MARKUP)
    page.fill("[name=items-0-name]", MARKUP)
    expect(page.locator("#summary-lines")).to_contain_text(MARKUP)
    place(page)
    page.wait_for_url("**/track/**")
    expect(page.locator(".track-head")).to_contain_text(MARKUP)
    assert page.title() != "broken"
