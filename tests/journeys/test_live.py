"""What one does, the others see at once, and nobody else hears of it."""

import json
import re
import time
from contextlib import ExitStack

from playwright.sync_api import Browser, Page, expect

from tests.journeys import views
from tests.journeys.house import House, Json, curl
from tests.servers import wait_until

ASKS = re.compile("asks? to cancel")
AT_ONCE = 1000
"""Milliseconds from the moment in which curl is started."""


def test_an_order_placed_by_curl_is_on_two_boards_within_a_second(
    house: House, browser: Browser
) -> None:
    with (
        views.board_page(browser, house, "ada") as first,
        views.board_page(browser, house, "grace") as second,
        house.somebody_else(),
    ):
        took = [milliseconds_to_boards(house, number, first, second) for number in range(8)]
    print("from curl to both boards, in ms:", *took)
    assert max(took) < AT_ONCE


def milliseconds_to_boards(house: House, number: int, *boards: Page) -> int:
    began = time.time()
    order = json.loads(curl(f"{house.address}/api/orders", f'{{"customer": "Ada {number}"}}'))
    for page in boards:
        page.wait_for_selector(views.row(page, order))
    shown = [page.evaluate(f"heard.appeared['{order['id']}']") for page in boards]
    return round(max(shown) - began * 1000)


def test_a_move_on_one_board_shows_on_the_other_and_to_the_customer(
    house: House, browser: Browser
) -> None:
    order = house.place(customer="Grace")
    with (
        views.board_page(browser, house, "ada") as first,
        views.board_page(browser, house, "grace") as second,
        views.customer_page(browser, house, order) as customer,
        house.somebody_else(),
    ):
        for status, label in (("processing", "Processing"), ("shipped", "Shipped")):
            move(first, order, status)
            expect(second.locator(f"{views.row(second, order)} .row-status")).to_have_text(label)
            expect(customer.locator(".status-name")).to_have_text(label)
        views.as_fresh(second, views.board)
        views.as_fresh(customer, views.track)
    assert house.read(order)["updated_by"] == {"kind": "staff", "name": "ada"}


def move(page: Page, order: Json, status: str) -> None:
    page.click(f"{views.row(page, order)} [data-action=move]")
    page.click(f".menu [data-move={status}]")


def test_a_customers_cancellation_and_its_reason_show_on_both_boards(
    house: House, browser: Browser
) -> None:
    order = house.place(customer="Edsger")
    with (
        views.board_page(browser, house, "ada") as first,
        views.board_page(browser, house, "grace") as second,
        views.customer_page(browser, house, order) as customer,
        house.somebody_else(),
    ):
        first.click(f"{views.row(first, order)} .row-name")
        give_reason(customer, "Cancel this order", 'It <b>rains</b> & I\'m "out"')
        expect(customer.locator(".status-name")).to_have_text("Cancelled")
        for page in (first, second):
            toast = page.locator(".toast", has_text=f"Order #{order['number']} cancelled")
            expect(toast.locator(".detail")).to_have_text('Edsger: It <b>rains</b> & I\'m "out"')
            status = page.locator(f"{views.row(page, order)} .row-status")
            expect(status).to_have_text("Cancelled")
            expect(status).to_have_attribute("title", 'It <b>rains</b> & I\'m "out"')
        second.click(f"{views.row(second, order)} .row-name")
        for page in (first, second):
            expect(page.locator("#panel .wish")).to_contain_text('It <b>rains</b> & I\'m "out"')


def give_reason(page: Page, button: str, reason: str) -> None:
    page.click(f"button:has-text('{button}')")
    page.fill("dialog textarea", reason)
    page.click("dialog [type=submit]")


def test_a_wish_to_cancel_is_refused_and_then_accepted_on_the_board(
    house: House, browser: Browser
) -> None:
    order = house.place(customer="Barbara")
    house.move(order, "processing")
    with (
        views.board_page(browser, house, "ada") as first,
        views.board_page(browser, house, "grace") as second,
        views.customer_page(browser, house, order) as customer,
        house.somebody_else(),
    ):
        first.click(f"{views.row(first, order)} .row-name")
        give_reason(customer, "Ask to cancel", "Too slow")
        answer_wish(first, second, order, "refuse")
        expect(customer.locator("#announcements")).to_contain_text("has not accepted to cancel")
        expect(customer.locator(".status-name")).to_have_text("Processing")
        give_reason(customer, "Ask to cancel", "Still too slow")
        answer_wish(first, second, order, "accept")
        expect(customer.locator(".status-name")).to_have_text("Cancelled")
        expect(customer.locator("[data-part=notices]")).to_contain_text("Still too slow")
        views.as_fresh(customer, views.track)
        views.as_fresh(second, views.board)


def answer_wish(first: Page, second: Page, order: Json, answer: str) -> None:
    for page in (first, second):
        expect(page.locator(f"{views.row(page, order)} .flag")).to_have_text("Asks to cancel")
        expect(page.locator(".toast", has_text=ASKS).first).to_be_visible()
    first.click(f"#panel .wish [data-key={answer}]")
    for page in (first, second):
        expect(page.locator(f"{views.row(page, order)} .flag")).to_have_count(0)


def test_what_a_driver_is_given_and_does_shows_everywhere(house: House, browser: Browser) -> None:
    driver, order = house.driver("Dora"), house.place(customer="Radia")
    house.move(order, "processing")
    with (
        views.board_page(browser, house) as board,
        views.customer_page(browser, house, order) as customer,
        views.driver_page(browser, house, driver) as page,
        house.somebody_else(),
    ):
        house.give(order, driver)
        page.click(f".drive[data-order='{order['id']}'] [data-move=shipped]")
        expect(customer.locator(".status-name")).to_have_text("Shipped")
        expect(customer.locator("[data-part=delivery]")).to_contain_text("Dora")
        status = board.locator(f"{views.row(board, order)} .row-status")
        expect(status).to_have_text("Shipped")
        page.click(f".drive[data-order='{order['id']}'] [data-move=delivered]")
        expect(status).to_have_text("Delivered")
        expect(page.locator(".drive")).to_have_count(0)


def test_a_driver_hears_of_their_own_orders_alone(house: House) -> None:
    ann, ben = house.driver("Ann"), house.driver("Ben")
    mine, other = house.place(customer="Mine"), house.place(customer="Other")
    with ExitStack() as stack:
        hears_ann = stack.enter_context(house.drivers_listener(ann))
        hears_ben = stack.enter_context(house.drivers_listener(ben))
        stack.enter_context(house.somebody_else())
        house.give(mine, ann)
        house.give(other, ben)
        house.move(mine, "processing", "shipped")
        house.move(other, "processing")
        house.give(mine, ben)
        house.move(mine, "delivered")
        head = int(house.head().rpartition("-")[2])
        wait_until(lambda: min(hears_ann.reached, hears_ben.reached) >= head, 8, "the drivers")
    told = [(one.data["order"]["id"], one.data["order"].get("status")) for one in hears_ann.events]
    assert told == [(mine["id"], s) for s in ("pending", "processing", "shipped", None)]
    assert hears_ann.events[-1].data["order"].keys() == {"id", "number", "version", "driver"}
    assert [one.data["order"]["id"] for one in hears_ben.events] == [
        one["id"] for one in (other, other, mine, mine)
    ]
