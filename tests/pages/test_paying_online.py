"""A customer buys, pays at the provider and gets money back: in a browser, the whole product."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.online.standin import StandIn, stand_in
from tests.pages.shop import Shop, looking, open_shop, wait_for_live


@pytest.fixture(scope="module")
def provider() -> Iterator[StandIn]:
    with stand_in() as known:
        yield known


@pytest.fixture(scope="module")
def shop(provider: StandIn) -> Iterator[Shop]:
    with (
        tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as folder,
        open_shop(Path(folder) / "home", **provider.settings("stripe")) as running,
    ):
        provider.webhook = f"{running.address}/api/payments/webhook"
        bread = {"sku": "RYE", "name": "Rye bread", "price": "4.90", "currency": "EUR"}
        running.ask("POST", "/api/products", bread)
        yield running


def ordered(page: Page, shop: Shop) -> None:
    page.goto(shop.address)
    page.locator('.product[data-sku="RYE"] [data-take] button').first.click()
    page.get_by_label("Pickup").check(force=True)
    page.locator("#customer-name").fill("Ada")
    page.locator("#place").click()


def test_a_customer_buys_and_pays_and_gets_the_money_back(
    browser: Browser, shop: Shop, provider: StandIn
) -> None:
    with looking(browser) as page, looking(browser) as board:
        board.goto(shop.server.sign_in_link())
        ordered(page, shop)
        page.wait_for_url(re.compile(re.escape(f"{provider.url}/pay/")))
        order = shop.newest()
        assert order["payment"]["status"] == "due"
        page.get_by_role("button", name="Pay with card").click()
        page.wait_for_url(re.compile(r"/track/.*payment=made"))
        wait_for_live(page)
        expect(page.locator('[data-part="delivery"]')).to_contain_text("Online payment, paid")
        board.goto(f"{shop.address}/admin#{order['id']}")
        panel = board.locator("#panel")
        expect(panel).to_contain_text("Stripe recorded a payment of €4.90")
        panel.get_by_role("button", name="Refund…").click()
        dialog = board.get_by_role("dialog", name="Refund order")
        dialog.get_by_label("In goodwill").fill("1.90")
        expect(dialog.locator(".comes-to")).to_contain_text("€1.90 by Stripe")
        dialog.locator("[name=reason]").fill("Crumbs")
        dialog.get_by_role("button", name="Refund €1.90").click()
        expect(panel).to_contain_text("Stripe gave back €1.90", timeout=15_000)
        (refund,) = provider.refunds.values()
        assert refund["amount"] == 190
        expect(page.locator('[data-part="notices"]')).to_contain_text("Refunded €1.90")


def test_an_order_is_paid_by_its_button_once_the_provider_is_back(
    browser: Browser, shop: Shop, provider: StandIn
) -> None:
    provider.down = True
    with looking(browser) as page:
        ordered(page, shop)
        page.wait_for_url(re.compile(r"/track/.*payment=later"))
        expect(page.locator("#track-message")).to_contain_text("could not be opened")
        provider.down = False
        page.get_by_role("button", name="Pay €4.90 now").press("Enter")
        page.wait_for_url(re.compile(re.escape(f"{provider.url}/pay/")))
