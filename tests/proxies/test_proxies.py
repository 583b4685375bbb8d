"""What the docs have for nginx, HAProxy and Caddy does what the docs say."""

import json
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.house import House
from tests.proxies.clients import STREAM, VERSIONS, Answer, Stream, ask, stream
from tests.proxies.conftest import INTAKE_LIMIT
from tests.proxies.programs import PROGRAMS, Proxy
from tests.servers import wait_until

EVENTS = 40
SOON = 0.1
"""Seconds from an order's answer to the event, at most, for the half of them."""
PATIENCE = 62
"""Seconds: longer than what nginx (60) and Debian's HAProxy (50) wait for an answer to go on."""
versions = pytest.mark.parametrize("version", list(VERSIONS))
LISTEN = """
(path) => {
  window.heard = [];
  window.away = 0;
  const source = new EventSource(path);
  window.source = source;
  for (const type of ["order.created", "order.updated"]) {
    source.addEventListener(type, (event) => heard.push(JSON.parse(event.data).position));
  }
  source.addEventListener("end", (event) => {
    if (JSON.parse(event.data).reason === "away") window.away += 1;
  });
}
"""


@versions
def test_an_event_is_there_within_a_tenth_of_a_second(
    house: House, through: Proxy, version: str
) -> None:
    with stream(through, "/api/stream", house.credentials, version) as listener:
        sent = {}
        for _ in range(EVENTS):
            sent[house.place()["id"]] = time.monotonic()
            time.sleep(0.05)  # the next one is not to be joined with this one
        wait_until(lambda: sent.keys() <= listener.came.keys(), what="all events")
    late = statistics.median(listener.came[order] - sent[order] for order in sent)
    print(f"{through.name}, {version}: half of them within {1000 * late:.1f} ms of the answer")
    assert late < SOON
    assert list(listener.came) == list(sent)


def test_a_form_is_taken_from_a_site_on_any_port(through: Proxy, visitor: Browser) -> None:
    for scheme in ("http", "https"):
        with _page(visitor, through.address(scheme)) as page:
            page.fill("[name=customer-name]", "Ada")
            page.fill("[name=items-0-name]", "Chai")
            page.fill("[name=items-0-quantity]", "2")
            page.fill("[name=items-0-unit_price]", "18.00")
            page.evaluate("document.querySelector('form').submit()")
            page.wait_for_url("**/track/**")


def test_a_client_cannot_choose_its_address(through: Proxy, proxies: dict[str, Proxy]) -> None:
    number = 2 + 2 * list(proxies).index(through.name)

    def place(address: str, claim: str) -> int:
        claims = ["-H", f"X-Forwarded-For: {claim}", "-H", f"Forwarded: for={claim}"]
        body = ["-H", "Content-Type: application/json", "-d", '{"customer": "Ada"}']
        return ask(through, "/api/orders", "--interface", address, *claims, *body).status

    mine, other = f"127.0.0.{number}", f"127.0.0.{number + 1}"
    tries = [place(mine, f"198.51.100.{n}") for n in range(2 * INTAKE_LIMIT + 1)]
    assert tries.count(429) >= 1
    assert tries[0] == 201
    assert place(other, mine) == 201


def test_a_full_batch_goes_through(house: House, through: Proxy, tmp_path: Path) -> None:
    line = {"sku": "X" * 60, "name": "Y" * 100, "quantity": 1, "unit_price": "1.00"}
    orders = [{"customer": "Ada", "items": [line] * 15}] * 1000
    file = tmp_path / "batch.json"
    file.write_text(json.dumps({"orders": orders}))
    assert 3_000_000 < file.stat().st_size < 4_000_000
    headers = ["-H", f"Authorization: {house.credentials['Authorization']}"]
    headers += ["-H", "Content-Type: application/json"]
    answer = ask(through, "/api/orders/batch", *headers, "-d", f"@{file}")
    assert answer.status == 207, answer.text[:200]


def test_figures_are_not_for_the_public(through: Proxy) -> None:
    assert ask(through, "/metrics").status == 404
    assert ask(through, "/healthz").status == 200


def test_browsers_are_back_after_a_restart_and_have_missed_nothing(
    house: House, proxies: dict[str, Proxy], visitor: Browser
) -> None:
    """Through each proxy and over each version: one restart for all."""
    order, start = house.place(), _position(house.head())
    token = urlsplit(order["track_url"]).path.rpartition("/")[2]
    with ExitStack() as stack:
        ways = [(proxy, version) for proxy in proxies.values() for version in VERSIONS]
        pages = []
        for proxy, version in ways:
            page = stack.enter_context(_page(visitor, proxy.address(VERSIONS[version][0])))
            page.evaluate(LISTEN, f"/api/track/{token}/stream")
            pages.append(page)
        _until(pages, "source.readyState === 1")
        house.move(order, "processing")
        _until(pages, "heard.length === 1")
        with _away(house):
            for proxy, version in ways:
                _sees_who_is_told_what(proxy, version)
            _until(pages, "away > 0")
        house.move(order, "ready", "shipped")
        _until(pages, "heard.length >= 3")
        house.move(order, "delivered")
        _until(pages, "heard.length >= 4")
        told = [event["position"] for event in house.log() if event["position"] > start]
        assert [page.evaluate("heard") for page in pages] == [told] * len(pages)


def test_a_quiet_stream_outlives_the_proxies_patience(quiet: list[Stream]) -> None:
    """It is the last one, so that most of the time has passed with the others."""
    wait_until(lambda: time.monotonic() > quiet[0].began + PATIENCE, PATIENCE + 5)
    assert len(quiet) == len(PROGRAMS) * len(VERSIONS)
    for listener in quiet:
        assert listener.is_open
        assert not listener.came
        age = time.monotonic() - listener.began
        assert age / 15 - 1 <= listener.beats <= age / 10 + 1, "heartbeats as rare as may be"


def _sees_who_is_told_what(through: Proxy, version: str) -> None:
    """While the server is away."""

    def told(path: str, *options: str) -> Answer:
        return ask(through, path, *options, version=version)

    listener = told("/api/stream", *STREAM)
    assert (listener.status, listener.type) == (200, "text/event-stream")
    assert listener.text == 'retry: 3000\nevent: end\ndata: {"reason":"away"}\n\n'
    for other in (told("/"), told("/healthz"), told("/api/orders", "-d", "{}")):
        assert other.status in (502, 503)
        assert "event-stream" not in other.type


@contextmanager
def _away(house: House) -> Iterator[None]:
    house.server.stop()
    try:
        yield
    finally:
        house.server.start("--with-parent", str(os.getpid()))


@contextmanager
def _page(visitor: Browser, address: str) -> Iterator[Page]:
    context = visitor.new_context(ignore_https_errors=True)
    try:
        page = context.new_page()
        page.goto(address)
        yield page
    finally:
        context.close()


def _until(pages: list[Page], expression: str) -> None:
    for page in pages:
        wait_until(lambda page=page: page.evaluate(expression), 30, expression)  # type: ignore[misc]


def _position(id_: str) -> int:
    return int(id_.rpartition("-")[2])
