"""Signing in, the account, the API's page and the error pages, as staff and passers-by see them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.shop import Shop, looking
from tests.servers import BoardServer

PASSWORD = "a few words in a row"


@pytest.fixture
def server(public_shop: Shop) -> BoardServer:
    return public_shop.server


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with looking(browser, java_script_enabled=False) as page:
        yield page


def sign_in(page: Page, server: BoardServer, password: str) -> None:
    page.goto(f"{server.base_url}/admin/sign-in?next=/admin/account")
    page.fill("[name=email]", "ada@example.com")
    page.fill("[name=password]", password)
    page.click("button[type=submit]")


def test_a_password_is_set_and_opens_another_browser_until_that_is_signed_out(
    page: Page, browser: Browser, server: BoardServer
) -> None:
    page.goto(server.sign_in_link())
    page.goto(f"{server.base_url}/admin/account")
    page.fill("[name=password]", "short")
    page.click("button >> text=Set the password")
    expect(page.locator("#error-password")).to_be_visible()
    page.fill("[name=password]", PASSWORD)
    page.click("button >> text=Set the password")
    expect(page.locator("[role=status]")).to_contain_text("Your password is set")
    with looking(browser, java_script_enabled=False) as other:
        sign_in(other, server, "something else")
        expect(other.locator("[role=alert]")).to_contain_text("do not match")
        expect(other.locator("[name=email]")).to_have_value("ada@example.com")
        sign_in(other, server, PASSWORD)
        expect(other.locator("h1")).to_have_text("Account")
        page.reload()
        expect(page.locator(".sessions li")).to_have_count(2)
        page.click(".sessions button")
        expect(page.locator(".sessions li")).to_have_count(1)
        other.goto(f"{server.base_url}/admin/account")
        expect(other.locator("h1")).to_have_text("Sign in to the board")


def test_the_old_password_is_asked_for_before_a_new_one(page: Page, server: BoardServer) -> None:
    page.goto(server.sign_in_link("grace@example.com"))
    page.goto(f"{server.base_url}/admin/account")
    page.fill("[name=password]", PASSWORD)
    page.click("button >> text=Set the password")
    page.fill("[name=current]", "wrong")
    page.fill("[name=password]", PASSWORD)
    page.click("button >> text=Change the password")
    expect(page.locator("#error-current")).to_have_text("This is not your password.")


def test_every_operation_of_the_document_is_on_the_apis_page(
    page: Page, server: BoardServer
) -> None:
    page.goto(f"{server.base_url}/api/docs")
    document = page.request.get(f"{server.base_url}/api/openapi.json").json()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            article = page.locator(f"article#{operation['operationId']}")
            expect(article.locator(".address code")).to_have_text(path)
            expect(article.locator("pre")).to_contain_text("curl")
    links = page.locator("a[href^='#']").evaluate_all(
        "links => links.map((link) => link.hash.slice(1))"
        ".filter((id) => !document.getElementById(id))"
    )
    assert links == []


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "There is nothing here"),
        ("/track/x", 404, "There is no order behind this link"),
        ("/driver/link/aaaaaaaaaaaaaaaaaaaaaaaa", 404, "Ask for a new one"),
        ("/admin/sign-out", 405, "That cannot be done here"),
    ],
)
def test_errors_are_told_in_words(
    page: Page, server: BoardServer, path: str, status: int, words: str
) -> None:
    answer = page.goto(server.base_url + path)
    assert answer is not None
    assert answer.status == status
    expect(page.locator("main")).to_contain_text(words)


def test_a_used_link_says_so(page: Page, server: BoardServer) -> None:
    link = server.sign_in_link()
    page.goto(link)
    page.context.clear_cookies()
    page.goto(link)
    expect(page.locator("[role=alert]")).to_contain_text("used before")
