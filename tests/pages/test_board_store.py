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
# Position 10 is heard; an answer shows what another change, at 11 at the soonest, has made of #1.
ABSORBED = """async (reached) => {
    const stores = await import("/static/js/board/store.js");
    const store = stores.createStore();
    const order = { id: "ord_1", number: 1, created_at: "1", type: "purchase" };
    const pending = { q: "", status: ["pending"], type: [] };
    const shows = () => store.rows.slice(0, store.size).map(({ version }) => version);
    const read = (orders, at) => stores.replace(
        store, { orders, next: null, position: `e-${at}` }, pending);
    read([{ ...order, status: "pending", version: 1 }], 10);
    stores.absorb(store, { ...order, status: "pending", version: 2 });
    const absorbed = shows();
    read([], reached);
    return [absorbed, shows()];
}"""

# The shop's currency has two decimal digits, that of the orders none or three.
TOTALS = """async () => {
    const { fits, useDigits } = await import("/static/js/board/filter.js");
    useDigits(2);
    const within = (total) => fits({ total_from: "10", total_to: "20.00" }, { total });
    return ["10.00", "20.01", "1500", "15", "1.500", "15.000"].map(within);
}"""
FINISHED = """async () => {
    const { Finished } = await import("/static/js/columns/finished.js");
    const known = new Map();
    const finished = new Finished({ known, found: new Set() }, ["delivered"]);
    const filter = { q: "tea", status: [], tag: ["gift"] };
    await finished.read(filter);
    const shown = () => finished.orders(filter).map(({ version }) => version);
    const order = { id: "ord_1", number: 1, status: "delivered", updated_at: "1" };
    const before = shown();
    known.set("ord_1", { ...order, version: 2, tags: ["gift"] });
    const changed = shown();
    known.set("ord_1", { ...order, version: 3, tags: [] });
    return [before, changed, shown()];
}"""
WALL = """async () => {
    const { Screen } = await import("/static/js/wall/screen.js");
    const asked = [];
    const request = () => new Promise((answer) => asked.push(() => {
        const lock = { released: false, release: () => { lock.released = true; } };
        answer(lock);
        return lock;
    }));
    Object.defineProperty(navigator, "wakeLock", { value: { request } });
    const screen = new Screen(document.createElement("button"), document.createElement("time"));
    screen.turn(true);
    screen.turn(false);
    const left = asked[0]();
    await new Promise((done) => setTimeout(done));
    const again = screen.turn(true);
    document.dispatchEvent(new Event("visibilitychange"));
    const held = asked[1]();
    await again;
    document.dispatchEvent(new Event("visibilitychange"));
    return [left.released, held.released, asked.length];
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


def test_an_answer_is_not_undone_by_a_list_that_was_read_before_it(page: Page) -> None:
    assert page.evaluate(ABSORBED, 10) == [[2], [2]]


def test_a_list_read_behind_an_answer_knows_better_than_the_answer(page: Page) -> None:
    """What it leaves out has been moved on by a change that nobody may ever hear of here."""
    assert page.evaluate(ABSORBED, 11) == [[2], []]


def test_totals_are_compared_in_minor_units_as_the_server_compares_them(page: Page) -> None:
    assert page.evaluate(TOTALS) == [True, False, True, False, True, False]


def test_a_finished_order_that_no_longer_fits_the_filter_is_not_shown(page: Page) -> None:
    read = {"id": "ord_1", "number": 1, "status": "delivered", "updated_at": "1", "tags": ["gift"]}
    answer = {"orders": [{**read, "version": 1}], "next": None, "position": "e-1"}
    page.route("**/api/orders?*", lambda route: route.fulfill(json=answer))
    assert page.evaluate(FINISHED) == [[1], [2], []]


def test_a_wall_that_is_left_while_the_screen_is_asked_for_lets_it_go_dark(page: Page) -> None:
    assert page.evaluate(WALL) == [True, False, 2]
