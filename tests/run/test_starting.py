"""What need not keep ``orderboard run`` from starting does not."""

import os
import stat
from pathlib import Path

import httpx

from tests.servers import BoardServer, board_server, new_board


def test_a_second_one_on_the_same_folder_is_refused_and_the_check_says_that_one_runs(
    board: BoardServer,
) -> None:
    number = board.process.pid
    second = new_board(board.home)
    second.home = board.home.with_name("second")
    second.launch("--with-parent", str(os.getpid()))
    assert second.process.wait(60) == 1
    assert second.output == (
        f"orderboard: ORDERBOARD_HOME: another one runs on the data folder {board.home}"
        f" (process {number}); end that one, or name another folder\n"
    )
    assert f"on which the board runs (process {number})" in board.command("check")


def test_a_folder_with_a_long_path_will_do(folder: Path) -> None:
    home = folder / ("a long name " * 10).strip()
    with board_server(home) as board:
        assert httpx.get(f"{board.base_url}/readyz").json()["redis"] == "ok"
        assert not (home / "redis.sock").exists()


def test_a_folder_with_any_name_will_do(folder: Path) -> None:
    home = folder / "50 % of what? #1 & é"
    with board_server(home) as board:
        assert httpx.get(f"{board.base_url}/readyz").json()["status"] == "ok"
        assert (home / "redis.sock").exists()
        assert (home / "orderboard.db").exists()


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
