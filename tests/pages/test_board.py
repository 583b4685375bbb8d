"""The board in a real browser, on the real server with two workers."""

import random
import time

from playwright.sync_api import Browser, BrowserContext, expect

from tests.pages.boards import PHONE, Json, Shop, figures, open_board, position, row, rows
from tests.servers import wait_until

MARKUP = """<script>alert(1)</script><b onmouseover="alert(2)">"Ada" & 'Co'</b>"""
AT_ONCE = 1_000


def head(bakery: Shop) -> int:
    return int(bakery.api.get("/api/orders?limit=1").json()["position"].rsplit("-", 1)[-1])


def test_a_fresh_shop_is_told_how_to_place_its_first_order(
    bakery: Shop, context: BrowserContext
) -> None:
    page = open_board(context)
    line = page.locator("#curl-line")
    expect(line).to_contain_text(f"curl {bakery.server.base_url}/api/orders")
    bakery.place("The very first")
    expect(page.locator(".row")).to_have_count(1, timeout=AT_ONCE)
    expect(line).to_be_hidden()


def test_an_order_placed_anywhere_is_on_every_open_board_at_once(
    bakery: Shop, browser: Browser, context: BrowserContext
) -> None:
    with bakery.member(browser) as somebody_else:
        boards = [open_board(context), open_board(somebody_else)]
        placed = time.monotonic()
        order = bakery.place(
            "Grace", items=[{"name": "Chai", "quantity": 2, "unit_price": "18.00"}]
        )
        for page in boards:
            expect(row(page, order)).to_be_visible(timeout=AT_ONCE)
            expect(page.locator(".row").first).to_have_attribute("data-id", order["id"])
            expect(row(page, order)).to_contain_text("Grace")
            expect(row(page, order).locator(".row-total")).to_have_text("$36.00")
        assert time.monotonic() - placed < AT_ONCE / 1000
        expect(boards[0].locator(".toast")).to_contain_text(f"New order #{order['number']}")


def test_a_status_moved_on_one_board_shows_on_the_other(
    bakery: Shop, browser: Browser, context: BrowserContext
) -> None:
    order = bakery.place()
    with bakery.member(browser) as somebody_else:
        here, there = open_board(context), open_board(somebody_else)
        row(here, order).locator(".row-status").click()
        here.locator("[data-move=processing]").click()
        for page in (here, there):
            expect(row(page, order).locator(".row-status")).to_have_text(
                "Processing", timeout=AT_ONCE
            )


def test_only_legal_moves_are_offered(bakery: Shop, context: BrowserContext) -> None:
    order = bakery.place(type="return")
    page = open_board(context)
    row(page, order).locator(".row-status").click()
    offered = page.locator(".menu-item[role=menuitem]")
    expect(offered).to_have_text(["Approved", "On hold…", "Decline…", "Cancel…"])
    bakery.put(order, "status", status="processing")
    expect(offered).to_have_text(["Collection booked", "Collected", "On hold…", "Cancel…"])
    bakery.put(order, "status", status="cancelled", reason="Sold out")
    expect(offered).to_have_count(0)
    expect(row(page, order).locator(".row-status")).to_be_disabled()


def test_cancelling_asks_why_and_says_so(bakery: Shop, context: BrowserContext) -> None:
    order = bakery.place()
    page = open_board(context)
    row(page, order).locator(".row-status").click()
    page.locator("[data-move=cancelled]").click()
    page.get_by_role("button", name="Cancel order").click()
    expect(page.get_by_role("dialog")).to_be_visible()  # no reason, no cancelling
    page.get_by_role("button", name="Out of stock").click()
    page.get_by_role("button", name="Cancel order").click()
    expect(row(page, order).locator(".row-status")).to_have_text("Cancelled", timeout=AT_ONCE)
    told = bakery.api.get(f"/api/orders/{order['id']}").json()
    assert told["cancel_reason"] == "Out of stock"
    assert told["updated_by"]["kind"] == "staff"


def test_a_move_that_came_too_late_is_explained_and_the_row_put_right(
    bakery: Shop, context: BrowserContext
) -> None:
    order = bakery.place()
    page = open_board(context)
    page.locator("#auto-refresh").click()
    bakery.put(order, "status", status="declined", reason="No")
    row(page, order).locator(".row-status").click()
    page.locator("[data-move=processing]").click()
    expect(page.locator(".toast.danger")).to_contain_text("could not be moved to Processing")
    expect(page.locator(".toast.danger")).to_contain_text("now “Declined”")
    expect(row(page, order).locator(".row-status")).to_have_text("Declined")


def test_switched_off_the_board_stands_still_and_says_what_waits(
    bakery: Shop, context: BrowserContext
) -> None:
    page = open_board(context)
    before = rows(page)
    page.locator("#auto-refresh").click()
    badge = page.locator("connection-badge")
    expect(badge).to_have_attribute("state", "off")
    order = bakery.place("Late")
    bakery.put(order, "status", status="processing")
    expect(badge).to_contain_text("2 changes waiting")
    assert rows(page) == before
    page.locator("#auto-refresh").click()
    expect(badge).to_have_attribute("state", "live")
    expect(row(page, order).locator(".row-status")).to_have_text("Processing")


def test_a_refresh_by_hand_shows_what_waits(bakery: Shop, context: BrowserContext) -> None:
    page = open_board(context)
    page.locator("#auto-refresh").click()
    order = bakery.place("By hand")
    expect(page.locator("connection-badge")).to_contain_text("1 change waiting")
    page.locator("#refresh").click()
    expect(row(page, order)).to_be_visible()
    expect(page.locator("connection-badge")).to_contain_text("nothing new")


def test_search_finds_at_the_server_and_goes_on_finding(
    bakery: Shop, context: BrowserContext
) -> None:
    found, other = bakery.place("Ludmilla"), bakery.place("Somebody else")
    page = open_board(context)
    page.keyboard.press("/")
    page.keyboard.type("ludm")
    expect(row(page, other)).to_be_hidden()
    expect(row(page, found)).to_be_visible()
    later = bakery.place("Ludmilla again")
    bakery.place("Not her")
    expect(row(page, later)).to_be_visible()
    expect(page.locator(".row")).to_have_count(2)
    page.reload()
    expect(page.locator(".row")).to_have_count(2)


def test_filters_let_go_what_no_longer_matches_and_take_in_what_does(
    bakery: Shop, context: BrowserContext
) -> None:
    older, newer = bakery.place("Older", type="sample"), bakery.place("Newer", type="sample")
    bakery.put(newer, "status", status="on_hold")
    page = open_board(context)
    page.locator(".chip[data-type=sample]").click()
    page.locator(".toolbar .chip[data-status=on_hold]").click()
    expect(row(page, newer)).to_be_visible()
    expect(row(page, older)).to_have_count(0)
    bakery.put(older, "status", status="on_hold")
    expect(page.locator(".row-name")).to_have_text(["Newer", "Older"], timeout=AT_ONCE)
    bakery.put(newer, "status", status="processing")
    expect(page.locator(".row-name")).to_have_text(["Older"], timeout=AT_ONCE)
    page.locator("#clear-filters").click()
    expect(row(page, newer)).to_be_visible()


def test_markup_in_an_order_is_shown_as_text(bakery: Shop, context: BrowserContext) -> None:
    page = open_board(context)
    alarms: list[str] = []
    page.on("dialog", lambda dialog: alarms.append(dialog.message))
    order = bakery.place(
        MARKUP, note=MARKUP, address=MARKUP, items=[{"name": MARKUP, "quantity": 1}]
    )
    expect(row(page, order).locator(".row-name")).to_have_text(MARKUP, timeout=AT_ONCE)
    bakery.put(order, "status", status="declined", reason=MARKUP)
    row(page, order).locator(".row-name").click()
    for part in (".note", "address", ".lines", ".timeline", ".wish"):
        expect(page.locator(f"#panel {part}")).to_contain_text(MARKUP)
    assert page.locator("script:not([src]):not([type='application/json'])").count() == 0
    assert alarms == []


def test_the_row_in_hand_stays_under_the_pointer(bakery: Shop, context: BrowserContext) -> None:
    bakery.place_many(40)
    page = open_board(context)
    held = page.locator(".row").nth(6)
    name = held.get_attribute("data-id")
    held.hover()
    before = held.bounding_box()
    order = bakery.place("Above")
    expect(row(page, order)).to_be_attached(timeout=AT_ONCE)
    assert page.locator(f'.row[data-id="{name}"]').bounding_box() == before


def test_scrolled_down_new_orders_are_counted_instead(
    bakery: Shop, context: BrowserContext
) -> None:
    bakery.place_many(60)
    page = open_board(context)
    page.mouse.wheel(0, 1200)
    expect(page.locator(".row").first).not_to_be_in_viewport()
    bakery.place_many(3)
    pill = page.locator("#new-pill")
    expect(pill).to_have_text("3 new orders")
    pill.click()
    expect(page.locator(".row").first).to_be_in_viewport()
    expect(pill).to_be_hidden()


def test_after_many_changes_an_open_board_shows_what_a_fresh_one_shows(
    bakery: Shop, browser: Browser, context: BrowserContext
) -> None:
    seed = 20_260_807
    queries = ("", "?status=pending&status=processing", "?q=many&type=purchase", "?status=shipped")
    open_before = {query: open_board(context, query) for query in queries}
    random_changes(bakery, random.Random(seed), 50)
    reached = head(bakery)
    with bakery.member(browser) as somebody_else:
        for query, page in open_before.items():
            wait_until(lambda page=page: position(page) >= reached)
            fresh = open_board(somebody_else, query)
            wait_until(lambda a=page, b=fresh: rows(a) == rows(b), 4, f"{query} with seed {seed}")
            wait_until(lambda a=page, b=fresh: figures(a) == figures(b), 4, f"figures, seed {seed}")


def random_changes(bakery: Shop, chance: random.Random, number: int) -> None:
    orders: list[Json] = bakery.place_many(10)
    for _ in range(number):
        at = chance.randrange(len(orders))
        order = orders[at]
        match chance.choice(["place", "move", "move", "move", "carrier"]):
            case "place":
                orders.append(bakery.place("Many more", type=chance.choice(["purchase", "return"])))
            case "move" if order["allowed"]:
                status = chance.choice(order["allowed"])
                orders[at] = bakery.put(order, "status", status=status, reason="Chance")
            case _:
                orders[at] = bakery.put(order, "tracking", carrier=f"Carrier {chance.random()}")


def test_on_a_phone_rows_are_cards_and_an_order_opens_over_them(
    bakery: Shop, browser: Browser
) -> None:
    order = bakery.place("Pocket")
    with bakery.member(browser, viewport=PHONE, has_touch=True) as phone:
        page = open_board(phone)
        width = page.evaluate("() => document.documentElement.scrollWidth")
        assert width == PHONE["width"], "the page must not scroll sideways"
        row(page, order).locator(".row-name").tap()
        panel = page.locator("#panel").bounding_box()
        expect(page.locator("#panel-title")).to_be_focused()
        assert panel is not None
        assert panel["width"] == PHONE["width"]
        later = bakery.place("Meanwhile")
        expect(page.locator("#orders")).to_contain_text("Meanwhile")
        expect(page.locator(".toast")).to_have_count(0)  # it would lie over the order
        bakery.put(later, "status", status="processing")
        bakery.wish_to_cancel(later, "Changed my mind")
        expect(page.locator(".toast")).to_contain_text("asks to cancel")
        page.get_by_role("button", name="Close").tap()
        expect(page.get_by_role("link", name="orderboard")).to_be_visible()
        expect(page.locator("#panel")).to_be_hidden()


def test_on_a_small_screen_the_panel_stands_beside_the_list(bakery: Shop, browser: Browser) -> None:
    order = bakery.place("Beside")
    with bakery.member(browser, viewport={"width": 1024, "height": 768}) as small:
        page = open_board(small, f"#{order['id']}")
        panel, its_row = page.locator("#panel").bounding_box(), row(page, order).bounding_box()
        assert panel is not None
        assert its_row is not None
        assert its_row["x"] + its_row["width"] <= panel["x"]
        about = page.locator("#panel .part", has_text="About this order")
        expect(about.get_by_text(order["id"])).to_be_hidden()
        about.get_by_text("Details").press("Enter")
        bakery.put(order, "tracking", carrier="UPS")
        expect(page.get_by_label("Carrier")).to_have_value("UPS")
        expect(about.get_by_text(order["id"])).to_be_visible()


def test_messages_can_be_silenced(bakery: Shop, context: BrowserContext) -> None:
    page = open_board(context)
    button = page.get_by_role("button", name="Silence messages")
    page.keyboard.press("s")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    bakery.place("Unheard")
    expect(page.locator("#orders")).to_contain_text("Unheard")
    button.click()
    bakery.place("Heard")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Heard")
    expect(toast).not_to_contain_text("2 new orders")


def test_a_live_board_is_told_its_figures_and_asks_for_none(
    context: BrowserContext, bakery: Shop
) -> None:
    page = open_board(context)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    before = int(page.locator("[data-count=orders]").first.inner_text().replace(",", ""))
    for _ in range(3):
        bakery.place()
    expect(page.locator("[data-count=orders]").first).to_have_text(f"{before + 3:,}")
    assert not [url for url in asked if "/api/overview" in url]


def test_a_browser_that_keeps_nothing_has_a_live_board_that_can_be_silenced(
    bakery: Shop, context: BrowserContext
) -> None:
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } })"
    )
    page = open_board(context)
    page.locator("#silence").click()
    order = bakery.place("Unheard")
    expect(row(page, order)).to_be_visible()
    expect(page.locator("#silence")).to_have_attribute("aria-pressed", "true")
