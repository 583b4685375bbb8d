"""What printers in the network have to print: noted from the log, taken one by one, settled.

The consumer notes each order once for a printer, in the transaction of its position. What prints
is a chore of the courier (``spooling``), which takes the oldest that a printer has.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from ulid import ULID

from orderboard import clock
from orderboard.config import Settings
from orderboard.consumers.consumer import Consumer
from orderboard.database import reading
from orderboard.errors import NotFound
from orderboard.events.event import Actor, Event
from orderboard.events.log import Transaction
from orderboard.orders import printing, rules
from orderboard.orders.events import ACCEPTED, CREATED, UPDATED
from orderboard.orders.model import Order
from orderboard.printing.model import PrintJob
from orderboard.printing.ticket import method_of
from orderboard.settings import queries as settings
from orderboard.settings.printers import Printer

Json = dict[str, Any]
PATIENCE = timedelta(hours=2)
"""For how long a printer is tried again, which may have been off over night."""
ASKED = "asked"
OPEN = ("waiting", "sending")
_FRESH = timedelta(hours=12)
"""What happened longer ago is not printed: nobody waits for it."""
_KEPT = timedelta(days=7)
_jobs, _orders = PrintJob.__table__, Order.__table__


def consumer(config: Settings) -> Consumer:
    """What notes new orders for the printers. Without printers it passes over all of them."""

    def note(tx: Transaction, events: Sequence[Event]) -> None:
        printers = settings.printers_in(tx.connection, config)
        wanted = [one for event in events for one in _wanted(event, printers)]
        hold_still(tx, [order_id for order_id, *_ in wanted])
        for order_id, printer, cause in wanted:
            _note(tx, order_id, printer, cause)

    def is_wanted() -> bool:
        with reading() as connection:
            return any(one.when != ASKED for one in settings.printers_in(connection, config))

    return Consumer(
        name="printers",
        apply=note,
        kinds=frozenset(kind.name for kind in (CREATED, ACCEPTED, UPDATED)),
        gather=0.3,
        is_wanted=is_wanted,
    )


def hold_still(tx: Transaction, order_ids: Sequence[str]) -> Sequence[str]:
    """Have nobody else note or settle jobs of these orders; answers those that are there.

    Orders come before jobs wherever both are held, so that no two wait for each other.
    """
    mine = sa.select(_orders.c.id).where(_orders.c.id.in_(order_ids)).order_by(_orders.c.id)
    return tx.execute(mine.with_for_update()).scalars().all() if order_ids else []


def _wanted(event: Event, printers: Sequence[Printer]) -> list[tuple[str, str, str]]:
    """What an event has printed: order, printer and cause of each."""
    order, cause = event.data, _cause(event)
    if order is None or cause is None or clock.parse_rfc3339(event.at) < clock.now() - _FRESH:
        return []
    wanted = (one for one in printers if one.prints(cause, order["type"], method_of(order)))
    return [(order["id"], one.id, cause) for one in wanted]


def _note(tx: Transaction, order_id: str, printer: str, cause: str) -> None:
    mine = (_jobs.c.order_id == order_id) & (_jobs.c.printer == printer)
    if not tx.execute(sa.select(_jobs.c.id).where(mine, _jobs.c.cause == cause)).first():
        tx.execute(sa.insert(_jobs), _row(order_id, printer, cause, clock.now()))


def _cause(event: Event) -> str | None:
    """What an event is to a printer: that an order was placed, or that somebody took it on."""
    if event.data is None or event.data["status"] not in rules.PROMISES:
        return None
    if event.type == CREATED.name:
        return "placed"
    was = event.was.get("status")
    return "accepted" if was and event.data["status"] == rules.ACCEPTED else None


def _row(order_id: str, printer: str, cause: str, now: datetime) -> Json:
    return {
        "id": f"prt_{ULID()}",
        "order_id": order_id,
        "printer": printer,
        "cause": cause,
        "status": "waiting",
        "tries": 0,
        "unsure": 0,
        "is_told": False,
        "due": now,
        "until": now + PATIENCE,
    }


def ask(tx: Transaction, order_id: str, printer: str) -> Json:
    """Have a printer print an order because somebody wants it. Answers the job's row.

    What it has still to print of it is tried at once, and is not printed twice. Raises NotFound.
    """
    if not hold_still(tx, [order_id]):
        raise NotFound("There is no such order.")
    now = clock.now()
    mine = (_jobs.c.order_id == order_id) & (_jobs.c.printer == printer)
    # Held, as a printer may be taking it just now.
    still_open = sa.select(_jobs).where(mine, _jobs.c.status.in_(OPEN)).with_for_update()
    there = tx.execute(still_open).mappings().first()
    row = dict(there) if there else _row(order_id, printer, ASKED, now)
    if there is None:
        tx.execute(sa.insert(_jobs), row)
    elif row["status"] == "waiting":
        row |= {"due": now, "until": now + PATIENCE, "tries": 0}
        tx.execute(sa.update(_jobs).where(_jobs.c.id == row["id"]).values(row))
    return row


def waiting() -> dict[str, Json]:
    """The oldest job of each printer that has some, by the printer's id."""
    first = sa.select(sa.func.min(_jobs.c.id)).where(_jobs.c.status.in_(OPEN))
    with reading() as connection:
        oldest = first.group_by(_jobs.c.printer)
        rows = connection.execute(sa.select(_jobs).where(_jobs.c.id.in_(oldest))).mappings()
        return {row["printer"]: dict(row) for row in rows}


def take(tx: Transaction, job: Json, until: datetime) -> Json | None:
    """Take a job for oneself until a moment; answers its row, None where somebody was faster."""
    values = {"status": "sending", "due": until, "tries": job["tries"] + 1}
    values["unsure"] = job["unsure"] + (job["status"] == "sending")
    return job | values if settle(tx, job, **values) else None


def settle(tx: Transaction, job: Json, **values: Any) -> bool:
    """Write down what became of a job; whether it was still as it is given, and nobody's else."""
    same = (_jobs.c[name] == job[name] for name in ("id", "status", "tries", "due"))
    return tx.execute(sa.update(_jobs).where(*same).values(values)).rowcount == 1


def untold(printer: str, most: int = 50) -> list[Json]:
    """What waits for a printer, and boards do not show yet that it is not printed."""
    mine = (_jobs.c.printer == printer) & _jobs.c.status.in_(OPEN) & ~_jobs.c.is_told
    with reading() as connection:
        rows = connection.execute(sa.select(_jobs).where(mine).order_by(_jobs.c.id).limit(most))
        return [dict(row) for row in rows.mappings()]


def tell(tx: Transaction, job: Json, printer: Printer, reason: str) -> None:
    """Have boards show of a job that it is not printed, and why."""
    with suppress(NotFound):
        printing.mark_failed(tx, job["order_id"], printer.id, reason, Actor("system", printer.name))
    tx.execute(sa.update(_jobs).where(_jobs.c.id == job["id"]).values(is_told=True))


def remove_old(tx: Transaction, now: datetime, most: int) -> int:
    """Remove what was settled long ago; answers how many that were, ``most`` at most."""
    old = (_jobs.c.until < now - _KEPT) & _jobs.c.status.not_in(OPEN)
    some = sa.select(_jobs.c.id).where(old).limit(most)
    return tx.execute(sa.delete(_jobs).where(_jobs.c.id.in_(some))).rowcount
