"""One order in full, beside the table: what is shown, what can be done, and the keyboard."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.pages.boards import PHONE, Json, Shop, open_board, row
from tests.servers import wait_until


@pytest.fixture
def order(bakery: Shop) -> Json:
    return bakery.place(
        "Ada",
        items=[
            {"sku": "NW-1", "name": "Chai", "quantity": 2, "unit_price": "18.00", "discount": "1"},
            {"name": "Tofu", "quantity": 1, "unit_price": "23.25"},
        ],
        shipping="5.00",
        discount="2.00",
        address={"line1": "12 Orchard Row", "city": "London", "country": "GB"},
        payment_method="cod",
        note="Ring twice",
    )


@pytest.fixture
def page(context: BrowserContext, order: Json) -> Page:
    page = open_board(context)
    row(page, order).locator(".row-name").click()
    expect(page.locator("#panel-title")).to_have_text(f"Order #{order['number']}")
    return page


def test_the_panel_shows_the_whole_order(page: Page) -> None:
    panel = page.locator("#panel")
    for text in ("2 ×", "Chai", "NW-1 · $18.00 each · less $1.00", "$35.00", "Subtotal", "$58.25"):
        expect(panel.locator(".part", has_text="Lines")).to_contain_text(text)
    expect(panel.locator(".grand")).to_contain_text("$61.25")
    for text in ("12 Orchard Row", "Cash on delivery", "Ring twice"):
        expect(panel).to_contain_text(text)


def test_the_timeline_tells_who_did_what(bakery: Shop, page: Page, order: Json) -> None:
    entries = page.locator(".timeline .entry")
    page.locator("#panel [data-key=accept]").click()
    page.get_by_role("menuitem", name="without a time").click()
    expect(entries).to_have_count(2)  # the page's own change is in before the script's come
    bakery.put(order, "tracking", carrier="DHL", number="JJD1")
    bakery.put(order, "status", status="cancelled", reason="Sold out")
    expect(entries).to_have_count(4)
    expect(entries.nth(0)).to_contain_text("test admin cancelled the order")
    expect(entries.nth(0)).to_contain_text("“Sold out”")
    expect(entries.nth(1)).to_contain_text("Tracking number: JJD1")
    expect(entries.nth(2)).to_contain_text("accepted it")
    expect(entries.nth(3)).to_contain_text("test admin placed the order")


def test_an_internal_note_is_in_the_timeline_of_every_open_panel(
    context: BrowserContext, page: Page, order: Json
) -> None:
    other = open_board(context, f"#{order['id']}")
    field = page.get_by_label("Internal note")
    field.fill("Rings twice, <b>then</b> waits")
    field.press("Control+Enter")
    for board in (page, other):
        entry = board.locator(".timeline .entry").first
        expect(entry).to_contain_text("ada noted")
        expect(entry).to_contain_text("Rings twice, <b>then</b> waits")
    expect(field).to_have_value("")


def test_a_new_driver_and_a_new_name_are_on_open_boards_at_once(
    bakery: Shop, page: Page, order: Json
) -> None:
    driver = bakery.driver("Dora")
    option = page.locator("#driver-select option", has_text="Dora")
    expect(option).to_have_count(1)
    bakery.put(order, "driver", driver=driver["id"])
    expect(page.locator("#driver-select")).to_have_value(driver["id"])
    bakery.rename(driver, "Theodora")
    expect(page.locator("#driver-select option:checked")).to_contain_text("Theodora")
    expect(row(page, order)).to_contain_text("Theodora")


def test_an_order_has_an_address_of_its_own(context: BrowserContext, order: Json) -> None:
    page = open_board(context, f"#{order['id']}")
    expect(page.locator("#panel-title")).to_have_text(f"Order #{order['number']}")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(row(page, order)).to_be_focused()
    page.go_back()
    expect(page.locator("#panel-title")).to_have_text(f"Order #{order['number']}")


def test_an_order_too_old_for_the_table_opens_and_is_kept_up_to_date(
    bakery: Shop, context: BrowserContext, order: Json
) -> None:
    bakery.place_many(101)
    page = open_board(context, f"#{order['id']}")
    expect(row(page, order)).to_have_count(0)
    expect(page.locator("#panel .badge")).to_have_text("Pending")
    bakery.put(order, "status", status="processing")
    expect(page.locator("#panel .badge")).to_have_text("Processing")
    page.locator("#more").press("Enter")  # a mouse may be pressed before the rows are in place
    expect(row(page, order).locator(".row-status")).to_have_text("Processing")


def test_a_panel_whose_order_cannot_be_read_just_now_stays_and_asks_again(
    page: Page, order: Json
) -> None:
    asked: list[Route] = []

    def answer(route: Route) -> None:
        asked.append(route)
        if len(asked) == 1:
            route.abort()
        else:
            route.continue_()

    page.route(f"**/api/orders/{order['id']}", answer)
    page.locator("#search").fill("nobody at all")
    expect(row(page, order)).to_have_count(0)
    wait_until(lambda: page.wait_for_timeout(100) or len(asked) > 1, 10)
    expect(page.locator("#panel-title")).to_have_text(f"Order #{order['number']}")


class Held:
    """Answers to a question that wait until they are let go."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.routes: list[Route] = []
        page.route(address, lambda route: self.routes.append(route))

    def wait_for_one(self) -> None:
        wait_until(lambda: self.page.wait_for_timeout(20) or self.routes, 10, "asked")

    def let_go(self) -> None:
        """Have all of them answered, and wait until the page has taken the answers."""
        for route in self.routes:
            path = urlsplit(route.request.url).path
            with self.page.expect_response(lambda answer, path=path: answer.url.endswith(path)):
                route.continue_()
        self.page.evaluate("() => new Promise((done) => setTimeout(done, 100))")


def test_an_answer_that_comes_after_closing_opens_nothing(
    bakery: Shop, page: Page, order: Json
) -> None:
    """The one the open panel asks for, because its row went, and the one it was to step to."""
    old = bakery.place("Old")
    expect(row(page, old)).to_be_visible()
    page.locator("#search").fill("nobody at all")
    held = Held(page, "**/api/orders/ord_*")
    held.wait_for_one()
    page.evaluate("(id) => { location.hash = id; }", old["id"])
    wait_until(lambda: page.wait_for_timeout(20) or len(held.routes) == 2, 10, "asked for both")
    page.locator("#search").blur()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    bakery.put(order, "status", status="processing")
    held.let_go()
    expect(page.locator("#panel")).to_be_hidden()
    assert "#ord_" not in page.url
    page.keyboard.press("m")  # nothing is open that could be moved
    expect(page.get_by_role("menu")).to_have_count(0)


def test_a_timeline_that_is_answered_late_is_not_shown_with_another_order(
    bakery: Shop, page: Page, order: Json
) -> None:
    entries = page.locator(".timeline .entry")
    expect(entries).to_have_count(1)
    other = bakery.place("Other")
    held = Held(page, f"**/api/orders/{order['id']}/events")
    bakery.put(order, "status", status="processing")
    held.wait_for_one()
    row(page, other).locator(".row-name").click()
    expect(page.locator("#panel-title")).to_have_text(f"Order #{other['number']}")
    expect(entries).to_have_count(1)
    held.let_go()
    assert entries.count() == 1


def test_an_unknown_order_is_said_to_be_unknown(context: BrowserContext) -> None:
    page = open_board(context, "#ord_01NOSUCH")
    expect(page.locator(".toast")).to_contain_text("There is no such order")
    expect(page.locator("#panel")).to_be_hidden()


def test_a_wish_to_cancel_is_seen_at_once_and_can_be_refused_or_accepted(
    bakery: Shop, page: Page, order: Json
) -> None:
    bakery.put(order, "status", status="processing")
    bakery.wish_to_cancel(order, "Found it cheaper")
    expect(row(page, order).locator(".flag")).to_have_text("Asks to cancel")
    expect(page.locator(".toast.danger")).to_contain_text("Found it cheaper")
    page.get_by_role("button", name="Refuse").click()
    expect(row(page, order).locator(".flag")).to_have_count(0)
    expect(page.locator(".timeline .entry").first).to_contain_text("refused to cancel")
    bakery.wish_to_cancel(order, "Really")
    expect(page.locator(".toast.danger")).to_contain_text("Really")  # one customer, not two
    page.get_by_role("button", name="Accept and cancel").click()
    expect(row(page, order).locator(".row-status")).to_have_text("Cancelled")
    expect(page.locator(".wish")).to_contain_text("Really")


def test_a_driver_is_added_and_given_the_order(page: Page, order: Json) -> None:
    page.locator("#driver-select").select_option("add")
    page.keyboard.type("Sam Okafor")
    page.keyboard.press("Enter")
    expect(page.locator("#driver-select option:checked")).to_have_text("Sam Okafor")
    expect(page.locator(".timeline")).to_contain_text("gave it to Sam Okafor")
    page.locator("#driver-select").select_option("")
    expect(page.locator(".timeline")).to_contain_text("took it from Sam Okafor")


def test_tracking_is_saved_and_what_is_being_typed_is_not_overwritten(
    bakery: Shop, page: Page, order: Json
) -> None:
    page.fill("#tracking-number", "TYPED")
    bakery.put(order, "tracking", carrier="DHL", number="FROM ELSEWHERE")
    expect(page.locator("#tracking-carrier")).to_have_value("DHL")
    expect(page.locator("#tracking-number")).to_have_value("TYPED")
    page.fill("#tracking-eta", "2031-05-06T07:08")
    page.get_by_role("button", name="Save delivery").click()
    expect(page.get_by_role("button", name="Save delivery")).to_be_disabled()
    tracking = bakery.api.get(f"/api/orders/{order['id']}").json()["tracking"]
    assert (tracking["carrier"], tracking["number"]) == ("DHL", "TYPED")
    assert re.match(r"2031-05-0\dT", tracking["eta"])


def test_a_bad_tracking_link_is_refused_by_name(page: Page) -> None:
    page.fill("#tracking-url", "javascript:alert(1)")
    page.get_by_role("button", name="Save delivery").click()
    expect(page.locator(".toast.danger")).to_contain_text("Url must begin with http")


def test_the_customers_link_is_at_hand(page: Page, order: Json) -> None:
    link = page.get_by_role("link", name="Open the customer’s page")
    expect(link).to_have_attribute("href", order["track_url"])
    page.get_by_role("button", name="Copy the customer’s link").click()
    expect(page.locator(".toast")).to_contain_text(order["track_url"])


def test_the_keyboard_alone_is_enough(bakery: Shop, context: BrowserContext) -> None:
    second, first = bakery.place("Second"), bakery.place("First")
    page = open_board(context)
    page.keyboard.press("j")
    expect(row(page, first)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(row(page, second)).to_be_focused()
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Until somebody brings it back")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row(page, second).locator(".row-status")).to_have_text("On hold")
    expect(row(page, second)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#panel-title")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#panel-title")).to_have_text(f"Order #{first['number']}")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(row(page, first)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Keyboard shortcuts")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_signed_out_elsewhere_the_board_says_so(bakery: Shop, browser: Browser) -> None:
    context = browser.new_context(base_url=bakery.server.base_url)
    context.new_page().goto(bakery.server.sign_in_link())
    page = open_board(context)
    context.request.post("/admin/sign-out")
    expect(page.locator("connection-badge")).to_have_attribute("state", "off", timeout=60_000)
    expect(page.locator("#notice")).to_contain_text("You are signed out")
    context.close()


def test_a_ticket_is_printed_by_a_key_and_every_board_shows_that_it_is(
    context: BrowserContext, page: Page, order: Json
) -> None:
    other = open_board(context)
    flag = row(other, order).get_by_role("img", name="Printed")
    expect(flag).to_have_count(0)
    context.add_init_script("window.print = () => { document.body.dataset.prints = 'asked'; };")
    page.keyboard.press("p")
    with context.expect_page() as opened:
        page.get_by_role("menuitem", name="Ticket, 80 mm").click()
    paper = opened.value
    expect(paper.locator("body[data-prints]")).to_have_count(1)
    expect(paper.locator(".ticket .number")).to_have_text(f"#{order['number']}")
    expect(paper.get_by_role("status")).to_have_text("Marked as printed.")
    expect(flag).to_have_count(1)
    expect(page.locator("#panel .printed")).to_contain_text("by ada")
    expect(page.locator(".timeline .entry").first).to_contain_text("ada printed it")
    sizes = paper.evaluate("[...document.adoptedStyleSheets[0].cssRules].map((r) => r.cssText)")
    assert re.fullmatch(r"@page ticket-0 \{ size: 80mm \d+mm; margin: 0p?x?; \}", *sizes)
    paper.reload()
    expect(paper.locator(".copy")).to_have_text("Copy")


def test_a_change_is_undone_from_its_message_by_a_key_and_in_the_timeline(
    bakery: Shop, context: BrowserContext
) -> None:
    order = bakery.place("Wrong key")
    page = open_board(context)
    status, toasts = row(page, order).locator(".row-status"), page.locator(".toast")
    for key in ("z", "Control+z"):
        row(page, order).focus()
        page.keyboard.press("m")
        page.keyboard.press("Enter")
        expect(toasts.get_by_text(f"#{order['number']} is now Processing")).to_be_visible()
        page.keyboard.press(key)
        expect(toasts.get_by_text(f"Taken back: #{order['number']} is Pending")).to_be_visible()
        expect(status).to_have_text("Pending")
    toasts.get_by_role("button", name="Redo").click()
    expect(status).to_have_text("Processing")
    bakery.put(order, "cancel", reason="Ordered twice")
    row(page, order).locator(".row-name").click()
    ways = page.locator(".timeline").get_by_role("button", name="Undo")
    expect(page.locator(".timeline > li").first).to_contain_text("cancelled the order")
    expect(ways).to_have_count(1)  # only the newest change of a status
    ways.click()
    expect(status).to_have_text("Processing")
    newest = page.locator(".timeline > li").first
    expect(newest).to_contain_text("undid a change: moved it from Cancelled to Processing")
    assert bakery.api.get(f"/api/orders/{order['id']}").json()["cancel_reason"] is None


def test_many_are_selected_moved_and_taken_back_and_those_that_cannot_go_say_why(
    bakery: Shop, context: BrowserContext
) -> None:
    placed = [bakery.place(f"Flock {n}") for n in range(6)]
    away = bakery.put(placed[5], "status", status="on_hold")
    gone = bakery.put(bakery.place("Flock gone"), "cancel", reason="x")
    page = open_board(context, "?q=Flock")
    boxes = [row(page, order).locator(".row-check") for order in placed]
    count = page.locator(".bulk > b")
    boxes[4].click()
    row(page, placed[1]).locator(".row-name").click(modifiers=["Shift"])
    expect(count).to_have_text("4 selected")
    page.keyboard.press("Escape")
    expect(page.locator(".bulk")).to_be_hidden()
    row(page, placed[0]).focus()
    page.keyboard.press("x")
    for _ in range(6):
        page.keyboard.press("Shift+ArrowUp")
    expect(count).to_have_text("7 selected")
    expect(page.locator("#select-all")).to_be_checked()
    page.locator("#auto-refresh").click()  # what somebody else does now is not seen here
    bakery.put(placed[0], "status", status="declined")
    page.keyboard.press("m")
    expect(page.locator("[data-move=processing] .hint")).to_have_text("6 of 7")
    page.locator("[data-move=processing]").click()
    outcome = page.get_by_role("dialog")
    expect(outcome).to_contain_text("5 of 7 orders are now Processing")
    expect(outcome).to_contain_text(f"#{gone['number']}: An order that is cancelled cannot")
    expect(outcome).to_contain_text(f"#{placed[0]['number']}: An order that is declined cannot")
    outcome.get_by_role("button", name="Close").click()
    expect(count).to_have_text("2 selected")
    page.locator("#auto-refresh").click()
    expect(row(page, away).locator(".row-status")).to_have_text("Processing")
    page.keyboard.press("z")
    expect(page.locator(".toast", has_text="Taken back: 5 orders")).to_be_visible()
    for order, label in zip(placed[1:], ["Pending"] * 4 + ["On hold"], strict=True):
        expect(row(page, order).locator(".row-status")).to_have_text(label)


def test_all_that_match_are_given_to_a_driver_tagged_and_exported(
    bakery: Shop, context: BrowserContext
) -> None:
    bakery.driver("Herder")
    placed = bakery.place_many(130, "Herd")
    page = open_board(context, "?q=Herd")
    row(page, placed[-1]).locator(".row-check").click()
    page.get_by_role("button", name="Select all that match").click()
    expect(page.locator(".bulk > b")).to_have_text("130 selected")
    page.get_by_role("button", name="Driver", exact=True).click()
    page.get_by_role("menuitem", name="Herder").click()
    done = page.locator(".toast", has_text="130 orders are with Herder now")
    expect(done).to_be_visible(timeout=15_000)
    found = bakery.api.get("/api/orders?q=Herder&limit=200").json()["orders"]
    assert len(found) == 130
    done.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast", has_text="Taken back: 130 orders")).to_be_visible(timeout=15_000)
    row(page, placed[-1]).locator(".row-check").click()
    page.get_by_role("button", name="Tags…").click()
    page.get_by_label("Add").fill("late, vip")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator(".toast", has_text="1 order is tagged so now")).to_be_visible()
    found = bakery.api.get(f"/api/orders/{placed[-1]['id']}").json()
    assert (found["tags"], found["driver"]) == (["late", "vip"], None)
    row(page, placed[-1]).locator(".row-check").click()
    row(page, placed[-2]).locator(".row-check").click()
    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_role("menuitem", name="CSV").click()
    lines = saved.value.path().read_text().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == [
        str(order["number"]) for order in (placed[-1], placed[-2])
    ]


def test_on_a_phone_a_row_is_held_to_be_selected(bakery: Shop, browser: Browser) -> None:
    placed = [bakery.place(f"Thumb {n}") for n in range(2)]
    with bakery.member(browser, viewport=PHONE, has_touch=True) as phone:
        page = open_board(phone, "?q=Thumb")
        count = page.locator(".bulk > b")
        row(page, placed[0]).dispatch_event("pointerdown", {"pointerType": "touch"})
        expect(count).to_have_text("1 selected")
        row(page, placed[0]).dispatch_event("pointerup", {"pointerType": "touch"})
        row(page, placed[0]).dispatch_event("click")  # the finger that lets go opens nothing
        expect(count).to_have_text("1 selected")
        row(page, placed[1]).locator(".row-name").tap()
        expect(count).to_have_text("2 selected")
        expect(page.locator("#panel")).to_be_hidden()
        width = page.evaluate("() => document.documentElement.scrollWidth")
        assert width == PHONE["width"]
        page.get_by_role("button", name="Clear the selection").tap()
        expect(page.locator(".bulk")).to_be_hidden()
