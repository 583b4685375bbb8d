"""What is known of a database from what it took and refused."""

import shutil
import time
from pathlib import Path

import structlog

from orderboard import faults
from orderboard.errors import NotWritable, OrderboardError, TooSlow

TELL_EVERY = 10.0
"""Seconds between two lines in the log about the same refusals."""

logger = structlog.get_logger("orderboard.database")


class Condition:
    """Whether the database takes what this process writes. ``folder``: where its file is."""

    def __init__(self, folder: Path | None) -> None:
        self.refusal: NotWritable | None = None
        self.slow_reads = 0
        """Reads that were broken off because they took too long."""
        self._folder = folder
        self._told: str | None = None
        self._told_at = 0.0

    def meaning(self, error: BaseException | None) -> OrderboardError | None:
        """The trade's error that a driver's error comes down to, if any; it is noted as well."""
        found = faults.meaning(error)
        if isinstance(found, NotWritable):
            self.refused(found)
        self.slow_reads += isinstance(found, TooSlow)
        return found

    def refused(self, error: NotWritable) -> None:
        """It took nothing. The log says so, once for many refusals."""
        self.refusal = error
        # With very little room it goes back and forth: small things fit and large ones do not.
        if self._told == error.state and time.monotonic() < self._told_at + TELL_EVERY:
            return
        self._told, self._told_at = error.state, time.monotonic()
        where = {"folder": str(self._folder), "free_bytes": self.room} if self._folder else {}
        logger.error("database_takes_nothing", state=error.state, detail=str(error), **where)

    def accepted(self) -> None:
        """It took something."""
        if self.refusal is not None:
            logger.info("database_takes_again", after=self.refusal.state)
            self.refusal = None

    @property
    def room(self) -> int | None:
        """Bytes free where its file is, if that is known."""
        try:
            return shutil.disk_usage(self._folder).free if self._folder else None
        except OSError:
            return None
