"""The customer's page: whole without JavaScript, live with it, and never somebody else's."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.pages.shop import Json, Shop, looking, wait_for_live
from tests.servers import wait_until

MARKUP = "<img src=x onerror=\"document.title='broken'\">'&amp;\n</script>"
ITEMS = [{"sku": "NW-1", "name": "Chai", "quantity": 2, "unit_price": "18.00"}]
ADDRESS = {"line1": "Friedrichstraße 12", "city": "Berlin", "country": "Germany"}
STATUS, STEPS = "[data-part=status]", "[data-part=steps]"
_WATCH_STATUS = """
() => {
  window.shown = [];
  const part = document.querySelector("[data-part=status]");
  const note = () => shown.push(part.querySelector(".status-name").textContent);
  new MutationObserver(note).observe(part, { childList: true });
}
"""
"""Keeps what the page says of the status, each time it is put there anew."""


@pytest.fixture
def shop(public_shop: Shop) -> Shop:
    return public_shop


@pytest.fixture
def order(shop: Shop) -> Json:
    return shop.place(items=ITEMS, address=ADDRESS, note="Ring twice", shipping="4.50")


@pytest.fixture
def page(browser: Browser, shop: Shop, order: Json) -> Iterator[Page]:
    """The customer's page of the order, live."""
    with looking(browser) as page:
        page.goto(shop.track_page(order))
        wait_for_live(page)
        yield page


@pytest.fixture
def plain_page(browser: Browser, shop: Shop, order: Json) -> Iterator[Page]:
    """The same without JavaScript."""
    with looking(browser, java_script_enabled=False) as page:
        page.goto(shop.track_page(order))
        yield page


def shown(page: Page) -> str:
    """All that the page shows of the order, as it stands in the document."""
    found: str = page.evaluate(
        """() => {
          const main = document.querySelector("main").cloneNode(true);
          main.querySelectorAll("script, #announcements").forEach((part) => part.remove());
          main.querySelectorAll(".changed").forEach((part) => part.classList.remove("changed"));
          main.querySelectorAll("[class='']").forEach((part) => part.removeAttribute("class"));
          return `${document.title}\n${main.innerHTML}`;
        }"""
    )
    return found


def travel(shop: Shop, order: Json) -> None:
    """Everything that a shop may do with an order until it is on its way."""
    driver = shop.ask("POST", "/api/drivers", {"name": "Omar <b>", "phone": "+49 151 23456"})
    path = f"/api/orders/{order['id']}"
    shop.ask("PUT", f"{path}/driver", {"driver": driver["id"]})
    shop.move(order, "processing", "ready", "shipped")
    shop.ask(
        "PUT",
        f"{path}/tracking",
        {
            "carrier": "DHL",
            "number": "JD0146",
            "url": "https://parcels.example/?id=JD0146&lang=en",
            "eta": "2031-01-31T17:00:00Z",
            "partner": {"name": "City Bikes", "phone": "030 1234"},
            "location": {"lat": 52.52, "lng": 13.4},
        },
    )


def test_without_javascript_everything_is_there(plain_page: Page, shop: Shop, order: Json) -> None:
    travel(shop, order)
    plain_page.reload()
    main = plain_page.locator("main")
    for text in ("Shipped", "Omar <b>", "DHL", "JD0146", "City Bikes", "$40.50", "Ring twice"):
        expect(main).to_contain_text(text)
    expect(main).to_contain_text("2031-01-31, 17:00 UTC")
    expect(plain_page.locator("a[href='tel:+4915123456']")).to_be_visible()
    link = plain_page.locator("text=JD0146")
    expect(link).to_have_attribute("href", "https://parcels.example/?id=JD0146&lang=en")
    expect(plain_page.locator(".step.done")).to_have_count(3)
    expect(plain_page.locator(".step[aria-current=step]")).to_contain_text("Shipped")


def test_the_van_is_seen_to_move(page: Page, shop: Shop, order: Json) -> None:
    travel(shop, order)
    link = page.locator("[data-part=delivery] a", has_text="On the map")
    expect(link).to_have_attribute("href", re.compile("mlat=52.52&mlon=13.4"))
    version = shop.read(order)["version"]
    path = f"/api/orders/{order['id']}/tracking"
    shop.ask("PUT", path, {"location": {"lat": 52.53, "lng": 13.41}})
    expect(link).to_have_attribute("href", re.compile("mlat=52.53&mlon=13.41"), timeout=1000)
    assert shop.read(order)["version"] == version


def test_it_follows_without_a_reload_and_ends_as_a_fresh_page(
    page: Page, browser: Browser, shop: Shop, order: Json
) -> None:
    travel(shop, order)
    expect(page.locator("[data-part=delivery]")).to_contain_text("City Bikes")
    expect(page.locator(STATUS)).to_contain_text("Shipped")
    expect(page).to_have_title(f"Shipped · Order {order['number']}")
    expect(page.locator("#announcements")).to_contain_text("Expected")
    with looking(browser) as fresh:
        fresh.goto(shop.track_page(order))
        wait_for_live(fresh)
        assert shown(page) == shown(fresh)
    shop.move(order, "delivered", "completed")
    expect(page.locator(STATUS)).to_contain_text("Delivered")
    expect(page.locator(STATUS)).to_contain_text("Everything is done")
    page_now = shown(page)
    page.reload()
    wait_for_live(page)
    assert shown(page) == page_now


def test_parts_that_are_swapped_in_speak_the_readers_language_and_zone(
    browser: Browser, shop: Shop, order: Json
) -> None:
    context = browser.new_context(locale="de-DE", timezone_id="Asia/Tokyo")
    page = context.new_page()
    page.goto(shop.track_page(order))
    wait_for_live(page)
    travel(shop, order)
    expect(page.locator(".expected")).to_contain_text("1. Feb. 2031, 02:00")
    shop.ask("PATCH", f"/api/orders/{order['id']}", {"note": "Kling"})
    expect(page.locator("[data-part=delivery] .note")).to_have_text("Kling")
    expect(page.locator("[data-part=items] .total").last).to_have_text("40,50\xa0$")
    context.close()


def test_many_changes_at_once_are_fetched_once_more(page: Page, shop: Shop, order: Json) -> None:
    held: list[Route] = []
    page.route("**/parts", lambda route, _: held.append(route))
    path = f"/api/orders/{order['id']}/tracking"
    shop.ask("PUT", path, {"carrier": "First"})
    wait_until(lambda: heard_up_to(page) and len(held) == 1, 10)
    first = held[0].fetch()
    for number in range(5):
        shop.ask("PUT", path, {"carrier": f"Carrier {number}"})
    head = int(shop.ask("GET", "/api/orders?limit=1")["position"].rpartition("-")[2])
    wait_until(lambda: heard_up_to(page) >= head, 10)
    held[0].fulfill(response=first)
    wait_until(lambda: heard_up_to(page) and len(held) == 2, 10)
    held[1].continue_()
    expect(page.locator("[data-part=delivery]")).to_contain_text("Carrier 4")
    assert len(held) == 2


def heard_up_to(page: Page) -> int:
    """The position that the page has heard of."""
    id_ = page.locator("connection-badge").get_attribute("data-position") or ""
    return int(id_.rpartition("-")[2])


def test_what_fails_is_tried_again_and_an_older_answer_is_not_shown(
    page: Page, shop: Shop, order: Json
) -> None:
    old = page.request.get(f"{page.url}/parts")
    shop.move(order, "processing")
    expect(page.locator(STATUS)).to_contain_text("Processing")
    page.evaluate(_WATCH_STATUS)
    answers = ["failed", "old", "new"]

    def answer(route: Route) -> None:
        match answers.pop(0):
            case "failed":
                route.fulfill(status=503)
            case "old":
                route.fulfill(response=old)
            case _:
                route.continue_()

    page.route("**/parts", answer)
    shop.move(order, "ready")
    expect(page.locator("#stale")).to_be_visible()
    expect(page.locator(STATUS)).to_contain_text("Ready", timeout=15_000)
    expect(page.locator("#stale")).to_be_hidden()
    assert answers == []
    assert page.evaluate("shown") == ["Ready"]


def test_the_focus_stays_where_a_part_is_swapped(page: Page, shop: Shop, order: Json) -> None:
    travel(shop, order)
    link = page.locator("[data-part=delivery] a", has_text="JD0146")
    link.focus()
    shop.ask("PUT", f"/api/orders/{order['id']}/driver", {"driver": None})
    expect(page.locator("[data-part=delivery]")).not_to_contain_text("Omar")
    expect(link).to_be_focused()


def test_no_counts_of_the_log_are_before_a_customer(page: Page) -> None:
    expect(page.locator("connection-badge")).to_have_text("Live")
    assert "change" not in (page.locator("connection-badge").get_attribute("title") or "").split()


def test_what_has_changed_is_pointed_out_and_said(page: Page, shop: Shop, order: Json) -> None:
    shop.move(order, "processing")
    expect(page.locator(f"{STATUS}.changed")).to_be_visible(timeout=2000)
    expect(page.locator("#announcements")).to_have_text("Processing. Your order is being prepared.")
    expect(page.locator("[data-part=items].changed")).to_have_count(0)


def test_a_customer_cancels_and_the_board_knows_why(page: Page, shop: Shop, order: Json) -> None:
    page.click("text=Cancel this order")
    page.fill("textarea", "I <i>changed</i> my mind")
    page.click("dialog button[type=submit]")
    expect(page.locator(STATUS)).to_contain_text("Cancelled")
    expect(page.locator("[data-part=notices]")).to_contain_text("I <i>changed</i> my mind")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("[data-part=cancelling] button")).to_have_count(0)
    now = shop.read(order)
    assert (now["status"], now["cancel_reason"]) == ("cancelled", "I <i>changed</i> my mind")
    assert now["updated_by"]["kind"] == "customer"


def test_a_customer_cancels_without_javascript(plain_page: Page, shop: Shop, order: Json) -> None:
    plain_page.click("text=Cancel this order")
    plain_page.fill("textarea", "Too expensive")
    plain_page.click("details button")
    expect(plain_page.locator(STATUS)).to_contain_text("Cancelled")
    assert shop.read(order)["cancel_reason"] == "Too expensive"


def test_a_blank_reason_is_asked_for_again(plain_page: Page, shop: Shop, order: Json) -> None:
    plain_page.click("text=Cancel this order")
    plain_page.fill("textarea", "   ")
    plain_page.click("details button")
    expect(plain_page.locator("#track-message")).to_have_text("The reason must not be empty.")
    expect(plain_page.locator("textarea")).to_be_visible()
    assert shop.read(order)["status"] == "pending"


def test_once_work_has_begun_a_customer_asks_and_the_shop_answers(
    page: Page, shop: Shop, order: Json
) -> None:
    shop.move(order, "processing")
    page.click("text=Ask to cancel")
    page.fill("textarea", "It takes too long")
    page.click("dialog button[type=submit]")
    expect(page.locator("[data-part=notices]")).to_contain_text("It takes too long")
    assert shop.read(order)["cancellation_request"]["reason"] == "It takes too long"
    shop.ask("PUT", f"/api/orders/{order['id']}/cancellation-request", {"accept": False})
    expect(page.locator("#announcements")).to_contain_text("not accepted")
    expect(page.locator("[data-part=notices]")).to_be_empty()
    page.click("text=Ask to cancel")
    page.click("text=I changed my mind")
    page.click("dialog button[type=submit]")
    expect(page.locator("[data-part=notices]")).to_contain_text("You asked")
    shop.ask("PUT", f"/api/orders/{order['id']}/cancellation-request", {"accept": True})
    expect(page.locator(STATUS)).to_contain_text("Cancelled")


def test_a_dialog_closes_when_it_has_become_too_late(page: Page, shop: Shop, order: Json) -> None:
    page.click("text=Cancel this order")
    expect(page.locator("dialog")).to_be_visible()
    shop.move(order, "processing", "shipped")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("[data-part=cancelling] button")).to_have_count(0)


def test_a_dialog_stays_with_what_is_typed_when_something_else_changes(
    page: Page, shop: Shop, order: Json
) -> None:
    page.click("text=Cancel this order")
    page.fill("dialog textarea", "I ordered")
    shop.ask("PUT", f"/api/orders/{order['id']}/tracking", {"carrier": "DHL"})
    expect(page.locator("[data-part=delivery]")).to_contain_text("DHL")
    expect(page.locator("dialog textarea")).to_have_value("I ordered")
    expect(page.locator("dialog textarea")).to_be_focused()


def test_the_keyboard_alone_is_enough_to_cancel(page: Page, shop: Shop, order: Json) -> None:
    page.get_by_role("button", name="Cancel this order").focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    page.keyboard.press("Enter")
    page.keyboard.type("By keyboard")
    for _ in range(5):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(STATUS)).to_contain_text("Cancelled")
    assert shop.read(order)["cancel_reason"] == "By keyboard"


@pytest.mark.parametrize("javascript", [True, False])
def test_markup_is_text(browser: Browser, shop: Shop, javascript: bool) -> None:
    order = shop.place(
        customer=MARKUP,
        note=MARKUP,
        items=[{"name": MARKUP, "sku": MARKUP, "quantity": 1}],
        address=MARKUP,
    )
    shop.ask("PUT", f"/api/orders/{order['id']}/tracking", {"carrier": MARKUP})
    with looking(browser, java_script_enabled=javascript) as page:
        page.goto(shop.track_page(order))
        if javascript:
            wait_for_live(page)
        first_line = MARKUP.splitlines()[0]
        assert page.locator("main").inner_text().count(first_line) >= 6
        assert page.locator("img").count() == 0
        assert "broken" not in page.title()


def test_behind_a_proxy_that_holds_the_stream_back_it_polls(
    browser: Browser, shop: Shop, order: Json
) -> None:
    with looking(browser) as page:
        page.add_init_script("delete window.SharedWorker")  # out of the reach of routes
        page.route("**/stream?*", lambda _: None)
        page.goto(shop.track_page(order))
        page.wait_for_selector("connection-badge[state=polling]", timeout=10_000)
        shop.move(order, "processing")
        expect(page.locator(STATUS)).to_contain_text("Processing", timeout=15_000)


def test_somebody_elses_order_is_never_heard_of(page: Page, shop: Shop, order: Json) -> None:
    before = shown(page)
    other = shop.place(customer="Somebody else")
    shop.move(other, "processing")
    shop.move(order, "processing")
    expect(page.locator(STATUS)).to_contain_text("Processing")
    assert "Somebody else" not in page.content()
    assert shown(page) != before


def test_a_link_that_leads_nowhere_says_so_kindly(browser: Browser, shop: Shop) -> None:
    with looking(browser) as page:
        answer = page.goto(f"{shop.address}/track/aaaaaaaaaaaaaaaaaaaaaa")
        assert answer is not None
        assert answer.status == 404
        expect(page.locator("h1")).to_have_text("There is no order behind this link")
