"""The same live orders as a board of columns and on a wall."""

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.pages.boards import Json, Shop

_COLUMNS = """() => Object.fromEntries([...document.querySelectorAll(".column")].map((column) =>
    [column.dataset.column, [...column.querySelectorAll(".order-card")].map(({ dataset }) =>
        `${dataset.id} ${dataset.version}`)]))"""


@pytest.fixture(scope="module")
def orders(bakery: Shop) -> list[Json]:
    """Some orders that are there from the beginning."""
    return bakery.place_many(6)


def open_view(context: BrowserContext, view: str, query: str = "") -> Page:
    """A view of the orders that is live."""
    page = context.new_page()
    page.goto(f"/admin?view={view}{query}")
    expect(page.locator("connection-badge[state=live]")).to_be_attached(timeout=10_000)
    expect(page.locator("#views:not([aria-busy=true])")).to_be_attached()
    return page


def card(page: Page, order: Json) -> Locator:
    return page.locator(f'.order-card[data-id="{order["id"]}"]')


def in_column(page: Page, column: str, order: Json) -> Locator:
    return page.locator(f'.column[data-column="{column}"] [data-id="{order["id"]}"]')


def drag(page: Page, order: Json, column: str) -> None:
    """Take a card by the mouse to the head of a column, and let it go there."""
    taken = card(page, order).bounding_box()
    goal = page.locator(f'.column[data-column="{column}"] .column-head').bounding_box()
    assert taken
    assert goal
    page.mouse.move(taken["x"] + 40, taken["y"] + 45)
    page.mouse.down()
    page.mouse.move(goal["x"] + 20, goal["y"] + 20, steps=4)
    expect(page.locator(f".column[data-column={column}][data-over]")).to_be_visible()
    page.mouse.up()


def columns(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = page.evaluate(_COLUMNS)
    return found


def test_a_card_is_dragged_only_where_its_order_may_go(
    bakery: Shop, context: BrowserContext, orders: list[Json]
) -> None:
    page = open_view(context, "board")
    order = orders[0]
    drag(page, order, "shipped")
    refused = f"#{order['number']} cannot go to Shipped"
    expect(page.locator(".toast.danger")).to_contain_text(refused)
    expect(page.locator(".toast.danger")).to_contain_text(
        "It is Pending. From there it can become Processing, On hold, Declined or Cancelled."
    )
    expect(in_column(page, "pending", order)).to_be_visible()
    drag(page, order, "processing")
    expect(in_column(page, "processing", order)).to_have_attribute("data-version", "2")
    assert bakery.api.get(f"/api/orders/{order['id']}").json()["status"] == "processing"
    expect(page.locator("#panel")).to_be_hidden()  # the end of a drag is no click


def test_a_card_that_somebody_else_moved_in_that_instant_goes_where_it_belongs(
    bakery: Shop, context: BrowserContext, orders: list[Json]
) -> None:
    page = open_view(context, "board")
    page.locator("#auto-refresh").click()
    order = bakery.put(orders[1], "status", status="declined", reason="No")
    drag(page, order, "processing")
    expect(page.locator(".toast.danger")).to_contain_text("could not be moved to Processing")
    expect(page.locator(".toast.danger")).to_contain_text("it is now “Declined”")
    expect(card(page, order)).to_have_count(0)
    page.locator(".column-fold").click()
    expect(in_column(page, "finished", order)).to_be_visible()


def test_the_board_is_worked_by_keys_alone(
    bakery: Shop, context: BrowserContext, orders: list[Json]
) -> None:
    page = open_view(context, "table")
    page.keyboard.press("v")
    expect(page).to_have_url(f"{bakery.server.base_url}/admin?view=board")
    one, two = orders[2], orders[3]
    card(page, one).focus()
    page.keyboard.press("ArrowDown")
    expect(card(page, two)).to_be_focused()
    page.keyboard.press("]")
    expect(in_column(page, "processing", two)).to_be_focused()
    expect(in_column(page, "processing", two)).to_have_attribute("data-version", "2")
    page.keyboard.press("Shift+ArrowRight")
    expect(in_column(page, "ready", two)).to_have_attribute("data-version", "3")
    page.keyboard.press("[")
    expect(page.locator(".toast.danger")).to_contain_text(f"#{two['number']} has no step back")
    page.keyboard.press("m")
    expect(page.locator(".menu-item[data-move]")).to_have_text(["Shipped", "Delivered", "Cancel…"])
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-title")).to_contain_text(str(two["number"]))
    page.keyboard.press("Escape")
    expect(card(page, two)).to_be_focused()
