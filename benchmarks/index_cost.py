"""What each index of the lists, and of the search, costs an order: CPU to write, bytes to keep.

Makes a past of 20,000 orders (``--orders``) in a new SQLite file, and in ``--database``, an empty
PostgreSQL database of this machine. Then the orders are copied, in the order in which they came,
into a table with one index and into one without, in turn; what that differs by is what the index
costs an order among many. On SQLite also how much more is written for an order that comes alone,
with a commit of its own: whole pages. ``python -m benchmarks.index_cost``.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.history.__main__ import main as make_past
from orderboard import create_app
from orderboard.database import db
from orderboard.orders.model import Order

_ROUNDS, _ALONE = 5, 400
_COLUMNS = "number, created_at, updated_at, total, status, type, driver_id"
_COPY = f"INSERT INTO copied SELECT {_COLUMNS} FROM orders WHERE number > {{0}} ORDER BY number"
_COPY_TEXTS = (
    "INSERT INTO copied (rowid, text) SELECT number, text FROM order_search ORDER BY number"
)
_BYTES = {
    "sqlite": "SELECT sum(pgsize) FROM dbstat WHERE name LIKE '{}'",
    "postgresql": "SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relname LIKE '{}'",
}
_FTS5 = (
    "CREATE VIRTUAL TABLE copied USING fts5"
    "(text, content='', detail=none, columnsize=0, tokenize='trigram case_sensitive 1')"
)
_GIN = (
    "CREATE INDEX ix_copied ON copied USING gin (orderboard_grams(text))"
    " WITH (gin_pending_list_limit = 512)"
)
_SEARCH = {"sqlite": (_FTS5, "order_grams%"), "postgresql": (_GIN, "ix_order_search_grams")}


def main() -> None:
    """Measure, and print a table for each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--database", metavar="URL", help="an empty PostgreSQL database")
    options = parser.parse_args()
    for url in filter(None, ("sqlite", options.database)):
        with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as home:
            address = f"sqlite:///{home}/past.db" if url == "sqlite" else url
            os.environ.update(ORDERBOARD_HOME=home, DATABASE_URL=address)
            os.environ["REDIS_URL"] = "redis://127.0.0.1:1/0"
            sys.argv[1:] = ["--orders", str(options.orders)]
            make_past()
            with create_app().app_context():
                held = db.engine.raw_connection()
                driver: Any = held.driver_connection
                driver.autocommit = True  # SQLite's commits each statement anyway
                if db.engine.dialect.name == "sqlite":
                    driver.execute("PRAGMA synchronous = OFF")  # it is no disk that is measured
                Copies(db.engine.dialect.name, driver, options.orders).table()
            sys.stdout.flush()
    os._exit(0)  # the stream's threads look at a database that is gone


class Copies:
    """Orders copied into a table of its own, and what they cost."""

    def __init__(self, kind: str, driver: Any, orders: int) -> None:
        self._kind, self._driver, self._orders = kind, driver, orders
        self._server = None if self._kind == "sqlite" else self._ask("SELECT pg_backend_pid()")

    def table(self) -> None:
        """Print a line for each index."""
        print(f"{self._kind:26}CPU us an order   bytes an order   bytes written alone")
        for index in sorted(Order.__table__.indexes, key=lambda one: str(one.name)):
            if (name := str(index.name)).startswith("ix_"):
                self._line(name, *self._of_list(index))
        make, name = _SEARCH[self._kind]
        self._line("search", *self._of_search(make), name)

    def _line(self, label: str, cpu: float, written: float | None, name: str = "") -> None:
        size = self._ask(_BYTES[self._kind].format(name or label)) / self._orders
        told = "-" if written is None else f"{written:,.0f}"
        print(f"{label:26}{cpu:15.2f}{size:17.0f}{told:>22}", flush=True)

    def _of_list(self, index: sa.Index) -> tuple[float, float | None]:
        columns = ", ".join(str(column.name) for column in index.columns)
        where = "WHERE driver_id IS NOT NULL" if "driver_id" in columns else ""
        make = f"CREATE INDEX ix_copied ON copied ({columns}) {where}"
        plain = f"CREATE TABLE copied AS SELECT {_COLUMNS} FROM orders LIMIT 0"
        return self._costs([plain], [plain, make], _COPY)

    def _of_search(self, make: str) -> tuple[float, float | None]:
        plain = "CREATE TABLE copied (rowid INTEGER PRIMARY KEY, text TEXT)"
        indexed = [make] if self._kind == "sqlite" else [plain, make]
        return self._difference([plain], indexed, [_COPY_TEXTS]), None

    def _costs(
        self, without: list[str], indexed: list[str], copy: str
    ) -> tuple[float, float | None]:
        """Microseconds of CPU that an index takes an order, and bytes written for one alone."""
        us = self._difference(without, indexed, [copy.format(0)])
        if self._kind != "sqlite":
            return us, None
        alone = [copy.format(f"{n} AND number = {n + 1}") for n in range(_ALONE)]
        return us, (self._written(indexed, alone) - self._written(without, alone)) / _ALONE

    def _difference(self, without: list[str], indexed: list[str], work: list[str]) -> float:
        """Microseconds of CPU more an order, the median of some."""
        more = [self._cpu(indexed, work) - self._cpu(without, work) for _ in range(_ROUNDS)]
        return statistics.median(more) / self._orders * 1e6

    def _cpu(self, before: list[str], work: list[str]) -> float:
        self._run(before)
        began = self._seconds()
        self._run(work)
        took = self._seconds() - began
        self._run(["DROP TABLE copied"])
        return took

    def _written(self, before: list[str], work: list[str]) -> int:
        file = Path(self._driver.execute("PRAGMA database_list").fetchone()[2] + "-wal")
        self._run([*before, "PRAGMA wal_autocheckpoint = 0", "PRAGMA wal_checkpoint(TRUNCATE)"])
        self._run(work)
        size = file.stat().st_size
        self._run(["PRAGMA wal_autocheckpoint = 1000", "DROP TABLE copied"])
        return size

    def _run(self, statements: list[str]) -> None:
        for statement in statements:
            self._driver.execute(statement)

    def _ask(self, statement: str) -> int:
        return int(self._driver.execute(statement).fetchone()[0])

    def _seconds(self) -> float:
        if self._server is None:
            return time.process_time()
        fields = Path(f"/proc/{self._server}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
