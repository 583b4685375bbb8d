"""Importing while the shop is open: it says how far it is, and holds nobody up."""

import itertools
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from flask import Flask

from orderboard.cli.filing import Filing, Line
from orderboard.errors import DiskFull
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.events.group_commit import group_commit
from orderboard.orders.new_order import NewOrder
from orderboard.orders.placing import place
from tests.servers import ROOT, new_board, wait_until


def lines(count: int, first: int = 0) -> list[Line]:
    """Lines with new orders of two things each."""
    items = [{"sku": "C1", "name": "Chai", "quantity": 2, "unit_price": "2.50"}] * 2
    numbers = range(first, first + count)
    orders = ({"customer": "Ada", "items": items, "external_id": f"x{n}"} for n in numbers)
    return [Line(n, json.dumps(order).encode()) for n, order in enumerate(orders, 1)]


def test_it_says_how_far_it_is_where_there_is_no_terminal(folder: Path) -> None:
    board, errors = new_board(folder / "home"), folder / "errors"
    with (
        errors.open("wb") as stderr,
        subprocess.Popen(
            [sys.executable, "-m", "orderboard", "import", "-"],
            cwd=ROOT,
            env=board.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
        ) as running,
    ):
        assert running.stdin
        assert running.stdout
        deadline, count = time.monotonic() + 90, 0
        while not errors.read_text() and time.monotonic() < deadline:
            running.stdin.write(b"".join(line.text + b"\n" for line in lines(100, count)))
            running.stdin.flush()
            count += 100
        running.stdin.close()
        said = running.stdout.read().decode()
    first = errors.read_text().splitlines()[0]
    assert " lines, " in first
    assert " a second: " in first
    assert first.endswith(" placed, 0 there already, 0 refused")
    assert 0 < int(first.split()[0]) <= count
    assert said == f"{count} placed, 0 there already, 0 refused\n"


def test_others_have_their_turn_again_and_again(app: Flask) -> None:
    ordered, over = list[float](), threading.Event()

    def order(number: int) -> None:
        new = NewOrder(
            customer={"name": "Bo"}, currency="USD", external_id=f"{threading.get_ident()}-{number}"
        )
        group_commit(lambda tx: place(tx, new, Actor("staff", "Bo"), "staff"))

    def shop() -> None:
        with app.app_context():
            while not over.is_set():
                order(len(ordered))
                ordered.append(time.monotonic())

    with app.app_context():
        filing = Filing("USD")
        thread = threading.Thread(target=shop)
        thread.start()
        wait_until(lambda: ordered, 10)
        began = time.monotonic()
        filing.file(lines(2000))
        ended = time.monotonic()
        over.set()
        thread.join(10)
    assert filing.tally.placed == 2000
    turns = [began, *(moment for moment in ordered if began < moment < ended), ended]
    gaps = sorted(after - before for before, after in itertools.pairwise(turns))
    assert len(gaps) > 60
    assert gaps[-1] < (ended - began) / 8


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_there_already_is_passed_over_at_20_000_lines_a_second(app: Flask) -> None:
    batch = lines(500)
    with app.app_context():
        filing = Filing("USD")
        filing.file(batch)
        began = time.thread_time()  # of this thread alone, whatever else the machine does
        for _ in range(40):
            assert filing.file(batch) == []
        seconds = time.thread_time() - began
    assert (filing.tally.placed, filing.tally.known) == (500, 20_000)
    assert 20_000 / seconds > 20_000
    with app.app_context():
        assert log.head().position == 500


def test_what_is_there_is_known_by_the_id_as_it_is_kept(app: Flask) -> None:
    with app.app_context():
        filing = Filing("USD")
        once = [{"customer": "Ada", "external_id": "a"}, {"customer": "Ada", "external_id": " b "}]
        again = [{"order": {"customer": "Ada", "external_id": name}} for name in (" a", "b")]
        for group in (once, again):
            filing.file([Line(n, json.dumps(order).encode()) for n, order in enumerate(group, 1)])
        twice = [Line(n, b'{"customer": "Ada", "external_id": "c"}') for n in (1, 2)]
        filing.file(twice)
        # The same id from somebody else is another order's.
        other = NewOrder(customer={"name": "Bo"}, currency="USD", external_id="d")
        with log.transaction() as tx:
            place(tx, other, Actor("staff", "Bo"), "staff")
        filing.file([Line(1, b'{"customer": "Ada", "external_id": "d"}')])
    assert str(filing.tally) == "4 placed, 3 there already, 0 refused"


def test_what_is_counted_is_there_when_it_breaks_off(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        filing = Filing("USD")
        filing.file(lines(10))

        def full(*_: object) -> None:
            raise DiskFull("The disk is full.")

        monkeypatch.setattr(log, "_take_positions", full)
        with pytest.raises(DiskFull):
            filing.file(lines(10, first=100))
        assert filing.tally.placed == log.head().position == 10
