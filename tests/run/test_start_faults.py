"""What keeps the board from starting is one clear line: from ``run``, ``check`` and all others."""

import ctypes
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from orderboard.cli import main
from tests.run.start_faults import WRONG_FILES, WRONG_PLACES, Fault
from tests.run.wrong_settings import WRONG_SETTINGS, WrongSetting
from tests.servers import ROOT, BoardServer, new_board

_BOUND = (
    "import ctypes, os, sys; prctl = ctypes.CDLL(None).prctl;"
    "assert prctl(24, 1, 0, 0, 0) == prctl(24, 2, 0, 0, 0) == 0;"
    "os.execv(sys.argv[1], sys.argv[1:])"
)
"""Gives away what lets root read and write whatever the permissions say (of Linux)."""
Done = subprocess.CompletedProcess[str]


def command(board: BoardServer, *arguments: str, module: str = "orderboard") -> Done:
    """Run a command for which permissions count, also where the tests run as root."""
    words = [sys.executable, "-m", module, *arguments]
    if os.geteuid() == 0 and hasattr(ctypes.CDLL(None), "prctl"):
        words = [sys.executable, "-c", _BOUND, *words]
    return subprocess.run(
        words,
        cwd=ROOT,
        env=board.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def trouble(fault: Fault, folder: Path) -> Iterator[tuple[BoardServer, str]]:
    """A board that cannot start, and the line it should say."""
    board = new_board(folder / "home")
    words: dict[str, Any] = {"home": board.home, "folder": folder, "port": board.port}
    board.environ |= {name: text.format_map(words) for name, text in fault.settings.items()}
    with fault.trouble(board.home, words["port"]):
        yield board, fault.line.format_map(words)


def assert_refused(done: Done, code: int, line: str) -> None:
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert alike(done.stderr, f"orderboard: {line}\n")
    assert done.returncode == code


def alike(said: str, pattern: str) -> bool:
    """Whether both are the same; a * stands for words of other programs."""
    matches = fnmatchcase(said, re.sub(r"([\[?])", r"[\1]", pattern))
    assert matches, f"\n{said}\nis not\n{pattern}"
    return True


@pytest.mark.parametrize("wrong", WRONG_SETTINGS, ids=lambda wrong: f"{wrong[0]}={wrong[1]!a}")
def test_a_wrong_setting_is_one_clear_line(
    wrong: WrongSetting,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    environ = new_board(folder / "home").environ | {wrong.variable: wrong.value}
    for variable, value in environ.items():
        monkeypatch.setenv(variable, value)
    line = f"{wrong.variable}: {wrong.line}\n"
    assert in_process("check", monkeypatch, capsys) == (1, f"configuration: FAULT: {line}")
    for name in ("run", "migrate", "new-epoch", "demo-traffic"):
        assert in_process(name, monkeypatch, capsys) == (2, f"orderboard: {line}")


def in_process(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[object, str]:
    """A command's exit code, and all it says."""
    monkeypatch.setattr(sys, "argv", ["orderboard", name])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return ended.value.code, said.out + said.err


@pytest.mark.parametrize("fault", [*WRONG_FILES, *WRONG_PLACES], ids=lambda fault: fault.name)
def test_run_refuses_in_one_line_and_check_says_the_same(fault: Fault, folder: Path) -> None:
    with trouble(fault, folder) as (board, line):
        checked = command(board, "check")
        refused = command(board, "run", "--with-parent", str(os.getpid()))
    assert_refused(refused, fault.code, line)
    assert checked.stderr == ""
    faults = [said for said in checked.stdout.splitlines() if "FAULT" in said]
    assert len(faults) == 1, checked.stdout
    assert alike(faults[0].partition("FAULT: ")[2], line)
    assert checked.returncode == 1


@pytest.mark.parametrize(
    "words",
    [
        ("migrate",),
        ("new-epoch",),
        ("key", "create", "till", "--scope", "read"),
        ("admin", "link", "ada@example.com"),
        ("import", os.devnull),
    ],
    ids=" ".join,
)
def test_every_command_refuses_a_data_folder_that_is_no_good(
    words: tuple[str, ...], folder: Path
) -> None:
    for fault in (WRONG_FILES[1], WRONG_FILES[5]):
        place = folder / str(fault.code)
        place.mkdir()
        with trouble(fault, place) as (board, line):
            assert_refused(command(board, *words), fault.code, line)


GUNICORN = [
    WRONG_FILES[1],
    WRONG_FILES[5],
    WRONG_PLACES[1],
    Fault(
        "PORT is no number",
        "PORT: must be a whole number from 1 to 65535 (it is 'many')",
        2,
        settings={"PORT": "many"},
    ),
    Fault(
        "REDIS_URL with an unknown option",
        "REDIS_URL: the option foo is not known (it is not shown)",
        2,
        settings={"REDIS_URL": "redis://h/zz?foo=1"},
    ),
]


@pytest.mark.parametrize("fault", GUNICORN, ids=lambda fault: fault.name)
def test_gunicorn_by_itself_refuses_in_one_line(fault: Fault, folder: Path) -> None:
    with trouble(fault, folder) as (board, line):
        assert_refused(command(board, "wsgi:app", module="gunicorn"), fault.code, line)


def test_the_app_under_any_server_refuses_in_one_line(folder: Path) -> None:
    with trouble(WRONG_FILES[1], folder) as (board, line):
        assert_refused(command(board, module="wsgi"), 3, line)


def test_a_board_with_few_open_files_says_nothing_of_them_at_the_start(folder: Path) -> None:
    board = new_board(folder / "home")
    words = f"ulimit -n 1024; exec {sys.executable} -m orderboard run --with-parent $PPID"
    with subprocess.Popen(
        ["/bin/sh", "-c", words],
        cwd=ROOT,
        env=board.environ,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdout
        said = list(iter(process.stdout.readline, "Ctrl-C stops it.\n"))
        process.terminate()
        said += process.stdout.readlines()
    assert "orderboard is running.\n" in said
    assert not [line for line in said if "files" in line]
