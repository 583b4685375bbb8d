"""The board's store against a model of the server, in thousands of random orders of events."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.servers import ROOT

PLAY = """async ([first, last]) => {
    const stores = await import("/static/js/board/store.js");
    const { play } = await import("/tests/pages/store_races.js");
    for (let seed = first; seed < last; seed += 1) {
        const { shown, expected, filter } = play(stores, seed);
        if (shown.join() !== expected.join()) return { seed, filter, shown, expected };
    }
    return null;
}"""
FORGETFUL = """async () => {
    const stores = await import("/static/js/board/store.js");
    const { play } = await import("/tests/pages/store_races.js");
    const deaf = (store, event) => event.id.endsWith("3") ? "stale" : stores.apply(store, event);
    for (let seed = 0; seed < 50; seed += 1) {
        const { shown, expected } = play({ ...stores, apply: deaf }, seed);
        if (shown.join() !== expected.join()) return "found";
    }
    return "not found";
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def files() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(ROOT)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with files() as address:
        page = browser.new_page()
        page.goto(f"{address}/static/icons/favicon.svg")
        yield page
        page.close()


def test_whatever_the_order_of_events_and_answers_the_rows_are_those_of_a_fresh_reading(
    page: Page,
) -> None:
    assert page.evaluate(PLAY, [0, 3000]) is None


def test_the_comparison_notices_an_event_that_was_lost(page: Page) -> None:
    assert page.evaluate(FORGETFUL) == "found"
