"""Finding orders on the board: filters, sorting, saved views and the command palette."""

import re
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


def test_a_view_is_saved_shared_picked_by_others_and_deleted(
    bakery: Shop, context: BrowserContext
) -> None:
    page, other = open_board(context, "?status=pending&sort=due"), open_board(context)
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("menuitem", name="Save this view").click()
    form = page.get_by_role("dialog", name="Save this view")
    form.get_by_label("Name").fill("Next up")
    form.get_by_label("Share it").check()
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    other.get_by_role("button", name="Saved views").click()
    other.get_by_role("menuitem", name="Next up").click()
    expect(other.locator("th.due-head")).to_have_attribute("aria-sort", "ascending")
    assert query(other) == {"status": ["pending"], "sort": ["due"]}
    other.get_by_role("button", name="Saved views").click()
    other.get_by_role("menuitem", name="Delete a view").click()
    other.get_by_role("menuitem", name="Next up").click()
    expect(other.get_by_text("Next up deleted")).to_be_visible()
    page.get_by_role("button", name="Saved views").click()
    expect(page.get_by_role("menuitem", name="Next up")).to_have_count(0)


def test_the_palette_goes_to_orders_and_does_things_by_keys_alone(
    bakery: Shop, context: BrowserContext
) -> None:
    order = bakery.place({"name": "Zoë Palette"})
    page = open_board(context)
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Command or order")
    expect(field).to_be_focused()
    field.press_sequentially("palet")
    option = page.get_by_role("option", name=f"#{order['number']} Zoë Palette")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-title")).to_contain_text(str(order["number"]))
    page.keyboard.press("Control+k")
    field.fill("move proc")
    expect(page.locator(".palette-option[aria-selected=true]")).to_contain_text(
        "Move to Processing"
    )
    page.keyboard.press("Enter")
    expect(page.locator(f'.row[data-id="{order["id"]}"]')).to_have_attribute(
        "data-order-status", "processing"
    )
    page.keyboard.press("Control+k")
    field.fill("show pend")
    expect(page.locator(".palette-option[aria-selected=true]")).to_contain_text("Pending")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("status=pending"))
    page.keyboard.press("Control+k")
    field.fill("nothing is called this")
    expect(page.get_by_text("Nothing is called")).to_be_visible()
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
