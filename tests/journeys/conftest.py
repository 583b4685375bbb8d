"""A whole shop for each file of journeys, and the seed of what is drawn by chance."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.house import House, open_house


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """``orderboard run`` with two workers, shared by all journeys that can bear others' orders."""
    with (
        tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as path,
        open_house(Path(path) / "home") as opened,
    ):
        yield opened


@pytest.fixture
def new_house(folder: Path) -> Iterator[House]:
    """The same, empty, for one journey."""
    with open_house(folder / "home") as opened:
        yield opened


@pytest.fixture
def seed() -> int:
    """What chance begins with. Set JOURNEY_SEED to go the same way again."""
    number = int(os.environ.get("JOURNEY_SEED") or secrets.randbelow(10**6))
    print(f"JOURNEY_SEED={number}")
    return number
