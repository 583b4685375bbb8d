"""The pages of customers and of the shop's numbers in a real browser, and what the board says of an
order's customer.
"""

import json
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.pages.boards import Json, Shop, open_board
from tests.servers import wait_until

_numbers = count(1)


@pytest.fixture
def office(bakery: Shop) -> Iterator[httpx.Client]:
    """Somebody else, with a key."""
    headers = {"Authorization": f"Bearer {bakery.server.key('admin')}"}
    with httpx.Client(base_url=bakery.server.base_url, headers=headers, timeout=20) as client:
        yield client


@pytest.fixture
def name() -> str:
    """Of somebody whom no other test knows."""
    return f"Ada {next(_numbers)}th"


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return opened(context)


def opened(context: BrowserContext, path: str = "") -> Page:
    page = context.new_page()
    page.goto(f"/admin/customers{path}")
    expect(page.locator("#connection")).to_have_attribute("state", "live")
    return page


def order(bakery: Shop, name: str, price: str = "4.50", **who: str) -> Json:
    customer = {"name": name, "email": f"{name.replace(' ', '.')}@x.example", **who}
    items = [{"name": "Tea", "quantity": 1, "unit_price": price}]
    placed: Json = bakery.api.post(
        "/api/orders", json={"customer": customer, "items": items, "currency": "EUR"}
    ).json()
    return placed


def known(office: httpx.Client, q: str, orders: int = 1) -> Json:
    """A customer whose record has so many orders; it is kept a moment after they were placed."""
    found: list[Json] = []

    def is_known() -> bool:
        answer = office.get("/api/customers", params={"q": q})
        found[:] = [c for c in answer.json()["customers"] if c["orders_count"] == orders]
        return bool(found)

    wait_until(is_known, 15, f"{q} has {orders} orders")
    return found[0]


def row(page: Page, customer: Json) -> Locator:
    return page.locator(f'#customers tr[data-id="{customer["id"]}"]')


def test_who_orders_for_the_first_time_is_listed_while_the_page_is_open(
    page: Page, bakery: Shop, office: httpx.Client, name: str
) -> None:
    order(bakery, name)
    customer = known(office, name)
    expect(row(page, customer)).to_contain_text("€4.50", timeout=10_000)
    order(bakery, name, "10")
    expect(row(page, customer)).to_contain_text("€14.50", timeout=10_000)


def test_somebody_is_looked_up_by_keyboard_alone(
    page: Page, bakery: Shop, office: httpx.Client, name: str
) -> None:
    order(bakery, name, phone="+49 171 55501")
    order(bakery, f"{name} other")
    customer = known(office, "55501")
    expect(row(page, customer)).to_be_visible(timeout=10_000)
    page.keyboard.press("/")
    page.keyboard.type("(0171) 55501")
    expect(page.locator("#customers tbody tr")).to_have_count(1)
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(row(page, customer).get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("1 order, €4.50 in all")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row(page, customer).get_by_role("button", name=name)).to_be_focused()
    page.get_by_label("Search customers").fill("nobody is called so")
    expect(page.get_by_text("No customer matches")).to_be_visible()
    page.get_by_role("button", name="Show all customers").click()
    expect(row(page, customer)).to_be_visible()


def test_an_address_shows_one_customer_with_their_orders(
    context: BrowserContext, bakery: Shop, office: httpx.Client, name: str
) -> None:
    placed = [order(bakery, name) for _ in range(22)]
    customer = known(office, name, 22)
    page = opened(context, f"#{customer['id']}")
    orders = page.get_by_role("dialog").locator(".customer-orders tr")
    expect(orders).to_have_count(20)
    expect(orders.first).to_contain_text(f"#{placed[-1]['number']}")
    page.get_by_role("button", name="Earlier orders").click()
    expect(orders).to_have_count(22)
    expect(page.get_by_role("button", name="Earlier orders")).to_be_hidden()
    orders.last.get_by_role("link").click()
    expect(page.locator("#panel-title")).to_have_text(f"Order #{placed[0]['number']}")
    page.goto("/admin/customers#cus_none")
    expect(page.locator(".toast")).to_contain_text("no such customer")


def test_a_persons_data_is_handed_out_as_a_file(
    context: BrowserContext, bakery: Shop, office: httpx.Client, name: str, tmp_path: Path
) -> None:
    placed = order(bakery, name)
    customer = known(office, name)
    page = opened(context, f"#{customer['id']}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    download.value.save_as(tmp_path / "file.json")
    found = json.loads((tmp_path / "file.json").read_text())
    assert download.value.suggested_filename == f"{customer['id']}.json"
    assert found["customer"]["name"] == name
    assert [one["id"] for one in found["orders"]] == [placed["id"]]


def test_nobody_is_erased_without_a_second_thought_and_then_is_gone_everywhere(
    context: BrowserContext, bakery: Shop, office: httpx.Client, name: str
) -> None:
    placed = order(bakery, name)
    customer = known(office, name)
    page, other = (opened(context, f"#{customer['id']}") for _ in range(2))
    page.get_by_role("button", name="Erase…").click()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_role("dialog", name=f"Erase {name}?")).to_be_visible()
    assert office.get(f"/api/customers/{customer['id']}").json()["erasing"] is False
    page.get_by_label("I have made sure").check()
    page.get_by_role("button", name="Erase for good").click()
    for each in (page, other):
        expect(each.locator(".toast")).to_contain_text("The customer is erased", timeout=15_000)
        expect(each.get_by_role("dialog")).to_have_count(0)
        expect(row(each, customer)).to_have_count(0)
    now = bakery.api.get(f"/api/orders/{placed['id']}").json()
    assert now["customer"]["name"].startswith("Forgotten customer")


def test_two_records_of_one_person_are_made_one(
    context: BrowserContext, bakery: Shop, office: httpx.Client, name: str
) -> None:
    order(bakery, name)
    order(bakery, name, "10", email=f"{name[:5]}@work.example".replace(" ", ""))
    email = f"{name.replace(' ', '.')}@x.example"
    first, second = known(office, email), known(office, "@work.example")
    page, other = opened(context, f"#{first['id']}"), opened(context, f"#{second['id']}")
    page.get_by_role("button", name="Merge…").click()
    expect(page.get_by_label("Search customers").last).to_have_value(name)
    page.get_by_role("radio", name=re.compile("work.example")).check()
    page.get_by_role("button", name="Merge", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 orders, €14.50 in all")
    expect(dialog).to_contain_text("Also ordered as")
    expect(dialog.locator(".customer-orders tr")).to_have_count(2)
    expect(row(page, second)).to_have_count(0)
    expect(other.locator(".toast")).to_contain_text("merged into another")
    expect(other.get_by_role("dialog")).to_have_count(0)


def test_the_board_says_the_how_manieth_order_it_is_and_how_the_last_one_ended(
    context: BrowserContext, bakery: Shop, office: httpx.Client, name: str
) -> None:
    placed = [order(bakery, name, "104.00") for _ in range(3)]
    bakery.put(placed[2], "cancel", reason="Too late")
    newest = order(bakery, name, "104.00")
    customer = known(office, name, 4)
    page = open_board(context, f"#{newest['id']}")
    line = page.locator("#panel .history")
    expect(line).to_have_text("4th order, €312.00 in all, last one cancelled")
    bakery.put(newest, "cancel", reason="Changed my mind")
    expect(line).to_contain_text("4th order, €208.00 in all", timeout=10_000)
    line.get_by_role("link", name="last one cancelled").click()
    expect(page.locator("#panel-title")).to_have_text(f"Order #{placed[2]['number']}")
    expect(line).to_contain_text("3rd of 4 orders")
    line.get_by_role("link", name="3rd of 4 orders").click()
    expect(page.get_by_role("dialog")).to_contain_text(name)
    assert page.url.endswith(f"/admin/customers#{customer['id']}")


def test_the_board_says_so_when_somebody_orders_for_the_first_time(
    context: BrowserContext, bakery: Shop, name: str
) -> None:
    page = open_board(context)
    placed = order(bakery, name)
    page.locator(f'.row[data-id="{placed["id"]}"] .row-name').click()
    expect(page.locator("#panel .history")).to_have_text("First order", timeout=10_000)


def numbers(context: BrowserContext, query: str = "") -> Page:
    page = context.new_page()
    page.goto(f"/admin/overview{query}")
    expect(page.locator("#connection")).to_have_attribute("state", "live")
    expect(page.locator("#overview")).not_to_have_attribute("aria-busy", "true")
    return page


def test_the_overview_counts_an_order_as_it_comes_in(
    context: BrowserContext, bakery: Shop, name: str
) -> None:
    order(bakery, name)
    page = numbers(context)
    orders = page.locator("[data-card=orders] .sum-value")
    expect(page.locator("#numbers")).to_be_visible(timeout=15_000)
    expect(page.locator("#currency")).to_have_value("EUR")  # all that was sold
    before = int(orders.inner_text())
    waiting = int(page.locator("[data-now=waiting] .now-value").inner_text())
    order(bakery, name, "6.00")
    expect(orders).to_have_text(str(before + 1), timeout=15_000)
    expect(page.locator("[data-now=waiting] .now-value")).to_have_text(str(waiting + 1))
    expect(page.locator("[data-now=watching] .now-value")).not_to_have_text("0")
    expect(page.locator("#products tbody tr").first).to_contain_text("Tea")
    chart = page.locator("[data-chart=orders]")
    chart.locator(".plot").press("End")
    expect(chart.locator("[role=status]")).to_contain_text("so far")
    expect(chart.locator(".tip")).to_be_visible()
    chart.locator("summary").click()
    assert chart.locator("tbody tr").count() == chart.locator(".bar").count()
    page.locator("[data-ranking=status] a").first.click()
    expect(page.locator("#orders .row").first).to_be_visible()


def test_the_overview_follows_a_log_that_begins_anew(
    context: BrowserContext, bakery: Shop, name: str
) -> None:
    page, asked = context.new_page(), list[str]()
    page.on("request", lambda one: asked.append(one.url) if "/api/analytics" in one.url else None)

    def of_before_the_restore(route: Route) -> None:
        body = re.sub(r'"position": ?"[^"]+"', '"position": "old-99999999"', route.fetch().text())
        route.fulfill(body=body, content_type="text/html")

    page.route("**/admin/overview", of_before_the_restore)
    page.clock.install()
    page.goto("/admin/overview")
    expect(page.locator("#connection")).to_have_attribute("state", "live")
    order(bakery, name)

    def has_caught_up() -> bool:
        before = len(asked)
        page.clock.run_for(3100)
        expect(page.locator("#overview")).not_to_have_attribute("aria-busy", "true")
        return len(asked) == before

    wait_until(has_caught_up, 10, "nothing more is asked for")
    before = len(asked)
    order(bakery, name)
    wait_until(lambda: bool(page.clock.run_for(500)) or len(asked) > before, 10, "it follows")


def test_the_overviews_period_is_in_the_address(context: BrowserContext, bakery: Shop) -> None:
    page = numbers(context, "?period=nonsense&from=2030-01-01")
    expect(page.locator("[data-period=today]")).to_have_attribute("aria-pressed", "true")
    page.click("[data-period='7days']")
    expect(page).to_have_url(re.compile("period=7days"))
    expect(page.locator("#intervals [aria-pressed=true]")).to_have_text("Days")
    page.click("text=Weeks")
    page.reload()
    expect(page.locator("[data-period='7days']")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#intervals [aria-pressed=true]")).to_have_text("Weeks")
    page.click("[data-period=custom]")
    page.fill("#from", "2020-02-02")
    page.fill("#to", "2020-02-01")
    page.click("#custom button")
    expect(page.locator("#trouble")).to_contain_text("must be after from")
    page.fill("#to", "2020-02-03")
    page.click("#custom button")
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.locator("#nothing")).to_be_visible()
    page.go_back()
    page.go_back()
    page.go_back()
    expect(page.locator("[data-period='7days']")).to_have_attribute("aria-pressed", "true")
