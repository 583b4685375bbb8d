"""How much memory events take: as Python objects they are several times their text."""

from sys import getsizeof
from typing import Any


def weight(data: Any) -> int:
    """About how many bytes JSON data takes in memory. Texts of equal keys count once."""
    total, todo = 0, [data]
    keys: set[str] = set()
    while todo:
        one = todo.pop()
        total += getsizeof(one)
        if isinstance(one, dict):
            keys.update(one)
            todo.extend(one.values())
        elif isinstance(one, list | tuple):
            todo.extend(one)
    return total + sum(getsizeof(key) for key in keys)
