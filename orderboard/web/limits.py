"""How often somebody may do what costs something. Redis counts for all processes together; while it
is away each process counts for itself."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any, TypeVar

import structlog
from flask import current_app, request
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

from orderboard.config import Settings
from orderboard.web.problems import TooMany

T = TypeVar("T")
logger = structlog.get_logger("orderboard.limits")
_PAUSE = 5.0
"""Seconds without asking Redis again after it did not answer."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many tries; then one after each pause, and each pause twice as long as the one before.

    The ``shortest`` and the ``longest`` pause, and the ``memory`` after which all tries are
    forgotten, are in seconds.
    """

    tries: int
    shortest: int
    longest: int
    memory: int

    def pause(self, tries: int) -> int:
        """Seconds from so many tries to the next one."""
        return min(self.shortest << min(tries - self.tries, 30), self.longest)


class Limiter:
    """Counts what is done, and says when it is too much."""

    def __init__(self, settings: Settings) -> None:
        self._shared, self._own = _storage(settings.redis_url), MemoryStorage()
        self._here = MemoryStorage()
        self._away_until = 0.0

    def hit(self, what: str, per_minute: int) -> None:
        """Count one ``what`` of the asking address. Raises TooMany over the limit."""
        item = RateLimitItemPerMinute(per_minute, namespace="orderboard")
        whose = asker()
        # Whoever is over the limit in this process alone need not be looked up: that would be
        # most of what refusing them costs.
        if not (
            FixedWindowRateLimiter(self._here).hit(item, what, whose)
            and self._counted(lambda store: FixedWindowRateLimiter(store).hit(item, what, whose))
        ):
            raise TooMany(retry_after=60 - int(time.time()) % 60)

    def take(self, allowance: Allowance, name: str) -> None:
        """Count one try under a name. Raises TooMany during a pause."""
        wait = self._counted(lambda store: _wait(store, allowance, name))
        if wait > 0:
            raise TooMany(wait, f"Too many tries. The next one is possible in {wait} seconds.")

    def forget(self, name: str) -> None:
        """Forget all tries under a name, after one that was good."""

        def forget(store: Storage) -> None:
            for key in _keys(name):
                store.clear(key)

        self._counted(forget)

    def _counted(self, work: Callable[[Storage], T]) -> T:
        if time.monotonic() > self._away_until:
            try:
                return work(self._shared)
            except (StorageError, OSError):
                self._away_until = time.monotonic() + _PAUSE
                logger.warning("rate_limits_counted_here", reason="Redis does not answer")
        return work(self._own)


def limiter() -> Limiter:
    """The limiter of the current app."""
    found: Limiter = current_app.extensions["orderboard"].limiter
    return found


def hit(what: str, per_minute: int) -> None:
    """Count one ``what`` of the asking address. Raises TooMany over the limit."""
    limiter().hit(what, per_minute)


def asker() -> str:
    """The asking address; in IPv6 the network, of which one customer has all addresses."""
    try:
        address = ip_address((request.remote_addr or "").partition("%")[0])
    except ValueError:
        return request.remote_addr or "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))


def _wait(store: Storage, allowance: Allowance, name: str) -> int:
    """Count a try; answers 0, or the seconds until it may be made.

    Many who come at once pass one after the other: what counts is what an increment answers, and
    nothing is ever counted back, which others could see halfway.
    """
    free, gate, later = _keys(name)
    came = store.incr(free, allowance.memory)
    if came == 1:
        store.clear(later)  # its time began later; all tries are forgotten together
    if came < allowance.tries:
        return 0
    passed = store.get(later)
    if store.incr(gate, allowance.pause(allowance.tries + passed)) == 1:
        store.incr(later, allowance.memory)
        return 0
    return max(1, math.ceil(store.get_expiry(gate) - time.time()))


def _keys(name: str) -> tuple[str, str, str]:
    """Where is counted: who came, who has to wait for the pause to end, who passed after one."""
    return f"orderboard/tries/{name}", f"orderboard/pause/{name}", f"orderboard/passed/{name}"


def _storage(redis_url: str) -> Storage:
    options: dict[str, Any] = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}
    options["retry"] = Retry(NoBackoff(), 0)
    return RedisStorage(
        redis_url.replace("unix://", "redis+unix://", 1), wrap_exceptions=True, **options
    )
