"""Another process that keeps a database's lock on writing for as long as a block runs."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SQLITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
"""
_POSTGRESQL = """
import psycopg, sys
connection = psycopg.connect(sys.argv[1])
for table in ("log_head", "sessions", "orders", "keys"):
    connection.execute(f"SELECT 1 FROM {table} FOR UPDATE")
"""
_HOLD = """
print("held", flush=True)
sys.stdin.read()
connection.rollback()
"""


@contextmanager
def held(database_url: str) -> Iterator[None]:
    """Nobody else writes to this database during the block."""
    kind, _, path = database_url.partition(":///")
    program, place = (_SQLITE, path) if kind == "sqlite" else (_POSTGRESQL, database_url)
    command = [sys.executable, "-c", program + _HOLD, place]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin
        assert holder.stdout
        try:
            assert holder.stdout.readline() == b"held\n"
            yield
        finally:
            holder.stdin.close()
            holder.wait(10)
