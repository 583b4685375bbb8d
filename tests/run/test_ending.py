"""However ``orderboard run`` ends, no process of it remains; what dies in it comes back."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.processes import Process, descendants, processes
from tests.servers import ROOT, BoardServer, new_board, wait_until


@pytest.fixture
def unstarted(folder: Path) -> Iterator[BoardServer]:
    """A board to be started by the test; whatever is left of it is ended afterwards."""
    board = new_board(folder / "home")
    yield board
    if hasattr(board, "process"):
        board.stop()


def assert_nothing_remains(family: list[Process], seconds: float = 20) -> None:
    assert len(family) >= 6, f"not all of it ran: {family}"
    known = {(process.pid, process.command) for process in family}
    wait_until(
        lambda: not [p for p in processes() if (p.pid, p.command) in known],
        seconds,
        f"some of these remain: {family}",
    )


def ctrl_c(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGINT)


def term(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()


@pytest.mark.parametrize("end", [ctrl_c, term, kill])
def test_nothing_remains_however_it_is_ended(
    board: BoardServer, end: Callable[[subprocess.Popen[bytes]], None]
) -> None:
    headers = {"Authorization": f"Bearer {board.key('read')}"}
    family = board.family()
    with (
        httpx.Client(base_url=board.base_url, headers=headers, timeout=30) as client,
        suppress(httpx.TransportError),
        client.stream("GET", "/api/stream") as stream,
    ):
        assert stream.status_code == 200
        end(board.process)
        for _ in stream.iter_raw():
            pass
    code = board.process.wait(25)
    assert_nothing_remains(family)
    assert code == (-signal.SIGKILL if end is kill else 0)
    assert "Traceback" not in board.output


@pytest.mark.parametrize("end", [ctrl_c, term, kill])
def test_nothing_remains_when_make_is_ended(
    unstarted: BoardServer, end: Callable[[subprocess.Popen[bytes]], None]
) -> None:
    make = start_with_make(unstarted)
    family = [process for process in descendants(make.pid) if process.pid != make.pid]
    end(make)
    make.wait(25)
    assert_nothing_remains(family)


def test_nothing_remains_when_the_terminal_is_closed(unstarted: BoardServer) -> None:
    child, terminal = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-m", "orderboard", "run"], unstarted.environ)
    output = b""
    while b"Ctrl-C stops it" not in output:
        output += os.read(terminal, 4096)
    family = descendants(child)
    os.close(terminal)
    assert os.waitpid(child, 0)[1] == 0
    assert_nothing_remains(family)


def test_what_dies_is_started_again(board: BoardServer) -> None:
    before = board.embedded_server()
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: readiness(board) == "ok" and board.embedded_server() != before, 10)

    (board.home / "redis.sock").unlink()
    wait_until(lambda: readiness(board) == "ok" and (board.home / "redis.sock").exists(), 15)

    worker = board.workers()[0]
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: len(board.workers()) == 2 and worker not in board.workers(), 15)

    master, workers = board.web_server(), board.workers()
    os.kill(master, signal.SIGKILL)
    wait_until(lambda: readiness(board) == "ok" and board.workers() != workers, 15)
    assert not {*workers} & {process.pid for process in processes()}


def test_a_hang_up_brings_new_workers_and_no_end(board: BoardServer) -> None:
    master, workers = board.web_server(), set(board.workers())
    board.process.send_signal(signal.SIGHUP)
    wait_until(lambda: len(board.workers()) == 2 and not workers & set(board.workers()), 25)
    assert board.web_server() == master
    assert readiness(board) == "ok"


def test_a_server_that_hangs_is_ended_all_the_same(board: BoardServer) -> None:
    family = board.family()
    os.kill(board.embedded_server(), signal.SIGSTOP)
    board.process.send_signal(signal.SIGTERM)
    assert board.process.wait(20) == 0
    assert_nothing_remains(family)


def test_a_second_signal_ends_it_at_once(board: BoardServer) -> None:
    family = board.family()
    for pid in (board.web_server(), *board.workers()):
        os.kill(pid, signal.SIGSTOP)
    board.process.send_signal(signal.SIGINT)
    board.process.send_signal(signal.SIGTERM)
    assert board.process.wait(8) == 0
    assert_nothing_remains(family)


def test_it_can_be_started_again_right_after_it_was_killed(board: BoardServer) -> None:
    board.process.kill()
    board.process.wait()
    board.start("--with-parent", str(os.getpid()))
    assert readiness(board) == "ok"


def readiness(board: BoardServer) -> str | None:
    try:
        status: str = httpx.get(f"{board.base_url}/readyz").json()["status"]
    except httpx.TransportError:
        return None
    return status


def start_with_make(board: BoardServer) -> subprocess.Popen[bytes]:
    """``make run`` with this interpreter in place of the one it would install."""
    venv = board.home.parent / "venv"
    (venv / "bin").mkdir(parents=True)
    program = venv / "bin" / "orderboard"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m orderboard "$@"\n')
    program.chmod(0o755)
    (venv / "bin" / "python").symlink_to(sys.executable)
    (venv / "run.stamp").touch()
    with (board.home.parent / "make.log").open("wb") as log:
        make = subprocess.Popen(
            ["make", "run", f"VENV={venv}"],
            cwd=ROOT,
            env=board.environ,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    output = board.home.parent / "make.log"
    wait_until(lambda: "Ctrl-C stops it" in output.read_text() or make.poll() is not None, 20)
    assert make.poll() is None, output.read_text()
    return make
