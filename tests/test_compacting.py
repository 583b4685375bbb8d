"""A database file of before is given its free pages back, or is left as it was."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from orderboard import compacting
from orderboard.compacting import Size, compact
from orderboard.errors import DiskFull
from tests.servers import ROOT, BoardServer, new_board

MEGABYTE = 1 << 20
_ORDER = '{"customer": "Grete %d", "items": [{"name": "Tea", "quantity": 1}]}'


@pytest.fixture(scope="module")
def old() -> Iterator[Path]:
    """A file that knows no way to hand pages back, and has many."""
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as folder:
        board, orders = new_board(Path(folder) / "home"), Path(folder) / "orders.jsonl"
        orders.write_text("\n".join(_ORDER % number for number in range(50)))
        board.command("import", str(orders))
        with closing(sqlite3.connect(file_of(board), isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = DELETE")
            database.execute("PRAGMA auto_vacuum = NONE")
            database.execute("VACUUM")
            database.execute("CREATE TABLE junk (data BLOB)")
            database.executemany("INSERT INTO junk VALUES (?)", [(bytes(MEGABYTE),)] * 12)
            database.execute("DROP TABLE junk")
        yield file_of(board)


@pytest.fixture
def still(folder: Path, old: Path) -> BoardServer:
    """A board that does not run, on such a file."""
    board = new_board(folder / "home")
    board.home.mkdir(mode=0o700)
    shutil.copy(old, file_of(board))
    return board


@contextmanager
def running(board: BoardServer) -> Iterator[None]:
    """The board runs meanwhile."""
    try:
        board.start("--with-parent", str(os.getpid()))
        yield
    finally:
        board.stop()


def file_of(board: BoardServer) -> Path:
    return board.home / "orderboard.db"


def asked(path: Path, question: str) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute(question).fetchone()[0])


def state(path: Path) -> tuple[int, int, int]:
    """How it hands pages back (0: not at all), how many are free, how many orders there are."""
    vacuum, free = asked(path, "PRAGMA auto_vacuum"), asked(path, "PRAGMA freelist_count")
    return vacuum, free, asked(path, "SELECT count(*) FROM orders")


def is_sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as database:
        return bool(database.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def run(
    board: BoardServer, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orderboard", "compact"],
        cwd=ROOT,
        env=board.environ,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before,
    )


def test_the_file_is_as_large_as_what_is_in_it_and_stays_so(still: BoardServer) -> None:
    path = file_of(still)
    vacuum, free, orders = state(path)
    assert (vacuum, orders) == (0, 50)
    assert free * 4096 >= 12 * MEGABYTE
    done = run(still)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("MB now.\n")
    assert state(path) == (2, 0, 50)
    assert is_sound(path)
    assert path.stat().st_size < 4 * MEGABYTE
    assert {each.name for each in still.home.glob("orderboard.db-*")} == set()


def test_the_board_goes_on_with_it_search_and_all(still: BoardServer) -> None:
    assert run(still).returncode == 0
    headers = {"Authorization": f"Bearer {still.key()}"}
    with running(still), httpx.Client(base_url=still.base_url, headers=headers) as api:
        found = api.get("/api/orders", params={"q": "Grete 17"}).json()["orders"]
        names = {order["customer"]["name"] for order in found}
        assert names == {"Grete 17", "Grete 16"}  # whose number is 17
        assert api.post("/api/orders", json={"customer": "Ada"}).status_code == 201
    assert asked(file_of(still), "SELECT count(*) FROM orders") == 51


def test_it_is_refused_while_the_board_runs(still: BoardServer) -> None:
    with running(still):
        done = run(still)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("orderboard: the board runs (process ")
    assert done.stderr.count("\n") == 1
    assert state(file_of(still))[0] == 0


def test_it_is_refused_while_anything_else_has_the_file_open(still: BoardServer) -> None:
    path = file_of(still)
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("SELECT count(*) FROM orders").fetchone()
        done = run(still)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is in use: stop the board and its courier first" in done.stderr
    assert state(path)[0] == 0


def test_nobody_gets_at_the_file_meanwhile(still: BoardServer) -> None:
    path = file_of(still)

    def come_between(_size: Size) -> None:
        other = sqlite3.connect(path, timeout=0)
        with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("SELECT count(*) FROM orders").fetchone()

    compact(path, come_between)
    assert state(path) == (2, 0, 50)


def test_killed_underway_the_file_is_as_it_was_or_done(still: BoardServer) -> None:
    path = file_of(still)
    for kept in (0, 2, 20, 200):
        killer = "import sys, orderboard.compacting as c, pathlib, os, signal, threading, time\n"
        killer += f"begin = lambda _: threading.Timer({kept / 10000}, os.kill, (os.getpid(), 9))"
        killer += ".start()\n"
        killer += "c.compact(pathlib.Path(sys.argv[1]), begin); time.sleep(9)"
        ended = subprocess.run(
            [sys.executable, "-c", killer, str(path)], cwd=ROOT, check=False, timeout=60
        )
        assert ended.returncode == -signal.SIGKILL
        assert is_sound(path)
        assert asked(path, "SELECT count(*) FROM orders") == 50
    assert run(still).returncode == 0
    assert state(path) == (2, 0, 50)


def test_without_room_for_it_nothing_is_begun(
    still: BoardServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, began = file_of(still), list[Size]()
    usage = shutil.disk_usage(path.parent)._replace(free=2 * MEGABYTE)
    monkeypatch.setattr(compacting.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DiskFull, match=r"this needs \d+ MB of free disk .* 2 MB are free"):
        compact(path, began.append)
    assert not began
    assert state(path)[0] == 0


def test_when_the_room_ends_underway_the_file_is_as_it_was(still: BoardServer) -> None:
    def bounded() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    path = file_of(still)
    done = run(still, bounded)
    assert done.returncode == 1
    assert "The disk of the database is full" in done.stderr
    assert done.stderr.count("\n") == 1
    assert state(path)[0] == 0
    assert is_sound(path)


def test_where_there_is_no_file_or_another_one_it_says_so(folder: Path) -> None:
    board = new_board(folder / "home")
    board.home.mkdir(exist_ok=True)
    done = run(board)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "there is no database at" in done.stderr
    assert not file_of(board).exists()
    file_of(board).write_text("no database, but long enough to be taken for one " * 99)
    done = run(board)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "file is not a database" in done.stderr


def test_postgresql_needs_none_of_it(folder: Path) -> None:
    board = new_board(folder / "home", DATABASE_URL="postgresql://shop@127.0.0.1:1/shop")
    done = run(board)
    assert done.returncode == 0
    assert "PostgreSQL uses free pages again by itself" in done.stdout
