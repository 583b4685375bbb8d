"""A made past is what the product would have made, and the product goes on from there."""

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from benchmarks.history import making, plan, writing
from benchmarks.history.day import Shop
from orderboard.config import Settings
from orderboard.database import db
from orderboard.events import log
from orderboard.events.model import EventRow, EventTopic
from orderboard.orders import rules
from tests.benchmarks import again
from tests.figures import reference
from tests.servers import ROOT
from tests.web.support import json_of, moved, place, with_key

ORDERS = 2000
UNTIL = datetime(2026, 3, 1, tzinfo=UTC)
ALL = 10**9


def fill(app: Flask, settings: Settings, orders: int = ORDERS, kept: int = ALL) -> None:
    with app.app_context():
        making.make(orders, 7, UNTIL, settings.timezone, kept, lambda _: None)


def test_a_made_past_is_row_for_row_what_the_product_would_have_made(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(app, settings)
    with app.app_context():
        made, events, rows = again.tables(), log.since(0, ALL), again.rows_by_id()
        if db.engine.dialect.name == "sqlite":
            check = "INSERT INTO order_grams (order_grams, rank) VALUES ('integrity-check', 1)"
            with db.engine.begin() as connection:
                connection.execute(sa.text(check))
        again.clear()
        assert not again.tables()["orders"]
        again.do_again(events, rows, monkeypatch)
        done = again.tables()
    assert len(made["orders"]) == ORDERS
    assert {name for name in made if made[name] != done[name]} == set()


def test_positions_have_no_gaps_and_figures_are_those_of_the_orders(
    app: Flask, settings: Settings
) -> None:
    fill(app, settings)
    with app.app_context(), db.engine.connect() as connection:
        table, topics = EventRow.__table__, EventTopic.__table__
        events = connection.execute(sa.select(table).order_by(table.c.position)).all()
        heard = {(t.position, t.topic) for t in connection.execute(sa.select(topics))}
        assert [e.position for e in events] == list(range(1, log.head().position + 1))
        assert heard == {(e.position, topic) for e in events for topic in e.topics.split()}
        assert [e.at for e in events] == sorted(e.at for e in events)
        assert max(e.at for e in events) < UNTIL
        assert reference.kept() == reference.counted(settings.timezone)


def test_the_past_holds_what_a_shop_has_to_look_for(app: Flask, settings: Settings) -> None:
    fill(app, settings)
    with app.app_context():
        rows = again.rows_by_id().values()
    statuses = Counter(row["status"] for row in rows)
    assert set(statuses) >= set(rules.STATUSES) - {"failed"}
    assert statuses["completed"] > ORDERS / 2 > 20 * statuses["on_hold"]
    assert {row["type"] for row in rows} > {"purchase", "bulk", "return"}
    assert any(row["driver_id"] for row in rows)
    assert 0.1 < len({row["customer_key"] for row in rows}) / ORDERS < 0.4


def test_the_board_reads_a_made_past_and_goes_on_from_there(app: Flask, settings: Settings) -> None:
    fill(app, settings)
    script = with_key(app, "admin")
    page = json_of(script.get("/api/orders?limit=50"))
    newest = page["orders"][0]
    assert [order["number"] for order in page["orders"]] == list(range(ORDERS, ORDERS - 50, -1))
    assert json_of(script.get("/api/overview"))["orders"] == ORDERS
    found = json_of(script.get("/api/orders", query_string={"q": newest["customer"]["name"]}))
    assert newest["id"] in {order["id"] for order in found["orders"]}
    done = json_of(script.get("/api/orders?status=completed&limit=1"))["orders"][0]
    story = json_of(script.get(f"/api/orders/{done['id']}/events"))["events"]
    assert {event["type"] for event in story} == {"order.created", "order.updated"}
    assert len(story) == done["version"]
    order = place(script)
    assert order["number"] == ORDERS + 1
    assert moved(script, order, "processing")["version"] == 2
    pending = json_of(script.get("/api/orders?status=pending&sort=created"))["orders"][0]
    assert moved(script, pending, "processing")["version"] == pending["version"] + 1
    with app.app_context():
        assert reference.kept() == reference.counted(settings.timezone)


def test_the_log_keeps_whole_orders_only_as_far_back_as_it_was_told(
    app: Flask, settings: Settings
) -> None:
    fill(app, settings, kept=100)
    with app.app_context():
        events, head = log.since(0, ALL), log.head().position
        orders = [event for event in events if event.order_id]
        assert {e.position for e in orders if e.data} == set(range(head - 99, head + 1))
        assert reference.kept() == reference.counted(settings.timezone)


def test_a_database_with_orders_is_left_alone(app: Flask, settings: Settings) -> None:
    place(with_key(app, "intake"))
    with app.app_context():
        before = again.tables()
    with pytest.raises(writing.NotEmpty, match="has orders already"):
        fill(app, settings)
    with app.app_context():
        assert again.tables() == before


def test_the_same_seed_makes_the_same_past_and_another_one_another() -> None:
    def made(seed: int) -> list[making.Made]:
        days = plan.days(500, seed, UNTIL, 1)
        return [making.make_day(day, Shop(seed, 100, "UTC", 0)) for day in days]

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_several_processes_fill_a_new_data_folder_from_the_command_line(folder: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.history", "--orders", "6000"]
    env = {**os.environ, "ORDERBOARD_HOME": str(folder)}
    env.pop("DATABASE_URL", None)
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "6000 orders" in done.stderr
    lists = [sys.executable, "-m", "benchmarks.lists", "--every", "300", "--show", "3", "--words"]
    asked = subprocess.run(lists, env=env, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert re.match(r"\d+ lists, CPU: p50 .*\n.*\n( +\S+ +\S+ ms .*\n){3}", asked.stdout), asked
    assert "error" not in asked.stdout
    again = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert again.returncode == 1
    assert again.stderr.strip().splitlines()[-1].startswith("The database has orders already")
