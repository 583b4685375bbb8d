"""No list looks through the history: the plan of every filter in every order says so."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from itertools import chain, combinations
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard.database import db
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.orders import finding, queries
from orderboard.orders.new_order import NewOrder
from orderboard.orders.placing import place
from orderboard.orders.ranges import SORTS
from orderboard.orders.risk import AtRisk
from orderboard.orders.wanted import Filter

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LONG_AGO, EVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
VALUES: dict[str, Any] = {
    "status": ("pending", "failed"),
    "type": ("purchase", "donation"),
    "driver": ("drv_a",),
    "created_from": LONG_AGO,
    "created_to": EVER,
    "updated_after": LONG_AGO,
    "q": "ada 51",
    "payment": ("paid", "due"),
    "channel": ("web",),
    "tag": ("gift", "late"),
    "method": ("pickup",),
    "assigned_to": ("7", "none"),
    "due_before": EVER,
    "at_risk": AtRisk(EVER, EVER),
    "total_from": 1,
    "total_to": 10**9,
}
"""A value for every filter."""
OF_PAGES = {"sort", "after", "limit"}
HISTORY = ("orders", "order_lines", "order_search", "order_marks", "events")
ORDERED = "SCAN orders USING COVERING INDEX"
READ = re.compile("(SCAN|SEARCH) orders ")
A_FEW = re.compile(r"INTEGER PRIMARY KEY \(rowid=\?\)|ix_orders_day_\w+ \(<expr>=\?[ )]")
WHOLE_STATUS = re.compile(r"SEARCH orders .*\((status|driver_id)=\?\)$")
HOW_MANY = (0, 1, 2, len(VALUES) - 1, len(VALUES))
"""Filters that are there together."""
Statement = tuple[str, Any]


@pytest.fixture
def statements(app: Flask) -> Iterator[list[Statement]]:
    """What the database is asked while the app's context is open."""
    seen: list[Statement] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    with app.app_context():
        with log.transaction() as tx:
            for _ in range(3):
                place(tx, NewOrder(customer={"name": "Ada"}, currency="USD"), Actor("x", "x"), "x")
        sa.event.listen(db.engine, "before_cursor_execute", note)
        yield seen


def test_every_filter_is_in_this_test() -> None:
    assert {field.name for field in fields(Filter)} == VALUES.keys() | OF_PAGES


@on_sqlite
@pytest.mark.parametrize("few", [10_000, 0], ids=["few", "many"])
@pytest.mark.parametrize("sort", [*SORTS, *(f"-{name}" for name in SORTS)])
def test_no_filter_in_any_order_looks_through_the_history(
    statements: list[Statement], sort: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FEW", few)
    for some in chain.from_iterable(combinations(VALUES, n) for n in HOW_MANY):
        chosen = {name: VALUES[name] for name in some}
        first = queries.page(Filter(sort=sort, limit=1, **chosen))
        behind = (7, 2) if sort.endswith("total") else (datetime(2050, 1, 1, tzinfo=UTC), 2)
        queries.page(Filter(sort=sort, limit=1, after=first.next or behind, **chosen))
        assert len(statements) > 2
        for statement, parameters in dict(statements).items():
            assert not scans(statement, parameters), (chosen, statement)
        statements.clear()


@on_sqlite
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT number FROM orders WHERE customer_name = 'x'",
        "SELECT number FROM orders WHERE status = 'x' ORDER BY total LIMIT 1",
        "SELECT status FROM orders WHERE type = 'x' ORDER BY created_at LIMIT 1",
        "SELECT count(*) FROM order_lines WHERE sku = 'x'",
        "SELECT id FROM orders WHERE status = 'x' AND number IN (SELECT 1 FROM json_each('1'))",
    ],
)
def test_a_look_through_the_history_is_seen(statements: list[Statement], statement: str) -> None:
    assert scans(statement, ()), statements


def scans(statement: str, parameters: Any) -> list[str]:
    """The steps of a statement that read more of orders than a page may need."""
    raw = db.engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        rows = cursor.fetchall()
    finally:
        raw.close()
    steps = [str(row[-1]) for row in rows]
    # A list without filters reads its index from the end, no further than the page.
    bounded = "WHERE" not in statement and "LIMIT" in statement
    wrong = [s for s in steps if s.startswith(tuple(f"SCAN {table}" for table in HISTORY))]
    wrong = [s for s in wrong if not (bounded and s.startswith(ORDERED))]
    wrong += [step for step in steps if WHOLE_STATUS.match(step)]
    # A few orders found by their numbers, those of a day and what is left of the ranges may be
    # sorted, but never what a range is read from.
    read = {row[1] for row in rows if READ.match(row[-1]) and not A_FEW.search(row[-1])}
    return wrong + [row[-1] for row in rows if row[-1].startswith("USE TEMP") and row[1] in read]
