"""What keeps ``orderboard run`` from starting is said in one line; what need not, does not."""

import os
import socket
import stat
from pathlib import Path

import httpx
import pytest

from tests.servers import BoardServer, board_server, new_board


def refusal(board: BoardServer) -> tuple[int, str]:
    board.launch("--with-parent", str(os.getpid()))
    return board.process.wait(20), board.output


def test_a_port_in_use_is_one_clear_line(folder: Path) -> None:
    board = new_board(folder / "home")
    with socket.create_server(("127.0.0.1", board.port)):
        code, output = refusal(board)
    assert code == 1
    assert output.splitlines() == [
        f"orderboard: PORT: cannot listen on 127.0.0.1:{board.port}: address already in use."
    ]


def test_a_second_one_on_the_same_folder_is_one_clear_line(board: BoardServer) -> None:
    second = new_board(board.home)
    second.home = board.home.with_name("second")
    code, output = refusal(second)
    assert code == 1
    number = board.process.pid
    said = f"orderboard: another one runs on the data folder {board.home} (process {number}).\n"
    assert output == said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "many", "PORT: must be a whole number from 1 to 65535 (it is 'many')"),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL: must begin with postgresql:// or sqlite:///"),
        ("ORDERBOARD_TIMEZONE", "Mars/Base", "ORDERBOARD_TIMEZONE: must be a time zone's name"),
        ("ORDERBOARD_HOME", "/dev/null/x", "ORDERBOARD_HOME: must be a folder"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(folder: Path, name: str, value: str, said: str) -> None:
    code, output = refusal(new_board(folder / "home", **{name: value}))
    assert code == 2
    assert output.startswith(f"orderboard: {said}")
    assert output.count("\n") == 1


def test_a_database_that_cannot_be_reached_is_one_clear_line(folder: Path) -> None:
    url = f"postgresql://postgres@/nothing?host={folder}"
    code, output = refusal(new_board(folder / "home", DATABASE_URL=url))
    assert code == 1
    assert output.startswith("orderboard: DATABASE_URL: the database cannot be used: ")
    assert output.count("\n") == 1


def test_a_folder_with_a_long_path_will_do(folder: Path) -> None:
    home = folder / ("a long name " * 10).strip()
    with board_server(home) as board:
        assert httpx.get(f"{board.base_url}/readyz").json()["redis"] == "ok"
        assert not (home / "redis.sock").exists()


def test_what_is_in_the_data_folder_is_for_its_owner_alone(board: BoardServer) -> None:
    assert stat.S_IMODE(board.home.stat().st_mode) == 0o700
    assert stat.S_IMODE((board.home / "redis.sock").stat().st_mode) == 0o700


def test_the_embedded_server_opens_no_port(board: BoardServer) -> None:
    command = next(p.command for p in board.family() if p.pid == board.embedded_server())
    assert "unixsocket:" in command
    assert ":0" not in command


def test_another_redis_is_used_when_it_is_named(folder: Path, redis_url: str) -> None:
    with board_server(folder / "home", REDIS_URL=redis_url) as board:
        assert httpx.get(f"{board.base_url}/readyz").json()["redis"] == "ok"
        assert not any("valkey-server" in process.command for process in board.family())
