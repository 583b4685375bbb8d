"""A real server for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.servers import BoardServer, board_server


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardServer]:
    """gunicorn with one worker: whatever is in its way is in everybody's."""
    home = tmp_path_factory.mktemp("edge") / "home"
    with board_server(home, WEB_CONCURRENCY="1") as running:
        yield running


@pytest.fixture(scope="session")
def key(live: BoardServer) -> str:
    """A key that may do all that staff may."""
    return live.key("admin")
