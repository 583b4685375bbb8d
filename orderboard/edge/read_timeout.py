"""Read timeouts: how slowly something may come in."""

import time
from dataclasses import dataclass

from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]


class TooSlow(ParseException):  # type: ignore[misc]
    """Something did not come within its time."""


@dataclass(frozen=True, slots=True)
class ReadTimeout:
    """``seconds`` for the first bytes and for any pause, ``rate`` bytes a second, and an end."""

    name: str
    seconds: float
    rate: float
    longest: float

    def allowed(self, received: int) -> float:
        """Seconds from its beginning after which that many bytes are too few."""
        return min(self.seconds + received / self.rate, self.longest)


HEAD = ReadTimeout("head", 10.0, 1e9, 10.0)
BODY = ReadTimeout("body", 10.0, 4096.0, 120.0)
REST = ReadTimeout("rest", 2.0, 1e9, 2.0)
"""Of a body that nobody wanted, before the connection's next request."""


class Countdown:
    """What is left of a timeout."""

    __slots__ = ("_began", "_timeout", "received")

    def __init__(self, timeout: ReadTimeout) -> None:
        self._timeout, self._began, self.received = timeout, time.monotonic(), 0

    def left(self) -> float:
        """Seconds that may pass without a byte. Raises TooSlow when it is."""
        left = self._began + self._timeout.allowed(self.received) - time.monotonic()
        if left <= 0:
            raise self.late()
        return min(left, self._timeout.seconds)

    def late(self) -> TooSlow:
        """The error to raise."""
        return TooSlow(f"The {self._timeout.name} of the request did not come in time.")
