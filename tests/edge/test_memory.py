"""What bodies may take together."""

import pytest

from orderboard.edge.memory import Memory, NoMemory


def test_no_address_has_more_memory_than_is_free() -> None:
    memory = Memory(100)
    memory.take("a", 50)
    with pytest.raises(NoMemory):
        memory.take("a", 1)
    memory.take("b", 25)
    memory.take("c", 12)
    assert memory.used == 87
    memory.give_back("a", 50)
    memory.take("d", 50)
    assert memory.used == 87


def test_what_is_refused_takes_nothing() -> None:
    memory = Memory(100)
    with pytest.raises(NoMemory):
        memory.take("a", 101)
    assert memory.used == 0
    memory.take("a", 40)
    memory.give_back("a", 40)
    assert memory.used == 0
