"""Whether the database can be read and written, proved by doing both."""

import secrets
import threading
import time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard.database import WRITE_DEADLINE, condition, db
from orderboard.errors import Busy, NotWritable, OrderboardError
from orderboard.events import log
from orderboard.events.model import LogHead

EVERY = 1.0
"""Seconds for which what was found holds, however many ask."""
_PATIENCE = 0.5
_LARGE = 256 * 1024
"""Characters that are written where room may be short: more than an order takes."""
_SCARCE = 64 * 1024 * 1024
"""Bytes free below which room may be short."""


class Probe(db.Model):  # type: ignore[name-defined,misc]
    """One row, which means nothing. It is written to see whether that can be done."""

    __tablename__ = "probe"

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    written: Mapped[str] = mapped_column(sa.Text)


_probe = Probe.__table__
_hold_head = sa.select(LogHead.position).with_for_update()


class Readiness:
    """The state of the database: ``ok``, ``full``, ``read-only``, ``busy`` or ``away``."""

    def __init__(self) -> None:
        self._found = "ok"
        self._writes_again = 0.0
        self._busy_since: float | None = None
        self._looking = threading.Lock()

    def state(self) -> str:
        """Reads now. Writing was tried EVERY seconds ago at most, or refused to others since."""
        try:
            log.head()
        except (sa.exc.SQLAlchemyError, OrderboardError):
            return "away"
        # One tries for all; what was found before will do for the others meanwhile.
        if time.monotonic() >= self._writes_again and self._looking.acquire(blocking=False):
            try:
                self._found = self._try()
                self._writes_again = time.monotonic() + (EVERY if self._found != "away" else 0)
            finally:
                self._looking.release()
        refusal = condition().refusal
        return refusal.state if refusal and self._found == "ok" else self._found

    def _try(self) -> str:
        began = time.monotonic()
        try:
            self._write(began + _PATIENCE)
        except Busy:
            return self._kept(began)
        except NotWritable as error:
            return error.state
        except sa.exc.SQLAlchemyError:
            return "away"
        self._busy_since = None
        return "ok"

    def _write(self, until: float) -> None:
        """Write something new: what is already there, SQLite does not write again."""
        known = condition()
        scarce = known.refusal or (known.room or _SCARCE) < _SCARCE
        text = secrets.token_hex(_LARGE // 2 if scarce else 8)
        with log.transaction(until) as tx:
            tx.execute(sa.update(_probe).values(written=text))
            tx.execute(_hold_head)  # whoever keeps that keeps every order waiting
        known.accepted()

    def _kept(self, began: float) -> str:
        """Others keep the database from being written, which is in order for a while."""
        if self._busy_since is None:
            self._busy_since = began
        return "busy" if began - self._busy_since > WRITE_DEADLINE else "ok"
