"""An upgrade that is killed again and again, and what the database then holds."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from orderboard.database import db, reading
from orderboard.events import log
from orderboard.orders import indexing, queries
from orderboard.orders.model import OrderText
from orderboard.orders.searching import text_of
from orderboard.paths import MIGRATIONS
from tests.figures import reference
from tests.servers import ROOT

LATEST = sorted(path.stem[:4] for path in (MIGRATIONS / "versions").glob("0*.py"))
MOMENTS: tuple[tuple[str, int], ...] = (
    *((f"SET version_num='{revision}'", 1) for revision in LATEST[1:]),
    ("INSERT INTO figures ", 2),
    ("UPDATE figure_generations SET is_current", 2),
    ("INSERT INTO order_search ", 1),
    ("UPDATE search_state", 2),
    ("INSERT INTO order_search ", 2),
)
"""When it is killed: with each migration done and not yet committed, and in what comes after."""
_texts = OrderText.__table__


def upgrade(env: Mapping[str, str], timeout: float = 200) -> list[int]:
    """Bring a database up to date in processes of its own; answers what each ended with."""
    words = [str(word) for moment in MOMENTS for word in moment]
    command = [sys.executable, "-m", "tests.upgrades.dying", *words]
    done = subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=timeout
    )
    assert done.returncode == 0, done.stderr
    return [int(line) for line in done.stdout.split()]


def environment(home: Path, database_url: str) -> dict[str, str]:
    """The settings of those processes."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ORDERBOARD")}
    return {**kept, "ORDERBOARD_HOME": str(home), "DATABASE_URL": database_url}


def check(zone: str, topics_of: Mapping[int, set[str]]) -> None:
    """Raise AssertionError unless figures, search and topics are what the orders say."""
    assert reference.kept() == reference.counted(zone)
    with reading() as connection:
        orders = queries.numbered(connection, 0, 10**9)
        texts = {row.number: row.text for row in connection.execute(sa.select(_texts))}
        heard: dict[int, set[str]] = {}
        for topic, position in connection.execute(
            sa.text("SELECT topic, position FROM event_topics")
        ):
            heard.setdefault(position, set()).add(topic)
    assert texts == {order["number"]: text_of(order) for order in orders}
    assert heard.items() >= topics_of.items()
    assert set(heard) == set(range(1, log.head().position + 1))
    _check_index(texts)


def _check_index(texts: Mapping[int, str]) -> None:
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":  # raises where the index differs from the texts
            every: Any = "INSERT INTO order_grams (order_grams, rank) VALUES ('integrity-check', 1)"
            connection.execute(sa.text(every))
        else:
            gram = sa.text(
                "SELECT number FROM order_search WHERE orderboard_grams(text) @> '{lov}'"
            )
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
            found = set(connection.execute(gram).scalars())
            assert found == {number for number, text in texts.items() if "lov" in text}
    indexing.ensure(_no_more)


def _no_more(_done: int) -> None:
    raise AssertionError("the search was not up to date")
