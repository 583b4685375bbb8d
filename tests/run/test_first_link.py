"""The link that lets the first admin in is shown to somebody, and kept in no log."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.servers import ROOT, BoardServer, new_board, wait_until

LINK = re.compile(r"Sign in: +(http://\S+/admin/link/\S+)  \(works once\)")
HINT = "Sign in:    get a link with: python -m orderboard admin link EMAIL"


@pytest.fixture
def unstarted(folder: Path) -> Iterator[BoardServer]:
    """A board to be started by the test."""
    board = new_board(folder / "home")
    yield board
    board.stop()


def signs_in(link: str) -> bool:
    return httpx.get(link).headers.get("Location") == "/admin?welcome"


def test_a_log_has_no_link_but_says_how_to_get_one(unstarted: BoardServer) -> None:
    unstarted.start("--with-parent", str(os.getpid()))
    assert "/admin/link/" not in unstarted.output
    assert HINT in unstarted.output
    assert signs_in(unstarted.sign_in_link())
    assert "/admin/link/" not in unstarted.output


def test_a_log_has_the_link_where_that_is_asked_for(unstarted: BoardServer) -> None:
    unstarted.start("--with-link", "--with-parent", str(os.getpid()))
    found = LINK.search(unstarted.output)
    assert found
    assert signs_in(found[1])


def test_a_terminal_shows_the_link(unstarted: BoardServer) -> None:
    ours, theirs = pty.openpty()
    unstarted.process = subprocess.Popen(
        [sys.executable, "-m", "orderboard", "run", "--with-parent", str(os.getpid())],
        cwd=ROOT,
        env=unstarted.environ,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(theirs)
    os.set_blocking(ours, False)
    shown = b""

    def link() -> re.Match[str] | None:
        nonlocal shown
        try:
            shown += os.read(ours, 4096)
        except BlockingIOError:
            return None
        return LINK.search(shown.decode())

    found = wait_until(link, 30, "a link on the terminal")
    assert found
    assert signs_in(found[1])
    os.close(ours)


@pytest.mark.parametrize("target", ["run", "demo"])
def test_make_asks_for_the_link_wherever_its_output_goes(target: str) -> None:
    told = subprocess.run(
        ["make", "--dry-run", "--assume-old=.venv/run.stamp", target],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    (command,) = [line for line in told.stdout.splitlines() if f"/orderboard {target}" in line]
    assert "--with-link" in command.split()
