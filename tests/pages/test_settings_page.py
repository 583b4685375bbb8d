"""The settings' page in a real browser, and what customers see of it."""

import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.pages.boards import Shop, open_board, row
from tests.printing.standin import nobody, printer

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def as_it_comes(bakery: Shop) -> None:
    """Every test begins with settings that nobody has touched."""
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    week = {day: [{"from": "00:00", "until": "24:00"}] for day in days}
    nothing = {"phone": None, "email": None, "address": None}
    given = {"shop_name": "orderboard", "accent": None, "imprint": None, "contact": nothing}
    bakery.api.patch(
        "/api/settings", json={**given, "opening_hours": week, "lead_minutes": 30}
    ).raise_for_status()
    bakery.api.delete("/api/settings/logo").raise_for_status()


@pytest.fixture
def page(context: BrowserContext, bakery: Shop) -> Page:
    return opened(context, bakery)


@pytest.fixture
def customer(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


def opened(context: BrowserContext, bakery: Shop) -> Page:
    page = context.new_page()
    page.goto(bakery.server.base_url + "/admin/settings")
    expect(page.locator("#hours .day")).to_have_count(7)
    return page


def values(bakery: Shop) -> Json:
    found = bakery.api.get("/api/settings").json()["settings"]
    return {name: setting["value"] for name, setting in found.items()}


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#save-state")).to_have_text("Everything is saved.")


def wait_until_pages(bakery: Shop, show: Callable[[str], bool]) -> None:
    """Wait until all workers' pages are of a kind, as they are right after a change."""
    end = time.monotonic() + 2
    shown = 0
    while shown < 12:  # each on a connection of its own: they come to both workers
        page = httpx.get(bakery.server.base_url, headers={"Connection": "close"}).text
        shown = shown + 1 if show(page) else 0
        assert shown or time.monotonic() < end, "a worker has not heard of it"


def test_customers_see_the_shops_name_colour_and_imprint_on_every_page(
    page: Page, customer: Page, bakery: Shop
) -> None:
    page.get_by_label("Name", exact=True).fill("Käthe's Bakery")
    page.locator("#accent").fill("#b5471b")
    page.get_by_label("E-mail").fill("hello@kaethe.example")
    page.get_by_label("Imprint", exact=True).fill("Käthe Brot GmbH\nHRB 12345")
    expect(page.locator("#save-state")).to_contain_text("Name, Colour, Imprint, Contact")
    save(page)
    wait_until_pages(bakery, lambda page: "Käthe&#39;s Bakery" in page)
    track = bakery.place()["track_url"].split("/", 3)[3]
    paths = ("", track, "track/nothing1234", "nothing", "imprint", "admin/sign-in", "order/other")
    sold = {"sku": "BREAD", "name": "Bread", "price": "4", "active": False}
    bakery.api.post("/api/products", json=sold).raise_for_status()
    for path in (*paths, "?q=bread"):
        is_shop = path == "?q=bread"
        bakery.api.patch("/api/products/BREAD", json={"active": is_shop}).raise_for_status()
        customer.goto(f"{bakery.server.base_url}/{path}", wait_until="load")
        header = customer.locator(".site-header .brand")
        expect(header).to_have_text("Käthe's Bakery")
        expect(customer.locator(".site-footer")).to_contain_text("hello@kaethe.example")
        ink = "getComputedStyle(document.documentElement).getPropertyValue('--accent')"
        assert customer.evaluate(ink) == "#b5471b", path
        assert customer.locator("#basket").count() == int(is_shop)
    bakery.api.patch("/api/products/BREAD", json={"active": False}).raise_for_status()
    customer.goto(f"{bakery.server.base_url}/imprint")
    expect(customer.locator("main")).to_contain_text("HRB 12345")
    page.goto(bakery.server.base_url + "/admin")
    expect(page.locator(".site-header .brand")).to_have_text("orderboard")


def test_what_cannot_be_is_said_at_its_field_and_nothing_is_saved(page: Page, bakery: Shop) -> None:
    page.get_by_label("Name", exact=True).fill("")
    page.locator("#accent").fill("#ffff00")
    page.get_by_label("Lead time").fill("soon")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#error-accent")).to_contain_text("too light")
    expect(page.locator("#error-shop_name")).to_be_visible()
    expect(page.locator("#error-lead_minutes")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    assert values(bakery)["accent"] is None
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#error-accent")).to_be_hidden()
    expect(page.get_by_label("Lead time")).to_have_value("30")
    expect(page.locator("#save-state")).to_have_text("Everything is saved.")


def test_opening_hours_are_set_with_the_keyboard_alone(page: Page, bakery: Shop) -> None:
    monday = page.get_by_role("group", name="Monday")
    monday.get_by_role("button", name="Remove these hours").focus()
    page.keyboard.press("Enter")
    expect(monday).to_contain_text("Closed")
    expect(monday.get_by_role("button", name="Add hours")).to_be_focused()
    page.keyboard.press("Enter")
    expect(monday.get_by_label("from")).to_be_focused()
    monday.get_by_role("button", name="Add hours").press("Enter")
    monday.get_by_label("from").nth(1).fill("19:00")
    monday.get_by_label("until").nth(1).fill("00:00")
    monday.get_by_label("until").nth(1).press("Enter")
    expect(page.locator("#save-state")).to_have_text("Everything is saved.")
    hours = [{"from": "09:00", "until": "18:00"}, {"from": "19:00", "until": "24:00"}]
    assert values(bakery)["opening_hours"]["monday"] == hours
    assert values(bakery)["opening_hours"]["tuesday"] == [{"from": "00:00", "until": "24:00"}]


def test_hours_that_overlap_are_said_at_their_day(page: Page) -> None:
    sunday = page.get_by_role("group", name="Sunday")
    sunday.get_by_role("button", name="Add hours").click()
    sunday.get_by_label("from").nth(1).fill("10:00")
    sunday.get_by_label("until").nth(1).fill("11:00")
    page.get_by_role("button", name="Save").click()
    expect(sunday.locator(".error")).to_contain_text("follow one another")


def test_a_logo_is_shown_to_customers_and_a_script_is_none(
    page: Page, customer: Page, bakery: Shop, tmp_path: Path
) -> None:
    script = tmp_path / "logo.png"
    script.write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    page.set_input_files("#logo-file", script)
    expect(page.locator("#error-logo")).to_contain_text("no picture")
    out = BytesIO()
    Image.new("RGB", (120, 40), "#b5471b").save(out, "PNG")
    page.set_input_files(
        "#logo-file", {"name": "logo.png", "mimeType": "image/png", "buffer": out.getvalue()}
    )
    expect(page.locator("#logo-frame img")).to_be_visible()
    expect(page.locator("#error-logo")).to_be_hidden()
    wait_until_pages(bakery, lambda page: "/shop/logo" in page)
    customer.goto(bakery.server.base_url)
    picture = customer.locator(".brand img")
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.naturalWidth") == 120
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("#logo-frame")).to_have_text("None")
    wait_until_pages(bakery, lambda page: "/shop/logo" not in page)
    customer.reload()
    expect(picture).to_have_count(0)
    page.get_by_label("Name", exact=True).fill("Saved after the logo")
    save(page)


def test_who_was_slower_is_told_and_saves_theirs_with_a_second_press(
    page: Page, context: BrowserContext, bakery: Shop
) -> None:
    other = opened(context, bakery)
    other.get_by_label("Name", exact=True).fill("Theirs")
    other.get_by_label("Lead time").fill("90")
    save(other)
    page.get_by_label("Name", exact=True).fill("Mine")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#settings-message")).to_contain_text("changed meanwhile: Name")
    expect(page.get_by_label("Lead time")).to_have_value("90")
    assert values(bakery)["shop_name"] == "Theirs"
    save(page)
    assert values(bakery)["shop_name"] == "Mine"
    assert values(bakery)["lead_minutes"] == 90


def test_what_is_typed_and_not_saved_is_not_lost_by_leaving(page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_label("Name", exact=True).fill("Not saved")
    page.get_by_role("link", name="Orders").first.click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Not saved")
    assert asked == ["beforeunload"]


def test_both_workers_show_a_change_at_once(bakery: Shop) -> None:
    for name in ("One", "Two", "Three"):
        bakery.api.patch("/api/settings", json={"shop_name": name}).raise_for_status()
        wait_until_pages(bakery, lambda page, name=name: f">{name}<" in page)


def test_a_key_is_made_shown_once_and_revoked(page: Page, bakery: Shop) -> None:
    form = page.locator("#key-form")
    form.get_by_role("button", name="Make a key").click()
    expect(page.locator("#error-keys")).to_contain_text("Name must not be empty")
    form.get_by_label("Name of a new key").fill("Till")
    form.get_by_label("read", exact=True).check()
    form.get_by_label("Name of a new key").press("Enter")
    key = page.locator("#new-key code").inner_text()
    asking = {"Authorization": f"Bearer {key}"}
    url = f"{bakery.server.base_url}/api/orders"
    assert httpx.get(url, headers=asking).status_code == 200
    expect(page.locator("#key-list")).to_contain_text("intake, read")
    page.reload()
    expect(page.locator("#new-key")).to_be_hidden()
    page.get_by_role("button", name="Revoke Till").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("button", name="Revoke Till")).to_have_count(0)
    assert key not in page.content()
    end = time.monotonic() + 5
    while httpx.get(url, headers=asking).status_code != 401:
        assert time.monotonic() < end, "the key is still good"


def test_fees_and_codes_are_set_where_customers_have_them_at_once(page: Page, bakery: Shop) -> None:
    page.get_by_label("Fee").first.fill("3,5")
    page.get_by_label("Least order").first.fill("1.234")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#error-charges-delivery-minimum")).to_contain_text("decimal digits")
    page.get_by_label("Least order").first.fill("")
    save(page)
    expect(page.get_by_label("Fee").first).to_have_value("3.50")
    assert values(bakery)["charges"]["delivery"]["fee"] == "3.50"
    page.get_by_label("Fee").first.fill("")
    save(page)
    page.get_by_label("New code").fill("autumn")
    page.get_by_label("Takes off").fill("120")
    page.get_by_role("button", name="Add the code").click()
    expect(page.locator("#error-discount-worth")).to_contain_text("from 0 to 100")
    page.get_by_label("Takes off").fill("12,5")
    page.get_by_label("Uses in all").fill("7")
    page.keyboard.press("Enter")
    row = page.locator("#discount-list > li")
    expect(row).to_contain_text("12.5 % off · used 0 of 7 times")
    row.get_by_role("button", name="End AUTUMN").click()
    expect(row).to_contain_text("ended")
    code = bakery.api.get("/api/discounts").json()["discounts"][0]
    assert (code["code"], code["active"], code["version"]) == ("AUTUMN", False, 2)


def test_a_printer_is_added_and_tried_and_a_board_prints_on_it(
    context: BrowserContext, page: Page, bakery: Shop
) -> None:
    with printer("speaks") as kitchen:
        page.get_by_role("button", name="Add a printer").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Name").fill("Kitchen")
        dialog.get_by_label("Address").fill("http://kitchen")
        dialog.get_by_label("Prints").select_option("asked")
        dialog.get_by_role("button", name="Add", exact=True).click()
        expect(dialog).to_contain_text("must be a host and a port")
        dialog.get_by_label("Address").fill(nobody())
        dialog.get_by_role("button", name="Add", exact=True).click()
        told = page.locator("#printer-list [role=status]")
        page.get_by_role("button", name="Test Kitchen").click()
        expect(told).to_contain_text("it is off, or its address is another one")
        page.get_by_role("button", name="Edit Kitchen").click()
        dialog.get_by_label("Address").fill(kitchen.address)
        dialog.get_by_label("Sample").check()
        dialog.get_by_role("button", name="Save").click()
        expect(page.locator("#printer-list")).to_contain_text(f"{kitchen.address} · only when")
        page.get_by_role("button", name="Test Kitchen").click()
        expect(told).to_have_text("Kitchen printed the test.")
        order = bakery.place("Ada")
        board = open_board(context, f"#{order['id']}")
        board.locator("[data-key=print]").click()
        board.get_by_role("menuitem", name="Kitchen").click()
        expect(board.locator("#panel .printed")).to_contain_text("by Kitchen")
        expect(row(board, order).get_by_role("img", name="Printed")).to_have_count(1)
        assert f"#{order['number']}\n".encode() in kitchen.tickets[-1]
    bakery.api.patch("/api/settings", json={"printers": []}).raise_for_status()
