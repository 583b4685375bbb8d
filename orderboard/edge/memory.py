"""What the bodies of all requests under way may take together."""

from collections import Counter

from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]

MOST = 128 * 1024 * 1024
"""Bytes in one process. The largest body that any view takes has a thirtieth of it."""


class NoMemory(ParseException):  # type: ignore[misc]
    """The bodies of an address, or of all, are too much at once."""


class Memory:
    """Counts bytes; no address has more of them than are free."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self.used = most, 0
        self._of: Counter[str] = Counter()

    def take(self, whose: str, count: int) -> None:
        """Have so many bytes more. Raises NoMemory, and takes nothing, where they are too many."""
        if self._of[whose] + count > self._most - self.used:
            raise NoMemory("Your address sends too much at once. Try again in a moment.")
        self.used += count
        self._of[whose] += count

    def give_back(self, whose: str, count: int) -> None:
        """Have so many bytes less."""
        self.used -= count
        self._of[whose] -= count
        if self._of[whose] <= 0:
            del self._of[whose]
