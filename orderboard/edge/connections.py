"""Who is connected: so many in all, and so many of one address."""

import ipaddress
import resource
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

_KEPT_FREE = 128
"""Descriptors that connections leave to the database, to Redis and to streams."""


class Refused(Exception):
    """There is no room for one more.

    ``reason`` is its name among the figures, ``asked`` what kind of answer a request wanted.
    """

    def __init__(self, reason: str, asked: bytes = b"") -> None:
        super().__init__(reason)
        self.reason, self.asked = reason, asked


class Connections:
    """Counts connections, and has a slot for each until there are too many."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self.most, self.most_of_one = most, most_of_one
        self.open = 0
        self._of: Counter[str] = Counter()

    @contextmanager
    def slot(self, descriptor: int) -> Iterator[None]:
        """Be one of all. Raises Refused.

        The system gives the lowest free number to a descriptor: a high one means that few are left.
        """
        limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        scarce = limit != resource.RLIM_INFINITY and descriptor >= limit - min(
            _KEPT_FREE, limit // 4
        )
        if self.open >= self.most or scarce:
            raise Refused("full")
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1

    @contextmanager
    def place(self, address: str, asked: bytes = b"") -> Iterator[None]:
        """Be one of an address, where there is one. Raises Refused.

        No address has more than are free: so many attackers as there may be, each leaves as much
        room to newcomers as it takes for itself.
        """
        name = network(address)
        if name and self._of[name] >= min(self.most_of_one, self.most - self.open):
            raise Refused("address", asked)
        self._of[name] += 1
        try:
            yield
        finally:
            self._of[name] -= 1
            if not self._of[name]:
                del self._of[name]


def network(address: str) -> str:
    """What counts as one address: of IPv6 all that one household is given (a /64)."""
    if ":" not in address:
        return address
    try:
        found = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found) >> 64 << 64, 64)))
