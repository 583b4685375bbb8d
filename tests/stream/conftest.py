from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Valkey, valkey


@pytest.fixture
def redis_server(folder: Path) -> Iterator[Valkey]:
    """A Redis-compatible server that belongs to one test."""
    with valkey(folder) as server:
        yield server
