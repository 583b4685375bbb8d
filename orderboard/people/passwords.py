"""Passwords: argon2id, worked out off the event loop.

Each takes some 100 ms of CPU. So they are worked out one at a time, those of people who have signed
in before and those of strangers apart: a flood of strangers keeps nobody else waiting.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from orderboard.errors import Busy, Invalid
from orderboard.offload import thinking

T = TypeVar("T")
SHORTEST, LONGEST = 10, 200
"""Characters a password may have."""

_hasher = PasswordHasher()
_NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=4$Uw6qR5nYinEc/b2KS"
    "WFHbQ$xcPaM0tT6lK/0L3TbWDeqhMQE9CPNUMr1gCGV1w+t1k"
)
"""The hash of a password that is nobody's, as costly to look at as others. It stands here because
to work it out takes each process that starts a third of a second.
"""


def check_new(password: str) -> None:
    """Raise Invalid for a password that may not be chosen."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid({"password": f"must have {SHORTEST} to {LONGEST} characters"})


def hash_password(password: str) -> str:
    """The hash to store of a password. Raises Busy."""
    return _KNOWN.run(lambda: _hasher.hash(password))


def matches(stored: str | None, password: str, known: bool) -> bool:
    """Whether a password is the one of a stored hash; takes as long where there is no hash.

    ``known``: whether to wait among those who have signed in before. Raises Busy.
    """

    def verify() -> bool:
        try:
            return _hasher.verify(stored or _NOBODYS, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False

    return (_KNOWN if known else _STRANGERS).run(verify)


class _Queue:
    """Work that is done one piece at a time. Who would have to wait too long is told so at once."""

    def __init__(self, most: int) -> None:
        self._most, self._here, self._turn = most, 0, threading.Lock()

    def run(self, work: Callable[[], T]) -> T:
        """Do a piece of work when its turn has come. Raises Busy."""
        if self._here >= self._most:
            raise Busy("Very many are signing in; try again in a moment.")
        self._here += 1
        try:
            with self._turn:
                return thinking(work)
        finally:
            self._here -= 1


_KNOWN, _STRANGERS = _Queue(64), _Queue(16)
