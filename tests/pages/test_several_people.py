"""Several people at one shop: owners keep the staff, a role that is taken away, who sees what."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.boards import DESK, PHONE
from tests.pages.shop import Shop, looking

Json = dict[str, Any]


@pytest.fixture
def pages(browser: Browser) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def owner(pages: ExitStack, browser: Browser, shop: Shop, name: str = "olga") -> Page:
    page = pages.enter_context(looking(browser, viewport=DESK))
    page.goto(shop.server.sign_in_link(f"{name}@example.com"))
    return page


def member(
    pages: ExitStack, browser: Browser, shop: Shop, name: str, role: str
) -> tuple[Json, Page]:
    """Somebody new, and their browser."""
    body = {"email": f"{name.split()[0].lower()}@example.com", "name": name, "role": role}
    invited = shop.ask("POST", "/api/staff", body)
    page = pages.enter_context(looking(browser, viewport=DESK))
    page.goto(invited["link"])
    expect(page.locator("connection-badge[state=live]")).to_be_visible(timeout=10_000)
    return invited, page


def test_an_owner_invites_somebody_and_revokes_them(
    pages: ExitStack, browser: Browser, public_shop: Shop
) -> None:
    page = owner(pages, browser, public_shop)
    page.goto(f"{public_shop.address}/admin/staff")
    page.get_by_role("button", name="Invite").click()
    page.get_by_label("E-mail").fill("nobody")
    page.get_by_role("button", name="Make the link").click()
    expect(page.locator("dialog .error:visible").first).to_contain_text("must be")
    page.get_by_label("E-mail").fill("bea@example.com")
    page.get_by_label("Name").fill("Bea Bright")
    page.get_by_label("Role", exact=True).select_option("viewer")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("The link", exact=True).input_value()
    page.get_by_role("button", name="Done").click()
    row = page.locator(".member", has_text="Bea Bright")
    expect(row).to_contain_text("Invited")
    bea = pages.enter_context(looking(browser, viewport=PHONE))
    bea.goto(link)
    expect(bea.locator("connection-badge[state=live]")).to_be_visible(timeout=10_000)
    expect(bea.get_by_role("link", name="New order")).to_have_count(0)
    row.get_by_label("Role of Bea Bright").select_option("operator")
    expect(row).to_contain_text("1 browser")
    expect(bea.get_by_role("link", name="New order").first).to_be_visible(timeout=10_000)
    row.get_by_role("button", name="More about Bea Bright").click()
    page.get_by_role("menuitem", name="Revoke").click()
    page.get_by_role("button", name="Revoke").click()
    expect(row).to_have_count(0)
    expect(bea.locator("#notice")).to_contain_text("signed out", timeout=10_000)


def test_a_role_that_is_taken_away_loses_nothing_that_was_typed(
    pages: ExitStack, browser: Browser, public_shop: Shop
) -> None:
    order = public_shop.place(
        customer="Ada", items=[{"name": "Bread", "quantity": 1, "unit_price": "2.00"}]
    )
    cy, page = member(pages, browser, public_shop, "Cy", "operator")
    page.goto(f"{public_shop.address}/admin#{order['id']}")
    page.get_by_role("button", name="Edit the order").click()
    page.locator("dialog [name=note]").fill("Ring twice")
    public_shop.ask("PATCH", f"/api/staff/{cy['id']}", {"role": "viewer"})
    page.locator("dialog").get_by_role("button", name="Save").click()
    expect(page.locator("dialog .error:visible")).to_contain_text("Your role is viewer")
    expect(page.locator("dialog [name=note]")).to_have_value("Ring twice")
    assert public_shop.read(order)["note"] is None
    page.keyboard.press("Escape")
    expect(page.locator("body[data-role=viewer]")).to_be_visible(timeout=10_000)
    expect(page.locator("#panel-title")).to_contain_text(str(order["number"]))
    for name in ("Edit the order", "Accept", "Move to", "Add note", "Record a payment"):
        expect(page.locator("#panel").get_by_role("button", name=name)).to_have_count(0)


def test_who_looks_at_the_same_order_is_seen_until_they_leave(
    pages: ExitStack, browser: Browser, public_shop: Shop
) -> None:
    order = public_shop.place()
    _, theirs = member(pages, browser, public_shop, "Dora Dean", "operator")
    _, mine = member(pages, browser, public_shop, "Emil", "viewer")
    for page in (theirs, mine):
        page.goto(f"{public_shop.address}/admin#{order['id']}")
    others = mine.locator(".assignment .others")
    expect(others).to_have_text("Dora Dean is looking at this too", timeout=15_000)
    expect(theirs.locator(".assignment .others")).to_contain_text("Emil", timeout=15_000)
    names = re.compile("Here too: .*Dora Dean")
    expect(mine.locator("#here .here-list")).to_have_attribute("aria-label", names)
    theirs.keyboard.press("Escape")
    expect(others).to_be_hidden(timeout=15_000)
    theirs.goto(f"{public_shop.address}/admin/account")
    expect(mine.locator("#here .here-list[aria-label*=Dora]")).to_have_count(0, timeout=15_000)


def test_who_is_mentioned_in_a_note_is_told_on_their_board(
    pages: ExitStack, browser: Browser, public_shop: Shop
) -> None:
    order = public_shop.place()
    fay, theirs = member(pages, browser, public_shop, "Fay O'Hara", "viewer")
    _, mine = member(pages, browser, public_shop, "Gus", "operator")
    mine.goto(f"{public_shop.address}/admin#{order['id']}")
    note = mine.get_by_label("Internal note")
    note.press_sequentially("Hello @o'h")
    offered = mine.get_by_role("listbox").get_by_role("option")
    expect(offered).to_have_text(["Fay O'Hara"])
    expect(offered).to_have_attribute("aria-selected", "true")
    note.press("Enter")
    expect(note).to_have_value("Hello @Fay O'Hara ")
    note.press_sequentially("see the address")
    mine.get_by_role("button", name="Add note").click()
    toast = theirs.locator(".toast")
    expect(toast).to_contain_text("Gus mentioned you in", timeout=10_000)
    expect(toast).to_contain_text("see the address")
    toast.get_by_role("button", name="Open").click()
    expect(theirs.locator("#panel-title")).to_contain_text(str(order["number"]))
    events = public_shop.ask("GET", f"/api/orders/{order['id']}/events")["events"]
    assert events[-1]["note"]["mentions"] == [{"id": fay["id"], "name": "Fay O'Hara"}]
    expect(mine.locator(".toast")).to_have_count(0)
