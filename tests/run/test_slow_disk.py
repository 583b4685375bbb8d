"""A disk that takes 200 ms for each sync keeps those waiting who write, and nobody else."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.servers import ROOT, BoardServer, board_server

SYNC = 0.2
PROGRAM = ROOT / "tests" / "programs" / "slow_sync.c"


@pytest.fixture
def slow_board(folder: Path) -> Iterator[BoardServer]:
    """A board with one worker on a slow disk; where nothing can be preloaded, on a quick one."""
    settings = {"WEB_CONCURRENCY": "1"}
    if sys.platform == "linux":
        library = folder / "slow_sync.so"
        command = ["cc", "-shared", "-fPIC", "-o", str(library), str(PROGRAM), "-ldl"]
        subprocess.run(command, check=True)
        settings |= {"LD_PRELOAD": str(library), "SLOW_SYNC_MS": f"{SYNC * 1000:.0f}"}
    with board_server(folder / "home", **settings) as board:
        yield board


def place(board: BoardServer, headers: dict[str, str], number: int) -> float:
    """Place an order; answers how long that took."""
    began = time.monotonic()
    body = {"customer": f"Customer {number}"}
    answer = httpx.post(f"{board.base_url}/api/orders", json=body, headers=headers, timeout=30)
    assert answer.status_code == 201, answer.text
    return time.monotonic() - began


def test_nobody_but_the_writer_waits_for_a_slow_disk(slow_board: BoardServer) -> None:
    headers = {"Authorization": f"Bearer {slow_board.key()}"}
    waits: list[float] = []
    done = threading.Event()

    def look() -> None:
        with httpx.Client(base_url=slow_board.base_url, headers=headers, timeout=30) as client:
            while not done.is_set():
                for path in ("/healthz", "/api/orders?limit=5", "/api/overview"):
                    began = time.monotonic()
                    assert client.get(path).status_code == 200
                    waits.append(time.monotonic() - began)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        with ThreadPoolExecutor(8) as clerks:
            took = list(clerks.map(lambda n: place(slow_board, headers, n), range(48)))
    finally:
        done.set()
        looker.join(60)
    if sys.platform == "linux":
        assert min(took) >= SYNC, "the disk was not slow at all"
    waits.sort()
    slow = [wait for wait in waits if wait >= SYNC / 2]
    assert len(waits) > 100
    assert len(slow) <= len(waits) / 50, f"{len(slow)} of {len(waits)}, up to {waits[-1]:.3f} s"


def test_orders_that_wait_for_the_disk_together_share_one_sync(slow_board: BoardServer) -> None:
    headers = {"Authorization": f"Bearer {slow_board.key()}"}
    began = time.monotonic()
    with ThreadPoolExecutor(32) as clerks:
        took = list(clerks.map(lambda n: place(slow_board, headers, n), range(96)))
    together = time.monotonic() - began
    assert together < 96 * SYNC / 4, f"{together:.1f} s for 96 orders"
    assert max(took) < 5


def test_the_interpreter_itself_is_let_go_of_while_sqlite_works() -> None:
    """What all this relies on: SQLite's own work holds up no other thread of Python."""
    lines = (
        "import sqlite3, threading, time",
        "c = sqlite3.connect(':memory:', check_same_thread=False)",
        "long = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 3000000)'",
        "t = threading.Thread(target=lambda: c.execute(long + ' SELECT sum(i) FROM n').fetchall())",
        "t.start(); n = 0",
        "while t.is_alive(): time.sleep(0.001); n += 1",
        "print(n)",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    assert int(done.stdout) > 20
