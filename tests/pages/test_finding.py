"""Finding orders on the board: filters, sorting, saved views and the command palette."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Page, expect

from tests.pages.boards import Shop, open_board

LATER = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=30)


def names(page: Page) -> str:
    """The customers of the rows, each of one letter."""
    return "".join(page.locator(".orders .row-name").all_inner_texts())


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def due(hours: int) -> dict[str, str]:
    return {"method": "pickup", "until": (LATER + timedelta(hours=hours)).isoformat()}


def fill(bakery: Shop) -> None:
    bakery.place("A", tags=["gift"], channel="till", shipping="5.00")
    bakery.place("B", fulfilment=due(2), shipping="30.00")
    bakery.place("C", fulfilment=due(1), payment_method="cod", shipping="20.00")


def test_more_filters_narrow_the_board_and_stay_in_the_address(
    bakery: Shop, context: BrowserContext
) -> None:
    fill(bakery)
    page = open_board(context)
    page.keyboard.press("f")
    form = page.get_by_role("dialog", name="More filters")
    form.get_by_label("Total at least").fill("20")
    form.get_by_label("Method").select_option("pickup")
    expect(page.locator(".row")).to_have_count(2)
    form.get_by_label("Total at most").fill("x")
    form.get_by_label("Total at most").press("Enter")
    expect(form.get_by_text("Must be an amount")).to_be_visible()
    form.get_by_label("Due by").fill((LATER + timedelta(days=2)).date().isoformat())
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(page.locator("#more-filters")).to_be_focused()
    assert query(page)["total_from"] == ["20"]
    assert query(page)["method"] == ["pickup"]
    midnight = (LATER + timedelta(days=3)).date().isoformat()
    assert query(page)["due_before"] == [f"{midnight}T00:00:00.000Z"]
    page.reload()
    expect(page.locator(".row")).to_have_count(2)
    bakery.place("D", fulfilment=due(0), shipping="21.00")
    bakery.place("E", fulfilment=due(0), shipping="19.99")
    expect(page.locator(".row")).to_have_count(3)
    chip = page.get_by_role("button", name="Remove filter Method: Pickup")
    chip.click()
    expect(chip).to_have_count(0)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".row")).to_have_count(5)
    assert not query(page)


def test_a_heading_sorts_and_live_orders_take_their_places(
    bakery: Shop, context: BrowserContext
) -> None:
    page = open_board(context, "?q=sorted")
    for name, hours in (("A", 3), ("B", 1), ("C", None)):
        wanted = {"fulfilment": due(hours)} if hours is not None else {}
        bakery.place({"name": name, "company": "sorted"}, **wanted)
    heading = page.get_by_role("button", name="Due")
    expect(page.locator(".row")).to_have_count(3)
    heading.click()
    expect(page.locator(".orders .row-name")).to_have_text(["B", "A", "C"])
    assert query(page)["sort"] == ["due"]
    expect(page.locator("th.due-head")).to_have_attribute("aria-sort", "ascending")
    found = bakery.api.get("/api/orders?q=sorted").json()["orders"]
    last = next(order for order in found if order["customer"]["name"] == "C")
    bakery.api.patch(f"/api/orders/{last['id']}", json={"fulfilment": due(0)})
    expect(page.locator(".orders .row-name")).to_have_text(["C", "B", "A"])
    heading.click()
    expect(page.locator(".orders .row-name")).to_have_text(["A", "B", "C"])
