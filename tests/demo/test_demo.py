"""The demo: a past that could have been, and a present that keeps moving on a real board."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import httpx
import pytest
from flask import Flask

from orderboard import clock
from orderboard.demo import past, world
from orderboard.events import log
from tests.processes import processes
from tests.servers import ROOT, BoardServer, new_board, wait_until


@pytest.mark.parametrize("seed", range(3))
def test_the_past_could_have_been(app: Flask, seed: int) -> None:
    before = clock.now()
    with app.app_context():
        past.invent(Random(seed), orders=25)
        events = log.since(0, 10_000)
    times = [clock.parse_rfc3339(event.at) for event in events]
    assert times == sorted(times)
    assert before - timedelta(hours=31) < times[0] < times[-1] <= clock.now()
    assert sum(event.type == "order.created" for event in events) == 25
    assert len({event.data["status"] for event in events if event.data and event.order_id}) >= 6


def test_time_goes_on_as_before_after_the_past(app: Flask) -> None:
    with app.app_context():
        past.invent(Random(7), orders=1)
    assert abs(clock.now() - datetime.now(clock.now().tzinfo)) < timedelta(seconds=1)


def test_the_demo_fills_the_board_and_keeps_it_moving(folder: Path) -> None:
    elsewhere = f"postgresql://nobody@/elsewhere?host={folder}"
    demo = new_board(folder / "home", DATABASE_URL=elsewhere)
    demo.verb = "demo"
    try:
        demo.start("--pace", "600", "--with-parent", str(os.getpid()))
        family = demo.family()
        demo.environ["ORDERBOARD_HOME"] += "-demo"
        del demo.environ["DATABASE_URL"]
        headers = {"Authorization": f"Bearer {demo.key('read')}"}
        with httpx.Client(base_url=demo.base_url, headers=headers) as client:
            wait_until(lambda: client.get("/api/overview").json()["orders"] >= 60, 20)
            kinds = {event["type"] for event in all_events(client)}
            assert kinds >= {"order.created", "order.updated", "order.cancelled"}
            assert len(client.get("/api/drivers").json()["drivers"]) == 5
            sold = client.get("/api/catalogue").json()["products"]
            assert {product["sku"] for product in sold} == {one.sku for one in world.PRODUCTS}
            wait_until(lambda: from_the_shop_page(client), 20, "an order from the shop page")
    finally:
        demo.process.send_signal(signal.SIGINT)
        demo.stop()
    assert demo.process.returncode == 0
    known = {process.pid for process in family}
    wait_until(lambda: not known & {process.pid for process in processes()}, 5)


def test_a_newcomers_second_link_leads_to_the_demo(folder: Path) -> None:
    demo = new_board(folder / "home")
    demo.verb = "demo"
    try:
        demo.start("--with-link", "--with-parent", str(os.getpid()))
        said = next(line for line in demo.output.splitlines() if "New links:" in line)
        words = said.partition("python -m orderboard")[2].split()
        assert words == ["admin", "link", "--demo", "EMAIL"]
        with httpx.Client(base_url=demo.base_url, follow_redirects=True, timeout=30) as client:
            link = demo.command(*words[:-1], "ada@example.com")
            assert client.get(link).url.path == "/admin"
        with httpx.Client(timeout=30) as client:
            forgot = told(demo, *words[:2], "ada@example.com")
            assert forgot.stderr == "What runs here is the demo; for a link to that, add --demo.\n"
            unknown = client.get(forgot.stdout.strip())
        assert unknown.status_code == 410
        assert "made for another board" in unknown.text
        assert "orderboard admin link --demo you@example.com" in unknown.text
    finally:
        demo.stop()


def test_a_board_speaks_of_no_demo_where_there_is_none(board: BoardServer) -> None:
    assert "demo" not in board.output
    assert told(board, "admin", "link", "ada@example.com").stderr == ""
    assert "--demo" not in httpx.get(f"{board.base_url}/admin/sign-in").text


def from_the_shop_page(client: httpx.Client) -> list[object]:
    """Orders that came while the demo runs, from somebody without a key."""
    orders = client.get("/api/orders?limit=100").json()["orders"]
    return [o for o in orders if o["source"] == "web" and o["number"] > 40 and not o["external_id"]]


def told(board: BoardServer, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "orderboard", *words]
    return subprocess.run(
        command, cwd=ROOT, env=board.environ, capture_output=True, text=True, check=True
    )


def all_events(client: httpx.Client) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    after = client.get("/api/events?limit=1").json()["next"].partition("-")[0] + "-0"
    while page := client.get("/api/events", params={"after": after, "limit": 500}).json()["events"]:
        found += page
        after = page[-1]["id"]
    return found
