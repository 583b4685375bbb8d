"""How fast the board draws while orders come and change.

Starts the real thing, places orders, opens the board in Chromium (1440 x 900), has it load them,
and then changes some fifty times a second: a fifth are new orders, a fifth are moves of orders at
the top of the list, the rest moves anywhere. Three times the browser traces itself: with the page
at its top, in the middle of the list, and while somebody scrolls through it. A dot that changes its
colour with each frame has the page draw every frame there can be. Run it as
``python -m benchmarks.board``; with ``--view board --rows 500`` it is the board's columns that are
looked at, with ``--view wall`` the wall.

``interval``: milliseconds from one frame on the screen to the next; ``dropped``: refreshes of the
screen (60 a second) that had no new frame; ``main thread``: CPU of the page between two frames.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page

from benchmarks import machine
from benchmarks.frames import CATEGORIES, Frames, percentile, read_trace
from benchmarks.servers import ROOT, environment, start_orderboard
from benchmarks.shop import ORDER
from tests.browsers import chromium

Json = dict[str, Any]
_BATCH = 500
_EACH_FRAME = """() => {
    const dot = document.body.appendChild(document.createElement("i"));
    dot.style.cssText = "position: fixed; inset: 0 auto auto 0; width: 2px; height: 2px";
    const next = (frame) => {
        dot.style.backgroundColor = frame % 2 ? "#000" : "#fff";
        requestAnimationFrame(() => next(frame + 1));
    };
    next(0);
}"""
_SHOWN = {"table": "#orders .row", "board": ".order-card", "wall": ".ticket"}
_MORE = """(wanted) => {
    const shown = parseInt(document.getElementById("shown-count").textContent.replace(/\\D/g, ""));
    const more = document.getElementById("more");
    if (shown < wanted && !more.hidden) more.click();
    return shown;
}"""


class Changes:
    """Orders placed and moved at a steady rate, by a thread of its own."""

    def __init__(self, api: httpx.Client, orders: list[Json], rate: float) -> None:
        self._api = api
        self._chance = random.Random(1)
        self._pending = [order["id"] for order in orders]
        self._rate = rate
        self._ended = threading.Event()
        self.done = 0

    def run(self) -> None:
        """Change one thing after the other until told to end."""
        began = time.monotonic()
        while not self._ended.wait(max(0.0, began + self.done / self._rate - time.monotonic())):
            kind = self.done % 5
            if kind == 0:
                self._pending.append(self._api.post("/api/orders", json=ORDER).json()["id"])
            else:
                self._move(self._newest() if kind == 1 else self._any())
            self.done += 1

    def end(self) -> None:
        """Change nothing more."""
        self._ended.set()

    def _move(self, place: int) -> None:
        order = self._pending.pop(place)
        self._api.put(f"/api/orders/{order}/status", json={"status": "processing"})

    def _newest(self) -> int:
        return len(self._pending) - 1 - self._chance.randrange(20)

    def _any(self) -> int:
        return self._chance.randrange(len(self._pending) - 20)


def main() -> None:
    """Measure and print one line for each way to look at the board."""
    options = _options()
    load = machine.load_average()
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as folder:
        home = Path(folder)
        server = start_orderboard(home)
        try:
            env = environment(home, server.port)
            key = _told(env, "key", "create", "bench", "--scope", "admin")
            headers = {"Authorization": f"Bearer {key}"}
            address = f"http://127.0.0.1:{server.port}"
            with httpx.Client(base_url=address, headers=headers, timeout=30) as api:
                orders = _placed(api, options.rows)
                link = _told(env, "admin", "link", "ada@shop.example")
                with _board(address, link, options.rows, options.view) as page:
                    changes = Changes(api, orders, options.rate)
                    _measure_all(page, changes, options.seconds)
        finally:
            server.stop()
    print(machine.described())
    print(f"Load average before: {load:.1f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--view", choices=[*_SHOWN], default="table")
    parser.add_argument("--rate", type=float, default=50.0, help="changes a second")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each way to look")
    return parser.parse_args()


def _told(env: dict[str, str], *words: str) -> str:
    """What a command of the measured house prints."""
    command = [sys.executable, "-m", "orderboard", *words]
    return subprocess.check_output(command, env=env, text=True, cwd=ROOT).strip()


def _placed(api: httpx.Client, number: int) -> list[Json]:
    orders: list[Json] = []
    while len(orders) < number:
        batch = {"orders": [ORDER] * min(_BATCH, number - len(orders))}
        answer = api.post("/api/orders/batch", json=batch)
        orders += [result["order"] for result in answer.json()["results"]]
    return orders


@contextmanager
def _board(address: str, link: str, rows: int, view: str) -> Iterator[Page]:
    """A board with that many orders loaded."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=address)
        page.goto(link)
        page.goto(f"/admin?view={view}")
        page.wait_for_selector("connection-badge[state=live]")
        page.wait_for_selector(_SHOWN[view])
        while view == "table" and (shown := page.evaluate(_MORE, rows)) < rows:
            print(f"\r{shown} rows loaded", end="", file=sys.stderr, flush=True)
            page.wait_for_timeout(50)
        print(f"\r{rows} rows loaded; {_in_page(page)}", file=sys.stderr)
        page.evaluate(_EACH_FRAME)
        yield page


def _in_page(page: Page) -> str:
    rows, elements = page.evaluate(
        "() => ['#views [data-id]', '*'].map((what) => document.querySelectorAll(what).length)"
    )
    return f"{rows} of them in the page, which has {elements} elements"


def _measure_all(page: Page, changes: Changes, seconds: float) -> None:
    print(
        "                 frames/s  interval p50   p95   p99   max  dropped"
        "  main thread mean   p99   max  layouts/s"
    )
    looks = {"at the top": _at_the_top, "in the middle": _in_the_middle, "scrolling": _scrolling}
    thread = threading.Thread(target=changes.run, daemon=True)
    thread.start()
    try:
        for name, look in looks.items():
            done, began = changes.done, time.monotonic()
            print(_line(name, _traced(page, look, seconds), seconds), flush=True)
            rate = (changes.done - done) / (time.monotonic() - began)
            print(f"{name}: {rate:.0f} changes a second, {_in_page(page)}", file=sys.stderr)
    finally:
        changes.end()
        thread.join(10)


def _traced(page: Page, look: Callable[[Page, float], None], seconds: float) -> Frames:
    look(page, 1.0)
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=CATEGORIES)
    look(page, seconds)
    return read_trace(json.loads(browser.stop_tracing())["traceEvents"])


def _at_the_top(page: Page, seconds: float) -> None:
    page.evaluate("() => scrollTo(0, 0)")
    page.wait_for_timeout(seconds * 1000)


def _in_the_middle(page: Page, seconds: float) -> None:
    page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight / 2)")
    page.wait_for_timeout(seconds * 1000)


def _scrolling(page: Page, seconds: float) -> None:
    """Down by about two rows each frame, as somebody does who looks for something."""
    page.mouse.move(700, 500)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        page.mouse.wheel(0, 90)
        page.wait_for_timeout(16)


def _line(name: str, frames: Frames, seconds: float) -> str:
    waits = [percentile(frames.intervals, n) for n in (50, 95, 99)]
    shown = "".join(f"{wait:6.1f}" for wait in [*waits, max(frames.intervals)])
    return (
        f"{name:16} {frames.per_second:8.1f}        {shown}  {frames.dropped:7.1%}"
        f"            {sum(frames.busy) / len(frames.busy):6.1f}"
        f"{percentile(frames.busy, 99):6.1f}{max(frames.busy):6.1f}"
        f"  {frames.layouts / seconds:9.0f}"
    )


if __name__ == "__main__":
    main()
