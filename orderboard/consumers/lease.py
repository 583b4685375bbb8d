"""One holder at a time, on whichever machine: a row says who, and until when.

Whoever holds it renews it again and again. One that was killed is followed by another when its
time is over. PostgreSQL's clock counts, not those of the machines; SQLite is on one machine.
"""

import os
import secrets
import socket
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard import clock
from orderboard.consumers.model import Lease
from orderboard.database import reading
from orderboard.events import log

COURIER = "courier"
"""The lease of the process that works through the log."""
LIFE = 5.0
"""Seconds for which a holder that says nothing more still holds it."""
RENEW = 1.5
"""Seconds after which a holder says that it is still there."""
_PATIENCE = 1.0
_leases = Lease.__table__


class Claim:
    """This process's claim to a lease."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.holder = f"{socket.gethostname()[:100]} {os.getpid()} {secrets.token_hex(4)}"
        self._renew_at = 0.0

    def holds(self) -> bool:
        """Whether it is ours now; takes it if it is free. Raises Busy and the like."""
        if time.monotonic() < self._renew_at:
            return True
        asked = time.monotonic()
        if not self._is_free() or not self._take():
            self._renew_at = 0.0
            return False
        self._renew_at = asked + RENEW
        return True

    def release(self) -> None:
        """Let another have it at once."""
        self._renew_at = 0.0
        with log.transaction(until=time.monotonic() + _PATIENCE) as tx:
            mine = (_leases.c.name == self.name) & (_leases.c.holder == self.holder)
            tx.execute(sa.update(_leases).where(mine).values(until=0))

    def _is_free(self) -> bool:
        with reading() as connection:
            mine = sa.select(_leases.c.name).where(_leases.c.name == self.name)
            free = connection.execute(mine.where(self._ours_or_over(connection))).first()
            return bool(free) or not connection.execute(mine).first()

    def _take(self) -> bool:
        with log.transaction(until=time.monotonic() + _PATIENCE) as tx:
            now = _now(tx.connection)
            ours = {"holder": self.holder, "until": now + LIFE}
            mine = _leases.c.name == self.name
            free = sa.update(_leases).where(mine, self._ours_or_over(tx.connection))
            if tx.execute(free.values(**ours)).rowcount == 1:
                return True
            log.hold_head(tx)  # nobody else makes the row at the same time
            if tx.execute(sa.select(_leases.c.name).where(mine)).first():
                return False
            tx.execute(sa.insert(_leases).values(name=self.name, **ours))
            return True

    def _ours_or_over(self, connection: Connection) -> sa.ColumnElement[bool]:
        now, until = _now(connection), _leases.c.until
        # One that lasts longer than any may was made before the clock was set back.
        over = (until < now) | (until > now + 2 * LIFE)
        return sa.or_(_leases.c.holder == self.holder, over)


def holder(name: str) -> str | None:
    """Who holds a lease now."""
    with reading() as connection:
        mine = sa.select(_leases.c.holder).where(_leases.c.name == name)
        found: str | None = connection.execute(
            mine.where(_leases.c.until >= _now(connection))
        ).scalar()
    return found


def _now(connection: Connection) -> sa.ColumnElement[Any]:
    if connection.dialect.name == "postgresql":
        return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Double)
    return sa.literal(clock.now().timestamp(), sa.Double)
