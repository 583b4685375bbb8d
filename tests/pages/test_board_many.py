"""The board with more rows than a view: what is in the page, what a change costs, what stays."""

import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.pages.boards import PHONE, Shop, open_board, row
from tests.servers import wait_until

MANY = 450
IN_PAGE = "() => document.querySelectorAll('#orders .row').length"
PLACES = """() => [...document.querySelectorAll("#orders .row:not(.apart)")].map((row) =>
    [row.ariaRowIndex - 2, row.getBoundingClientRect().top, row.getBoundingClientRect().bottom])"""
CHANGE_FAR_AWAY = """async (version) => {
    const began = performance.now();
    for (let at = 1; at <= 50; at += 1) take([order(at, version), order(10_001 - at, version)]);
    const took = performance.now() - began;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return took;
}"""
AT_THE_END = """() => document.getElementById("more").hidden
    && scrollY + innerHeight > document.documentElement.scrollHeight - 2"""
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
# A table like the board's, of orders made up here, on the board's own page, whose own is let go.
ALONE = """async (number) => {
    const [stores, { Table }] = await Promise.all(["store", "table"].map((name) =>
        import(`/static/js/board/${name}.js`)));
    const store = stores.createStore();
    const order = (at, version = 1) => ({
        id: `ord_${at}`, number: at, version, status: "pending", status_label: "Pending",
        type: "purchase", items: [], allowed: ["processing"], customer: { name: `Of ${at}` },
        total: `${version}.00`, currency: "EUR",
        created_at: new Date(1e12 + at * 1000).toISOString(), times: {},
    });
    const orders = Array.from({ length: number }, (_, at) => order(number - at));
    document.body.classList.add("view-table");
    stores.replace(store, { orders, next: null, position: "e-1" });
    store.size = 2 * number;
    const old = document.getElementById("orders");
    const table = old.cloneNode(true);
    table.classList.remove("is-empty");
    old.replaceWith(table);
    table.tBodies[0].replaceChildren();
    const rows = new Table(table.tBodies[0], document.getElementById("room"), {
        count: () => stores.count(store), at: (place) => store.rows[place],
        placeOf: (one) => stores.placeOf(store, one), find: (id) => stores.find(store, id),
        hasMore: () => false,
    });
    const take = (orders) => {
        orders.forEach((one) => stores.absorb(store, one));
        rows.draw();
    };
    Object.assign(window, { take, order, rows });
    rows.draw();
}"""
"""`take(orders)` then changes them, `order(number, version)` makes one."""


@pytest.fixture(scope="module")
def crowded(bakery: Shop) -> Shop:
    """A shop with more orders than anybody sees at once."""
    for _ in range(MANY // 150):
        bakery.place_many(150)
    return bakery


@pytest.fixture
def page(crowded: Shop, context: BrowserContext) -> Page:
    return open_board(context)


@pytest.fixture
def alone(crowded: Shop, browser: Browser) -> Iterator[Page]:
    """10,000 orders in a table of which nothing else moves on the page."""
    with crowded.member(browser) as member:
        page = member.new_page()
        nothing = {"body": "", "content_type": "text/javascript"}
        page.route("**/board/main.js", lambda route: route.fulfill(**nothing))
        page.goto("/admin")
        page.evaluate(ALONE, 10_000)
        expect(page.locator(".row").first).to_be_visible()
        yield page


def scroll_to(page: Page, top: str) -> None:
    page.evaluate(f"() => scrollTo({{ top: {top}, behavior: 'instant' }})")
    for _ in range(3):
        page.evaluate(NEXT_FRAME)


def view_is_filled(page: Page) -> bool:
    """Whether rows without gap or overlap reach from above the view, or the first, to its end."""
    rows = page.evaluate(PLACES)
    together = all(abs(a[2] - b[1]) < 0.1 and b[0] == a[0] + 1 for a, b in pairwise(rows))
    height = page.viewport_size["height"]
    begins = rows[0][0] == 0 or rows[0][1] < 0
    ends = rows[-1][2] > height or page.locator("#more").is_hidden()
    return together and begins and ends


def layouts(session: CDPSession) -> int:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return int(next(one["value"] for one in metrics if one["name"] == "LayoutCount"))


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_rows_outside_the_view_are_not_in_the_page_however_far_one_scrolls(
    crowded: Shop, browser: Browser, viewport: None
) -> None:
    look = {"viewport": viewport} if viewport else {}
    with crowded.member(browser, **look) as member:
        page = open_board(member)
        seen: set[int] = set()
        while not page.evaluate(AT_THE_END):
            scroll_to(page, "scrollY + innerHeight * 0.8")
            wait_until(lambda: view_is_filled(page), 5, "a view full of rows")
            assert page.evaluate(IN_PAGE) < 60
            seen |= {place for place, *_ in page.evaluate(PLACES)}
        total = crowded.api.get("/api/overview").json()["orders"]
        expect(page.locator("#shown-count")).to_contain_text(f"{total} shown, that is all")
        assert seen == set(range(total)), "every row was seen"
        expect(page.locator("#orders")).to_have_attribute("aria-rowcount", str(total + 1))


@pytest.fixture
def session(alone: Page) -> CDPSession:
    """Counts the layouts of a page that is far down its list and has come to rest."""
    scroll_to(alone, "200_000")
    session = alone.context.new_cdp_session(alone)
    session.send("Performance.enable")
    counted = [-1]

    def rests() -> bool:
        alone.wait_for_timeout(800)
        counted.append(layouts(session))
        return counted[-1] == counted[-2]

    wait_until(rests, 10, "at rest")
    return session


def test_a_change_outside_the_view_costs_no_layout(alone: Page, session: CDPSession) -> None:
    before, took = layouts(session), 0.0
    for version in range(2, 12):
        took += alone.evaluate(CHANGE_FAR_AWAY, version)
    assert layouts(session) == before
    assert took < 200, "1,000 changes among 10,000 orders are looked up, not sorted: milliseconds"
    seen = alone.evaluate(PLACES)[0][0]
    alone.evaluate(f"take([order({10_000 - seen}, 2)])")
    alone.evaluate(NEXT_FRAME)
    assert layouts(session) > before, "one in the page is laid out"


def test_orders_that_come_above_the_view_move_nothing_in_it(
    alone: Page, session: CDPSession
) -> None:
    before, stood = layouts(session), alone.evaluate(PLACES)
    for number in range(10_001, 10_031):
        alone.evaluate(f"take([order({number})])")
        alone.evaluate(NEXT_FRAME)
    moved = [[place + 30, top, bottom] for place, top, bottom in stood]
    assert alone.evaluate(PLACES) == moved
    ideal = f"document.querySelector('tbody').style.paddingTop === '{moved[0][0] * 45}px'"
    wait_until(lambda: alone.evaluate(ideal), 5, "room for them, once nobody scrolls")
    assert alone.evaluate(PLACES) == moved
    assert layouts(session) - before <= 6, "not one for each of them"


def test_an_order_that_goes_from_above_the_view_moves_nothing_in_it(
    crowded: Shop, context: BrowserContext
) -> None:
    page = open_board(context, "?status=pending")
    scroll_to(page, "2000")
    wait_until(lambda: page.evaluate(PLACES)[0][1] < 0, 5)
    looked_at = page.locator(".row").nth(25)
    order = {"id": looked_at.get_attribute("data-id")}
    before = looked_at.bounding_box()
    gone = crowded.api.get("/api/orders?status=pending&limit=3").json()["orders"]
    gone.append({"id": page.locator(".row").nth(3).get_attribute("data-id")})
    place = int(looked_at.get_attribute("aria-rowindex") or 0)
    for one in gone:
        crowded.put(one, "status", status="processing")
    expect(row(page, order)).to_have_attribute("aria-rowindex", str(place - len(gone)))
    assert row(page, order).bounding_box() == before
    page.wait_for_timeout(1000)  # by then the room above is put right
    assert row(page, order).bounding_box() == before


def test_a_mouse_that_rests_on_a_row_hides_nothing_that_comes(
    crowded: Shop, browser: Browser
) -> None:
    with crowded.member(browser, reduced_motion="no-preference") as member:
        page = open_board(member)
        page.locator(".row").nth(6).hover()
        end = time.monotonic() + 15
        pushed = False
        while time.monotonic() < end and not (pushed and page.evaluate("scrollY") == 0):
            crowded.place("While it rests")
            pushed |= page.evaluate("scrollY") > 0
            page.wait_for_timeout(60)
        assert pushed, "first the row in hand was kept where it was"
        assert page.evaluate("scrollY") == 0, "then the page went back to its top"
        newest = crowded.place("The newest")
        expect(row(page, newest)).to_be_in_viewport(timeout=2000)
        expect(page.locator("#new-pill")).to_be_hidden()


def test_the_keyboard_keeps_its_place_while_somebody_scrolls_away(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("j")
    focused = page.locator(".row:focus")
    third = focused.get_attribute("data-id")
    scroll_to(page, "3000")
    expect(page.locator(".row").nth(30)).to_be_attached()
    assert focused.get_attribute("data-id") == third
    expect(focused).not_to_be_in_viewport()
    page.keyboard.press("j")
    expect(focused).to_have_attribute("aria-rowindex", "5")
    expect(focused).to_be_in_viewport(ratio=1)
    page.keyboard.press("k")
    assert focused.get_attribute("data-id") == third


def test_a_panel_that_is_closed_leads_back_to_its_row(page: Page) -> None:
    page.locator(".row .row-name").nth(2).click()
    opened = page.locator(".row[aria-current]").get_attribute("data-id")
    scroll_to(page, "3000")
    expect(page.locator(".row[aria-current]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".row:focus")).to_have_attribute("data-id", opened or "")
    expect(page.locator(".row:focus")).to_be_in_viewport(ratio=1)


def test_on_paper_there_are_all_rows_that_were_loaded(page: Page) -> None:
    scroll_to(page, "2000")
    looked_at = page.locator(".row").nth(20)
    before = looked_at.get_attribute("data-id"), looked_at.bounding_box()
    page.evaluate("addEventListener('beforeprint', () => { window.printed = rowsInPage(); })")
    page.evaluate("() => { window.rowsInPage = () => document.querySelectorAll('.row').length; }")
    shown = int(page.locator("#shown-count").inner_text().split()[0])
    page.pdf()
    assert page.evaluate("printed") == shown
    wait_until(lambda: page.evaluate(IN_PAGE) < 60, 5)
    assert row(page, {"id": before[0]}).bounding_box() == before[1]


def test_who_listens_to_the_table_hears_how_long_it_is_and_where_they_are(page: Page) -> None:
    table = page.locator("#orders")
    expect(table).to_have_attribute("aria-rowcount", "-1")  # there are more at the server
    expect(table.locator("thead tr")).to_have_attribute("aria-rowindex", "1")
    expect(page.locator(".row").first).to_have_attribute("aria-rowindex", "2")
    scroll_to(page, "2000")
    indexes = page.evaluate("[...document.querySelectorAll('.row')].map((row) => row.ariaRowIndex)")
    first = int(indexes[0])
    assert first > 2
    assert [int(index) for index in indexes] == list(range(first, first + len(indexes)))
    page.locator(".chip[data-status=cancelled]").click()
    expect(table).to_have_attribute("aria-rowcount", "1")


def test_what_the_board_shows_is_exported(bakery: Shop, context: BrowserContext) -> None:
    page = open_board(context)
    page.get_by_role("searchbox").fill("exportina")
    expect(page.locator("#no-match")).to_be_visible()
    expect(page.get_by_role("link", name="CSV")).to_have_count(0)
    bakery.place("Exportina")
    bakery.place("Bo")
    expect(page.locator("#orders .row")).to_have_count(1)
    with page.expect_download() as loaded:
        page.get_by_role("link", name="CSV").press("Enter")
    text = loaded.value.path().read_text()
    assert loaded.value.suggested_filename == "orders.csv"
    assert [line.split(",")[7] for line in text.splitlines()] == ["customer", "Exportina"]
    expect(page.get_by_role("link", name="Excel")).to_have_attribute(
        "href", "/api/orders/export?format=xlsx&q=exportina"
    )
