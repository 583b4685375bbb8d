"""The courier as a process: killed, stopped in its tracks, and two of them at once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard.config import Settings
from orderboard.consumers import lease, positions
from orderboard.consumers.model import Lease
from orderboard.courier import Wakeup
from orderboard.database import reading
from orderboard.errors import Busy
from orderboard.events import log
from tests.consumers.support import NOTED, make_table, noted, place_some
from tests.servers import ROOT, BoardServer, wait_until

LEASES = Lease.__table__
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    """A database with a table for what consumers note."""
    with app.app_context():
        make_table()
        yield


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """Starts couriers; whatever is left of them is ended after the test."""
    started: list[subprocess.Popen[bytes]] = []
    environ = os.environ | {
        "ORDERBOARD_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "REDIS_URL": settings.redis_url,
    }

    def begin(**more: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.consumers.courier_process"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environ | more))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


def who() -> set[str]:
    with reading() as connection:
        return {row.who for row in connection.execute(sa.select(NOTED.c.who).distinct())}


def wait_for(count: int) -> None:
    wait_until(lambda: len(noted()) >= count, 20, f"{count} events noted")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Have a process stand still with no lock of the database's, which nobody else could have.

    What it has written is seen a moment before it lets go of SQLite's lock.
    """

    def stands_without_a_lock() -> bool:
        os.kill(process.pid, signal.SIGSTOP)
        try:
            with log.transaction(time.monotonic() + 0.5) as tx:
                tx.execute(sa.update(LEASES).values(holder=LEASES.c.holder))
                log.hold_head(tx)
        except (Busy, sa.exc.OperationalError):
            os.kill(process.pid, signal.SIGCONT)
            return False
        return True

    wait_until(stands_without_a_lock, 20)


@pytest.mark.parametrize("moment", ["DIE_AT", "DIE_AFTER"])
def test_killed_between_effect_and_position_each_event_counts_once(
    start: Start, moment: str
) -> None:
    place_some(23)
    dying = start(**{moment: "8"})
    assert dying.wait(20) == -signal.SIGKILL
    assert noted() == list(range(1, len(noted()) + 1))
    assert positions.state("noting")[0].position == len(noted()) < 23
    start()
    wait_for(23)
    assert noted() == list(range(1, 24))


def test_the_next_one_takes_over_within_seconds_of_a_kill(start: Start) -> None:
    first = start()
    place_some(3)
    wait_for(3)
    start()
    first.kill()
    place_some(3)
    wait_until(lambda: len(noted()) == 6, lease.LIFE + 5)
    assert len(who()) == 2


def test_one_that_ends_is_followed_at_once(start: Start) -> None:
    first = start()
    wait_until(lambda: lease.holder("courier"), 20)
    first.terminate()
    assert first.wait(5) == 0
    assert lease.holder("courier") is None


def test_of_two_only_one_works(start: Start) -> None:
    start(), start()
    for number in range(10):
        place_some(3)
        wait_for(3 * (number + 1))
    assert noted() == list(range(1, 31))
    assert len(who()) == 1


def test_one_that_stood_still_does_nothing_twice_when_it_goes_on(start: Start) -> None:
    first = start()
    place_some(3)
    wait_for(3)
    stop(first)
    second = start()
    wait_until(lambda: str(second.pid) in (lease.holder("courier") or ""), 20)
    place_some(3)
    wait_for(6)
    os.kill(first.pid, signal.SIGCONT)
    place_some(20)
    wait_for(26)
    assert noted() == list(range(1, 27))


def test_one_that_was_rung_for_soon_looks_once_more_and_then_waits(settings: Settings) -> None:
    def took(seconds: float) -> float:
        began = time.monotonic()
        wakeup.wait(seconds)
        return time.monotonic() - began

    wakeup = Wakeup(settings)
    wakeup.stop()  # which rings
    assert took(20) < 5
    assert took(20) < 5, "what came right behind the ring would wait"
    assert took(0.5) > 0.4


def test_a_board_runs_one_and_ends_with_it(board: BoardServer) -> None:
    courier = [p for p in board.family() if p.command.endswith("orderboard courier")]
    assert len([p for p in courier if "watched" not in p.command]) == 1
    wait_until(lambda: "courier: none" not in board.command("consumers"), 20)
    board.command("consumers", "pause", "customers")
    assert "customers: paused" in board.command("consumers")
    board.command("consumers", "resume", "customers")
    board.command("consumers", "rewind", "customers", "0")
    assert "customers: running" in board.command("consumers")
