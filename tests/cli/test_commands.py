"""The commands beside ``run``, as somebody at a terminal uses them."""

import json
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from tests.servers import ROOT, BoardServer, new_board, wait_until


@pytest.fixture
def still(folder: Path, database_url: str) -> BoardServer:
    """A board that does not run, on both kinds of database."""
    return new_board(folder / "home", DATABASE_URL=database_url)


def run(board: BoardServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orderboard", *arguments],
        cwd=ROOT,
        env=board.environ,
        capture_output=True,
        text=True,
        check=False,
    )


def orders_file(folder: Path, *lines: object) -> str:
    path = folder / "orders.jsonl"
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("\n".join(texts))
    return str(path)


def test_a_key_alone_is_printed_and_works(board: BoardServer) -> None:
    done = run(board, "key", "create", "till", "--scope", "intake", "--scope", "read")
    assert done.stdout.startswith("ob_")
    assert done.stdout.count("\n") == 1
    headers = {"Authorization": f"Bearer {done.stdout.strip()}"}
    with httpx.Client(base_url=board.base_url, headers=headers) as client:
        assert client.post("/api/orders", json={"customer": "Ada"}).status_code == 201
        assert client.get("/api/orders").status_code == 200
        assert run(board, "key", "revoke", "till").returncode == 0
        assert client.get("/api/orders").status_code == 401


def test_a_link_alone_is_printed_and_signs_in_once(board: BoardServer) -> None:
    done = run(board, "admin", "link", "ada@example.com")
    assert done.stdout.startswith(f"{board.base_url}/admin/link/")
    assert done.stdout.count("\n") == 1
    with httpx.Client(follow_redirects=True) as first, httpx.Client() as second:
        assert first.get(done.stdout.strip()).url.path == "/admin"
        assert second.get(done.stdout.strip()).status_code >= 400


def test_a_scope_that_is_none_is_refused(still: BoardServer) -> None:
    done = run(still, "key", "create", "till", "--scope", "everything")
    assert done.returncode == 2
    assert "everything" in done.stderr


def test_an_address_that_is_none_is_refused_in_one_line(still: BoardServer) -> None:
    done = run(still, "admin", "link", "nobody")
    assert done.returncode == 1
    assert done.stderr == "orderboard: email: must be an e-mail address\n"


def test_a_file_of_orders_is_imported_once(still: BoardServer, folder: Path) -> None:
    bare = {"customer": "Ada", "external_id": "a"}
    wrapped = {"order": {"customer": "Grace", "external_id": "b"}, "expected_total": "0.00"}
    path = orders_file(folder, bare, "", wrapped)
    first, second = run(still, "import", path), run(still, "import", path)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert first.stdout == "2 placed, 0 there already, 0 refused\n"
    assert second.stdout == "0 placed, 2 there already, 0 refused\n"


def test_lines_that_are_no_good_are_named_and_the_others_placed(
    still: BoardServer, folder: Path
) -> None:
    good = {"customer": "Ada", "external_id": "a"}
    bad = {"customer": "Ada", "items": [{"name": "Chai", "quantity": 0}]}
    done = run(still, "import", orders_file(folder, "{", bad, good, "[" * 100_000, "7"))
    assert done.returncode == 1
    assert done.stdout == "1 placed, 0 there already, 4 refused\n"
    said = done.stderr.splitlines()
    assert said[0].startswith("line 1: The body is not JSON")
    assert said[1].startswith("line 2: items.0.quantity: must be from 0.001")
    assert [line.partition(":")[0] for line in said[2:]] == ["line 4", "line 5"]


def test_orders_that_are_imported_appear_on_a_running_board(
    board: BoardServer, folder: Path
) -> None:
    headers = {"Authorization": f"Bearer {board.key('read')}"}
    path = orders_file(folder, {"customer": "Ada Imported"})
    url = f"{board.base_url}/api/stream"
    with httpx.stream("GET", url, headers=headers, timeout=10) as stream:
        lines = stream.iter_lines()
        assert run(board, "import", path).returncode == 0
        assert next(line for line in lines if "Ada Imported" in line)


def test_a_check_says_what_is_well(still: BoardServer) -> None:
    done = run(still, "check")
    assert done.returncode == 0, done.stdout
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["configuration:", "ok,"],
        ["database:", "ok,"],
        ["redis:", "ok,"],
    ]


def test_a_check_names_each_fault(folder: Path) -> None:
    away = {
        "DATABASE_URL": f"postgresql://nobody@/nothing?host={folder}",
        "REDIS_URL": f"unix://{folder}/nothing.sock",
    }
    done = run(new_board(folder / "home", **away), "check")
    assert done.returncode == 1
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["configuration:", "ok,"],
        ["database:", "FAULT:"],
        ["redis:", "FAULT:"],
    ]
    wrong = run(new_board(folder / "home", PORT="many"), "check")
    assert (wrong.returncode, wrong.stdout.count("FAULT: PORT")) == (1, 1)


def test_a_fresh_database_is_migrated_on_request(folder: Path) -> None:
    board = new_board(folder / "home")
    assert "to be migrated" in run(board, "check").stdout
    assert run(board, "migrate").returncode == 0
    assert "0 events in the log" in run(board, "check").stdout


def test_figures_and_analytics_are_made_anew_while_the_shop_is_open(
    board: BoardServer, folder: Path
) -> None:
    headers = {"Authorization": f"Bearer {board.key()}"}
    path = orders_file(folder, {"customer": "Ada"}, {"customer": "Bo"})
    assert run(board, "import", path).returncode == 0

    def customers() -> int:
        answer = httpx.get(f"{board.base_url}/api/overview", headers=headers)
        return int(answer.json()["customers"])

    assert customers() == 2
    with sqlite3.connect(board.home / "orderboard.db", isolation_level=None, timeout=5) as database:
        database.execute("UPDATE figure_counts SET value = 7")
    database.close()
    assert customers() == 7
    done = run(board, "rebuild", "figures")
    assert done.returncode == 0, done.stderr
    assert "made anew" in done.stdout
    assert customers() == 2

    def orders() -> int:
        answer = httpx.get(f"{board.base_url}/api/analytics", headers=headers)
        return int(answer.json()["totals"]["orders"])

    wait_until(lambda: orders() == 2, 30, "a courier that has taken in both orders")
    with sqlite3.connect(board.home / "orderboard.db", isolation_level=None, timeout=5) as database:
        database.execute("UPDATE analytics_cells SET orders = 7")
    database.close()
    assert orders() == 7
    done = run(board, "rebuild", "analytics")
    assert done.returncode == 0, done.stderr
    assert orders() == 2


def test_the_search_is_made_anew_while_orders_come(board: BoardServer, folder: Path) -> None:
    headers = {"Authorization": f"Bearer {board.key()}"}
    before = [{"customer": f"Grace {n}"} for n in range(600)]
    assert run(board, "import", orders_file(folder, *before)).returncode == 0
    with sqlite3.connect(board.home / "orderboard.db", isolation_level=None, timeout=5) as database:
        database.execute("INSERT INTO order_grams (order_grams) VALUES ('delete-all')")
        database.execute("DELETE FROM order_search")
    database.close()
    over, placed = threading.Event(), []
    with httpx.Client(base_url=board.base_url, headers=headers, timeout=30) as client:

        def found(words: str) -> int:
            numbers, query = 0, {"q": words, "limit": "200"}
            while True:
                page = client.get("/api/orders", params=query).json()
                numbers += len(page["orders"])
                if page["next"] is None:
                    return numbers
                query["cursor"] = page["next"]

        def go_on() -> None:
            with httpx.Client(base_url=board.base_url, headers=headers, timeout=30) as other:
                while not over.is_set():
                    placed.append(other.post("/api/orders", json={"customer": "Edith"}).status_code)

        assert found("grace") == 0
        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            done = run(board, "rebuild", "search")
        finally:
            over.set()
            thread.join(60)
        assert done.returncode == 0, done.stderr
        assert "made anew" in done.stdout
        assert set(placed) == {201}
        assert (found("grace"), found("edith")) == (600, len(placed))
