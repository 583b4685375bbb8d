"""Passwords: argon2id, worked out off the event loop."""

from collections.abc import Callable
from typing import TypeVar

import gevent
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from gevent import monkey

from orderboard.errors import Invalid

T = TypeVar("T")
SHORTEST, LONGEST = 10, 200
"""Characters a password may have."""

_hasher = PasswordHasher()
_NOBODYS = _hasher.hash("a password that is nobody's")


def check_new(password: str) -> None:
    """Raise Invalid for a password that may not be chosen."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid({"password": f"must have {SHORTEST} to {LONGEST} characters"})


def hash_password(password: str) -> str:
    """The hash to store of a password."""
    return _aside(lambda: _hasher.hash(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether a password is the one of a stored hash; takes as long where there is no hash."""

    def verify() -> bool:
        try:
            return _hasher.verify(stored or _NOBODYS, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False

    return _aside(verify)


def _aside(work: Callable[[], T]) -> T:
    """Run work of some 100 ms of CPU in a real thread, so that other greenlets go on."""
    if not monkey.is_module_patched("threading"):
        return work()
    result: T = gevent.get_hub().threadpool.apply(work)
    return result
