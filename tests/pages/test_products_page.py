"""The catalogue's page in a real browser: what staff do all day, and what others do meanwhile."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.pages.boards import Shop

_numbers = count(1)


@pytest.fixture
def office(bakery: Shop) -> Iterator[httpx.Client]:
    """Somebody else, with a key."""
    headers = {"Authorization": f"Bearer {bakery.server.key('admin')}"}
    with httpx.Client(base_url=bakery.server.base_url, headers=headers, timeout=20) as client:
        yield client


@pytest.fixture
def sku(office: httpx.Client) -> str:
    """A product that no other test touches."""
    sku = f"T-{next(_numbers)}"
    product = {"sku": sku, "name": f"Tea {sku}", "price": "4.90", "stock": 10, "reorder_level": 3}
    assert office.post("/api/products", json=product).status_code == 201
    return sku


@pytest.fixture
def page(context: BrowserContext, bakery: Shop) -> Page:
    return opened(context, bakery)


def opened(context: BrowserContext, bakery: Shop, path: str = "/admin/products") -> Page:
    page = context.new_page()
    page.goto(bakery.server.base_url + path)
    expect(page.locator("#connection")).to_have_attribute("state", "live")
    return page


def read(office: httpx.Client, sku: str) -> dict[str, object]:
    found: dict[str, object] = office.get(f"/api/products/{sku}").json()
    return found


def test_a_price_is_changed_in_its_place_and_others_see_it_at_once(
    page: Page, context: BrowserContext, bakery: Shop, office: httpx.Client, sku: str
) -> None:
    page.reload()
    other = opened(context, bakery)
    page.get_by_label(f"Price of Tea {sku}").fill("5.5")
    page.keyboard.press("Enter")
    expect(other.get_by_label(f"Price of Tea {sku}")).to_have_value("5.50")
    assert read(office, sku)["price"] == "5.50"
    page.get_by_label(f"Stock of Tea {sku}").fill("")
    page.keyboard.press("Tab")
    expect(other.locator(f'tr[data-sku="{sku}"]')).to_contain_text("Not counted")


def test_a_price_that_is_none_is_said_and_not_kept(
    page: Page, office: httpx.Client, sku: str
) -> None:
    page.reload()
    price = page.get_by_label(f"Price of Tea {sku}")
    price.fill("free")
    page.keyboard.press("Enter")
    expect(price).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".toast")).to_contain_text("must be an amount of money")
    price.focus()
    page.keyboard.press("Escape")
    expect(price).to_have_value("4.90")
    assert read(office, sku)["version"] == 1


def test_two_who_change_one_price_are_told_of_each_other(
    page: Page, office: httpx.Client, sku: str
) -> None:
    page.reload()
    page.locator(f'tr[data-sku="{sku}"] .product-name').click()
    price = page.get_by_label("Price", exact=True)
    price.fill("6.00")
    page.get_by_label("Description").fill("Mine")
    assert office.patch(f"/api/products/{sku}", json={"price": "7"}).status_code == 200
    page.get_by_role("button", name="Save").click()
    told = page.get_by_role("alert").filter(has_text="changed this product meanwhile")
    expect(told).to_contain_text("Price: 7.00 there, 6.00 here")
    assert read(office, sku)["price"] == "7.00", "nothing is overwritten silently"
    page.get_by_role("button", name="Save").click()
    expect(page.locator("dialog")).to_have_count(0)
    found = read(office, sku)
    assert (found["price"], found["description"]) == ("6.00", "Mine")


def test_a_product_is_added_by_keyboard_alone_with_what_can_be_chosen(
    page: Page, office: httpx.Client, sku: str
) -> None:
    page.get_by_role("button", name="Add product").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.type(sku)
    page.keyboard.press("Enter")
    expect(page.locator("#error-name")).not_to_be_empty()
    page.locator("#edit-name").focus()
    page.keyboard.type("Mint")
    page.keyboard.press("Enter")
    expect(page.locator("#error-sku")).to_contain_text("already")
    page.locator("#edit-sku").fill(f"{sku}-mint")
    page.get_by_role("button", name="Add an option").click()
    page.keyboard.type("Size")
    page.get_by_label("Choice", exact=True).fill("Large")
    page.get_by_label("Costs more by").fill("2.5")
    page.locator("#edit-name").press("Enter")
    expect(page.locator(f'tr[data-sku="{sku}-mint"]')).to_be_visible()
    assert read(office, f"{sku}-mint")["options"] == [
        {"name": "Size", "required": True, "values": [{"value": "Large", "price": "2.50"}]}
    ]
    page.locator(f'tr[data-sku="{sku}-mint"]').get_by_role("button", name="Mint").click()
    page.locator("#edit-currency").fill("EUR")  # every amount stays as it stands there
    page.locator("#edit-currency").press("Enter")
    expect(page.locator("dialog")).to_have_count(0)
    product = read(office, f"{sku}-mint")
    assert (product["currency"], product["price"], product["version"]) == ("EUR", "0.00", 2)


def test_many_are_picked_and_changed_and_a_failure_is_told(
    page: Page, office: httpx.Client, sku: str
) -> None:
    office.post("/api/products", json={"sku": f"{sku}-b", "name": f"Tea {sku} b"})
    page.get_by_label("Search products").fill(f"{sku} b")
    expect(page.locator("#products tbody tr")).to_have_count(1)
    page.get_by_label("Search products").fill(sku.lower())
    expect(page.locator(f'tr[data-sku="{sku}"]')).to_be_visible()
    page.get_by_label("Pick all that are shown").check()
    page.get_by_role("button", name="Change…").click()
    page.get_by_role("menuitem", name="Change the stock…").click()
    page.get_by_label("Number").fill("-4")
    page.keyboard.press("Enter")
    expect(page.locator(".toast.danger")).to_contain_text("whose stock is counted")
    expect(page.get_by_label(f"Stock of Tea {sku}", exact=True)).to_have_value("6")
    assert read(office, f"{sku}-b")["stock"] is None


def test_a_file_is_looked_at_before_it_is_taken_in(
    page: Page, office: httpx.Client, sku: str, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(f"sku;name;unit price;stock\n{sku};;5,25;\n{sku}-new;New tea;3;7\n")
    bad.write_text(f"sku,price\n{sku},cheap\n")
    page.get_by_role("button", name="Import").first.click()
    page.get_by_label("File").set_input_files(bad)
    expect(page.get_by_role("alert")).to_contain_text("line 2.price")
    expect(page.locator("dialog .button.primary")).to_be_disabled()
    page.get_by_label("File").set_input_files(good)
    expect(page.locator(".import-changes")).to_contain_text("Price: 4.90 → 5.25")
    assert read(office, sku)["price"] == "4.90", "a preview changes nothing"
    page.get_by_role("button", name="Import 2 products").click()
    expect(page.locator(f'tr[data-sku="{sku}-new"]')).to_be_visible()
    assert read(office, sku)["price"] == "5.25"


def test_the_board_says_once_that_something_runs_low(
    context: BrowserContext, bakery: Shop, office: httpx.Client, sku: str
) -> None:
    board = opened(context, bakery, "/admin")
    office.patch(f"/api/products/{sku}", json={"stock": 3})
    toast = board.locator(".toast", has_text=f"Tea {sku}")
    expect(toast).to_contain_text("running low: 3 left")
    toast.get_by_label("Dismiss").click()
    expect(toast).to_have_count(0)
    office.patch(f"/api/products/{sku}", json={"stock": 2})
    office.patch(f"/api/products/{sku}", json={"stock": 50})
    office.patch(f"/api/products/{sku}", json={"stock": 0})
    expect(toast).to_contain_text("sold out")


def test_a_picture_is_chosen_and_stands_in_the_shop(
    context: BrowserContext, bakery: Shop, browser: Browser, tmp_path: Path
) -> None:
    bakery.api.post("/api/products", json={"sku": "PIC-1", "name": "Pictured", "price": "2"})
    photo = tmp_path / "photo.jpg"
    Image.new("RGB", (300, 200), "#c0392b").save(photo)
    script = tmp_path / "photo.png"
    script.write_text("<script>alert(1)</script>")
    page = opened(context, bakery)
    page.get_by_role("button", name="Pictured", exact=True).click()
    editor = page.get_by_role("dialog")
    editor.locator("input[type=file]").set_input_files(script)
    expect(editor.get_by_role("alert").first).to_contain_text("no picture that can be shown")
    editor.locator("input[type=file]").set_input_files(photo)
    expect(editor.get_by_role("img", name="The picture")).to_be_visible()
    editor.get_by_label("Price").fill("3")
    editor.get_by_role("button", name="Save").click()
    expect(editor).to_have_count(0)
    product = bakery.api.get("/api/products/PIC-1").json()
    thumbnail = page.locator('tr[data-sku="PIC-1"] img')
    expect(thumbnail).to_have_attribute("src", product["image"])
    assert (product["price"], product["version"]) == ("3.00", 3)
    with browser.new_context() as customers:
        shop = customers.new_page()
        shop.goto(bakery.server.base_url)
        card = shop.locator('.product[data-sku="PIC-1"]')
        card.get_by_role("button", name="Add").click()
        for place in (card.locator("img"), shop.locator("#basket-lines img")):
            expect(place).to_have_attribute("src", product["image"])
            shop.wait_for_function("img => img.naturalWidth === 300", arg=place.element_handle())


def test_without_a_product_the_page_says_how_to_begin(browser: Browser, bakery: Shop) -> None:
    with bakery.member(browser) as context:
        page = context.new_page()
        page.goto(f"{bakery.server.base_url}/admin/products")
        page.get_by_label("Search products").fill("nothing is called so")
        expect(page.get_by_text("No product matches")).to_be_visible()
        page.get_by_role("button", name="Show all products").click()
        expect(page.get_by_label("Search products")).to_have_value("")
