"""Looking at a page's feed: its state, and what it has heard so far."""

from typing import Any

from playwright.sync_api import Page


def wait_for(page: Page, expression: str, seconds: float = 8) -> None:
    page.wait_for_function(expression, timeout=seconds * 1000)


def wait_for_state(page: Page, state: str, seconds: float = 8) -> None:
    wait_for(page, f"window.feed?.state === '{state}'", seconds)


def positions(page: Page) -> list[int]:
    found: list[int] = page.evaluate("seen.messages.map((message) => message.position)")
    return found


def seen(page: Page, what: str) -> list[Any]:
    found: list[Any] = page.evaluate(f"seen.{what}")
    return found
