"""The same live orders as a board of columns and on a wall."""

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.pages.boards import Json, Shop, rows
from tests.servers import wait_until

_SHOWN = """() => [...document.querySelectorAll("#views [data-id]")].filter((one) =>
    one.checkVisibility()).map((one) =>
    [one.closest(".column")?.dataset.column, one.dataset.id, one.dataset.version].join(" "))"""

_WHOLE_ROWS = """() => [...document.querySelectorAll(".row")].filter((row) =>
    row.getBoundingClientRect().bottom <= innerHeight).length"""
_DUE = """async () => {
    const { byUrgency, dueAt, pressure } = await import("/static/js/columns/due.js");
    const at = (minutes) => new Date(Date.UTC(2026, 0, 1, 12) + 60_000 * minutes).toISOString();
    const order = (id, age, due = null) =>
        ({ id, number: 1, created_at: at(-age), due_at: due && at(due) });
    const some = [order("newest", 1), order("later", 3, 90), order("oldest", 50)];
    some.push(order("soon", 2, 5));
    const promise = { ...order("ready", 9, -5), acceptance: { ready_at: at(-5) } };
    const ages = { soon: 10, late: 20 };
    const dated = [promise, order("", 1, 9), order("", 99, 11)];
    const undated = [order("", 10), order("", 20), order("", 9)];
    return {
        sorted: some.sort(byUrgency).map(({ id }) => id),
        kept: dueAt({ ...promise, times: { ready: at(-6) } }),
        pressure: [...dated, ...undated].map((one) => pressure(one, Date.parse(at(0)), ages)),
    };
}"""


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
    drag(page, order, "processing")  # where it is already
    expect(page.locator(".ghost")).to_have_count(0)
    taken = card(page, order).bounding_box()
    assert taken
    page.mouse.move(taken["x"] + 40, taken["y"] + 45)
    page.mouse.down()
    page.mouse.move(taken["x"] + 60, taken["y"] + 50, steps=2)
    page.mouse.up()
    expect(page.locator(".ghost")).to_have_count(0)
    expect(page.locator("#panel")).to_be_hidden()  # the end of a drag is no click


def test_a_card_that_somebody_else_moved_in_that_instant_goes_where_it_belongs(
    bakery: Shop, context: BrowserContext, orders: list[Json]
) -> None:
    page = open_view(context, "board")
    page.locator("#auto-refresh").click()
    order = bakery.put(orders[1], "status", status="processing")
    bakery.put(order, "status", status="ready")
    drag(page, order, "processing")
    expect(page.locator(".toast.danger")).to_contain_text("could not be moved to Processing")
    expect(page.locator(".toast.danger")).to_contain_text("it is now “Ready”")
    expect(in_column(page, "ready", order)).to_be_visible()


def test_finished_orders_that_cannot_be_read_are_not_said_to_be_none(
    context: BrowserContext, orders: list[Json]
) -> None:
    page = open_view(context, "board")
    page.route("**/api/orders?*sort=-updated*", lambda route: route.abort())
    page.locator(".column-fold").click()
    expect(page.locator(".toast.danger")).to_contain_text("The finished orders could not be read")


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


def test_a_touch_on_the_wall_moves_an_order_on_and_recall_brings_it_back(
    bakery: Shop, context: BrowserContext, orders: list[Json]
) -> None:
    line = {"name": "Chai", "quantity": 2, "options": [{"name": "Milk", "value": "Oat"}]}
    wanted = {"method": "table", "table": "7"}
    urgent = bakery.place("Ada", items=[line], note="No sugar", fulfilment=wanted)
    bakery.put(urgent, "acceptance", ready_in=5)
    page = open_view(context, "wall")
    first = page.locator(".ticket").first
    expect(first).to_have_attribute("data-id", urgent["id"])
    expect(first).to_have_attribute("data-pressure", "soon")
    expect(first).to_contain_text(f"#{urgent['number']}Table 7")
    for text in ("Ada", "2Chai", "Milk: Oat", "No sugar"):
        expect(first).to_contain_text(text)
    first.get_by_role("button", name="Ready").click()
    expect(ticket(page, urgent)).to_have_count(0)
    wait_until(lambda: status_of(bakery, urgent) == "ready", 5, "it was moved on")
    page.locator("#wall-recall").click()
    page.get_by_role("menuitem", name=f"#{urgent['number']} Ada").click()
    expect(ticket(page, urgent)).to_be_visible()
    assert status_of(bakery, urgent) == "processing"
    expect(page.locator("#wall-recall")).to_be_disabled()
    ticket(page, urgent).press("Enter")  # a second touch in an instant would be taken for a slip
    expect(page.locator("#wall-recall")).to_be_enabled()
    bakery.put(urgent, "status", status="delivered")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    expect(page.locator(".toast.danger")).to_contain_text(f"#{urgent['number']} was not taken back")
    assert status_of(bakery, urgent) == "delivered"


def test_the_wall_is_worked_by_keys_alone(
    bakery: Shop, context: BrowserContext, orders: list[Json]
) -> None:
    new = bakery.place("Newest")
    page = open_view(context, "wall", "&status=pending")
    ticket(page, orders[4]).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(ticket(page, new)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_contain_text("in 20 minutes")
    page.keyboard.press("Enter")
    expect(ticket(page, new)).to_have_count(0)
    page.locator("#wall-statuses").get_by_role("button", name="Processing").click()
    expect(page).to_have_url(re.compile(r"\?status=pending&status=processing&view=wall$"))
    page.keyboard.press(ticket(page, new).locator(".ticket-key").inner_text())
    wait_until(lambda: status_of(bakery, new) == "ready", 5, "it was moved on")
    expect(ticket(page, new)).to_have_count(0)


def test_a_wall_that_is_not_live_says_so_loudly(
    bakery: Shop, context: BrowserContext, orders: list[Json]
) -> None:
    page = open_view(context, "wall")
    lost = page.locator("#wall-lost")
    expect(lost).to_be_hidden()
    page.keyboard.press("p")
    expect(lost).to_contain_text("Standing still: what you see is as of")
    page.keyboard.press("p")
    expect(lost).to_be_hidden()


def test_what_is_due_soonest_comes_first_and_a_promise_ends_when_it_is_kept(
    context: BrowserContext, orders: list[Json]
) -> None:
    page = open_view(context, "wall")
    due = page.evaluate(_DUE)
    assert due["sorted"] == ["soon", "later", "oldest", "newest"]
    assert due["kept"] is None
    assert due["pressure"] == ["late", "soon", "", "soon", "late", ""]


def test_a_number_stays_whole_beside_a_wish_to_cancel(
    bakery: Shop, context: BrowserContext, orders: list[Json]
) -> None:
    order = bakery.place("Wishes", note="No sugar", type="sample")
    bakery.put(order, "acceptance", ready_in=9)
    bakery.wish_to_cancel(order, "Too late")
    page = open_view(context, "board")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        expect(card(page, order).locator(".flag")).to_have_text("Asks to cancel")
        number = card(page, order).locator(".card-number")
        number.scroll_into_view_if_needed()
        box = number.bounding_box()
        assert box
        assert box["height"] < 25, f"one line, {width} wide"


def test_rows_stand_closer_where_that_is_wished_and_the_greeting_stays_away(
    bakery: Shop, context: BrowserContext, orders: list[Json]
) -> None:
    bakery.place_many(24)
    page = open_view(context, "table")
    page.get_by_role("button", name="Do not show this again").click()
    page.locator("#density").click()
    expect(page).to_have_url(re.compile("density=compact"))
    page.goto("/admin")  # the device remembers both
    expect(page.locator("#orders > tbody[data-ready]")).to_be_attached()
    expect(page.locator("#welcome")).to_be_hidden()
    wait_until(lambda: page.evaluate(_WHOLE_ROWS) >= 20, 5, "20 rows in sight")


def test_after_a_storm_all_three_views_are_those_of_a_fresh_page(
    bakery: Shop, context: BrowserContext, orders: list[Json]
) -> None:
    before = {view: open_view(context, view) for view in ("table", "board", "wall")}
    before["board"].locator(".column-fold").click()
    storm(bakery, random.Random(5))
    for view, page in before.items():
        fresh = open_view(context, view)
        if view == "board":
            expect(fresh.locator(".column:not([data-folded]) .order-card").last).to_be_visible()
        become_equal(page, fresh, rows if view == "table" else shown)


def become_equal(page: Page, fresh: Page, look: Callable[[Page], Any]) -> None:
    wait_until(lambda: look(page) == look(fresh), 15, f"{page.url} as a fresh one")
    assert look(fresh)


def storm(bakery: Shop, chance: random.Random) -> None:
    """Orders come and go, some to their end."""
    alive = bakery.place_many(12, "Storm")
    for _ in range(60):
        order = chance.choice(alive)
        now = bakery.api.get(f"/api/orders/{order['id']}").json()
        if now["allowed"]:
            status = chance.choice(now["allowed"])
            bakery.put(order, "status", status=status, reason="The storm")
        else:
            alive.append(bakery.place("Late in the storm"))


def shown(page: Page) -> list[str]:
    """Which orders a view shows where, in which version."""
    found: list[str] = page.evaluate(_SHOWN)
    return found


def ticket(page: Page, order: Json) -> Locator:
    return page.locator(f'.ticket[data-id="{order["id"]}"]')


def status_of(bakery: Shop, order: Json) -> str:
    return str(bakery.api.get(f"/api/orders/{order['id']}").json()["status"])
