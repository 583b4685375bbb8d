"""Workers, Redis, the database and the network fail while orders come in: nobody misses any."""

import os

import pytest

from tests.faults.cast import Tools
from tests.faults.run import storm
from tests.faults.soak import again, print_table

SECONDS = 12
SEED = int(os.environ.get("SEED") or 1)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_lost_doubled_or_left_behind_whatever_fails(database: str, tools: Tools) -> None:
    print("again:", again(SEED, database))
    summary = storm(SEED, database, SECONDS, tools)
    print(summary.said)
    print_table([summary])
    assert summary.broken == ""
    assert summary.flaws == []
    assert summary.leaks == []
