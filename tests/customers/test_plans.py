"""No list, search or look at one customer goes through all of them: the plans say so."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard.customers import finding, queries
from orderboard.customers.finding import SORTS
from orderboard.customers.queries import Filter
from orderboard.database import db, reading
from tests.consumers.support import place_some
from tests.customers.support import catch_up

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Statement = tuple[str, Any]


@pytest.fixture
def statements(app: Flask) -> Iterator[list[Statement]]:
    """What the database is asked while the app's context is open."""
    seen: list[Statement] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    with app.app_context():
        for name in ("Ada", "Bo", "Cy"):
            place_some(2, name, email=f"{name}@x.example")
        catch_up()
        sa.event.listen(db.engine, "before_cursor_execute", note)
        yield seen


def scanned(statements: list[Statement]) -> list[str]:
    """What of the plans of some statements reads all rows of a table, and in no useful order."""
    found = []
    with db.engine.connect() as connection:
        for statement, parameters in list(statements):
            if not statement.startswith(("SELECT", "UPDATE", "DELETE")):
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [str(row.detail) for row in plan]
            found += [
                f"{step}: {statement}"
                for step in steps
                if ("SCAN" in step and not is_ordered(step))
                or ("TEMP B-TREE" in step and "LIMIT" in statement)
            ]
    return found


def is_ordered(step: str) -> bool:
    """Whether a scan stops where the page is full, or is of what is small."""
    small = ("log_head", "VIRTUAL TABLE", "CONSTANT")
    return ("USING" in step and "INDEX ix_customers_" in step) or any(n in step for n in small)


@pytest.mark.parametrize("few", [10_000, 0], ids=["few", "many"])
@pytest.mark.parametrize("sort", [*SORTS, *(f"-{name}" for name in SORTS)])
def test_no_list_looks_at_all_customers(
    statements: list[Statement], sort: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FEW", few)
    for q in ("", "x.example"):
        first = queries.page(Filter(q=q, sort=sort, currency="EUR", limit=1))
        queries.page(Filter(q=q, sort=sort, currency="EUR", limit=1, after=first.next))
        assert first.next
    assert len(statements) > 10
    assert scanned(statements) == []


def test_neither_does_a_look_at_one_nor_at_whose_an_order_is(statements: list[Statement]) -> None:
    (customer,) = queries.page(Filter(q="ada", currency="EUR")).customers
    statements.clear()
    history = queries.history(customer["id"], None, 1)
    queries.history(customer["id"], history.next, 1)
    queries.get(customer["id"])
    queries.of_order(history.orders[0]["id"])
    with reading() as connection:
        queries.some_orders(connection, ["ada@x.example"], 5)
        queries.keys_with(connection, "ada@x.example")
    assert len(statements) > 10
    assert scanned(statements) == []


def test_a_look_through_all_is_seen(statements: list[Statement]) -> None:
    with db.engine.connect() as connection:
        connection.execute(sa.text("SELECT name FROM customers WHERE phone = '1'")).all()
        connection.execute(sa.text("SELECT name FROM customers ORDER BY name")).all()
    assert len(scanned(statements)) >= 2
