"""How often one address may do what costs something. Redis counts for all processes together;
while it is away each process counts for itself."""

import time
from typing import Any

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

logger = structlog.get_logger("orderboard.limits")
_PAUSE = 5.0
"""Seconds without asking Redis again after it did not answer."""


class Limiter:
    """Counts what each address does within a minute."""

    def __init__(self, settings: Settings) -> None:
        self._shared = FixedWindowRateLimiter(_storage(settings.redis_url))
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._away_until = 0.0

    def hit(self, what: str, per_minute: int) -> None:
        """Count one ``what`` of the asking address. Raises TooMany over the limit."""
        item = RateLimitItemPerMinute(per_minute, namespace="orderboard")
        address = request.remote_addr or "unknown"
        if not self._hit(item, what, address):
            raise TooMany(retry_after=60 - int(time.time()) % 60)

    def _hit(self, item: RateLimitItemPerMinute, *names: str) -> bool:
        if time.monotonic() > self._away_until:
            try:
                return self._shared.hit(item, *names)
            except (StorageError, OSError):
                self._away_until = time.monotonic() + _PAUSE
                logger.warning("rate_limits_counted_here", reason="Redis does not answer")
        return self._own.hit(item, *names)


def hit(what: str, per_minute: int) -> None:
    """Count one ``what`` of the asking address. Raises TooMany over the limit."""
    current_app.extensions["orderboard"].limiter.hit(what, per_minute)


def _storage(redis_url: str) -> Storage:
    options: dict[str, Any] = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}
    options["retry"] = Retry(NoBackoff(), 0)
    return RedisStorage(
        redis_url.replace("unix://", "redis+unix://", 1), wrap_exceptions=True, **options
    )
