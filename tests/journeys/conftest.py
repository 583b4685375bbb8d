"""A whole shop for each file of journeys, and the seed of what is drawn by chance."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.house import House, open_house


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """``orderboard run`` with two workers, whose streams have a word every two seconds."""
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as path:
        with open_house(Path(path) / "home") as opened:
            yield opened


@pytest.fixture
def seed() -> int:
    """What chance begins with. Set JOURNEY_SEED to go the same way again."""
    number = int(os.environ.get("JOURNEY_SEED") or secrets.randbelow(10**6))
    print(f"JOURNEY_SEED={number}")
    return number
