"""What failed is left alone for a while, so that nothing else waits for it."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from orderboard.consumers.running import AWAY

logger = logging.getLogger(__name__)
_LONGEST = 60.0


def pause_after(failures: int, longest: float) -> float:
    """Seconds before what has failed so often is tried again: twice as long after each failure."""
    return min(0.1 * 2.0 ** min(failures, 20), longest)


class Aside:
    """The things of one kind that failed, by name, and until when each is left alone."""

    def __init__(self) -> None:
        self._failed: dict[str, tuple[int, float]] = {}

    def names(self) -> list[str]:
        """Those that are left alone just now."""
        now = time.monotonic()
        return [name for name, (_, until) in self._failed.items() if until > now]

    @contextmanager
    def attempt(self, name: str, failure: str) -> Iterator[None]:
        """Try something: when it fails, that is logged and no more comes of it here.

        ``failure``: in words. Raises what says that the database is away.
        """
        try:
            yield
        except AWAY:
            raise
        except Exception:
            failures = self._failed.get(name, (0, 0.0))[0] + 1
            if failures == 1:
                logger.exception("%s %s", name, failure)
            self._failed[name] = failures, time.monotonic() + pause_after(failures, _LONGEST)
        else:
            self._failed.pop(name, None)
