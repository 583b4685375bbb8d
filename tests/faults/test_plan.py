"""A seed says everything that goes wrong."""

from random import Random

import pytest

from tests.faults import plan
from tests.faults.trouble import Trouble


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_same_seed_gives_the_same_faults(database: str) -> None:
    assert plan.draw(Random("1"), database, 60) == plan.draw(Random("1"), database, 60)
    assert plan.draw(Random("1"), database, 60) != plan.draw(Random("2"), database, 60)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_long_storm_has_faults_of_every_kind(database: str) -> None:
    drawn = [fault for seed in range(9) for lane in _lanes(seed, database) for fault in lane]
    other = plan.DATABASE["postgresql" if database == "sqlite" else "sqlite"]
    assert {fault.kind for fault in drawn} == {*plan.KINDS} - {*other}


def test_every_kind_of_fault_can_be_done() -> None:
    assert all(callable(getattr(Trouble, kind)) for kind in plan.KINDS)


def _lanes(seed: int, database: str) -> list[list[plan.Fault]]:
    return plan.draw(Random(f"{seed}"), database, 60)
