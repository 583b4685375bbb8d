"""What printers in the network have to print: noted from the log, taken one by one, settled.

The consumer notes each order once for a printer, in the transaction of its position. What prints
is a chore of the courier (``spooling``), which takes the oldest that a printer has.
"""

from collections.abc import Sequence
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
from orderboard.orders import printing, queries, rules
from orderboard.orders.events import ACCEPTED, CREATED, UPDATED
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
_jobs = PrintJob.__table__


def consumer(config: Settings) -> Consumer:
    """What notes new orders for the printers. Without printers it passes over all of them."""

    def note(tx: Transaction, events: Sequence[Event]) -> None:
        printers = settings.printers_in(tx.connection, config)
        for event in events:
            _note(tx, event, printers)

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


def _note(tx: Transaction, event: Event, printers: Sequence[Printer]) -> None:
    order, cause, now = event.data, _cause(event), clock.now()
    if order is None or cause is None or clock.parse_rfc3339(event.at) < now - _FRESH:
        return
    for printer in printers:
        if printer.prints(cause, order["type"], method_of(order)):
            mine = (_jobs.c.order_id == order["id"]) & (_jobs.c.printer == printer.id)
            again = sa.select(_jobs.c.id).where(mine, _jobs.c.cause == cause)
            if not tx.execute(again).first():
                tx.execute(sa.insert(_jobs), _row(order["id"], printer.id, cause, now))


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
    if not queries.numbers_of(tx.connection, [order_id]):
        raise NotFound("There is no such order.")
    now = clock.now()
    mine = (_jobs.c.order_id == order_id) & (_jobs.c.printer == printer)
    there = tx.execute(sa.select(_jobs).where(mine, _jobs.c.status.in_(OPEN))).mappings().first()
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


def take(tx: Transaction, job: Json, until: datetime) -> bool:
    """Take a job for oneself until a moment; whether nobody else was faster."""
    same = (_jobs.c.status == job["status"]) & (_jobs.c.due == job["due"])
    mine = sa.update(_jobs).where(_jobs.c.id == job["id"], same)
    values = {"status": "sending", "due": until, "tries": job["tries"] + 1}
    values["unsure"] = job["unsure"] + (job["status"] == "sending")
    return tx.execute(mine.values(values)).rowcount == 1


def settle(tx: Transaction, job: Json, **values: Any) -> None:
    """Write down what became of a job."""
    tx.execute(sa.update(_jobs).where(_jobs.c.id == job["id"]).values(values))


def tell(tx: Transaction, printer: Printer, reason: str, most: int = 50) -> None:
    """Have boards show of everything that waits for a printer that it is not printed, and why."""
    mine = (_jobs.c.printer == printer.id) & _jobs.c.status.in_(OPEN) & ~_jobs.c.is_told
    for row in tx.execute(sa.select(_jobs).where(mine).order_by(_jobs.c.id).limit(most)).all():
        tell_of(tx, row.id, row.order_id, printer, reason)


def tell_of(tx: Transaction, job_id: str, order_id: str, printer: Printer, reason: str) -> None:
    """The same of one job."""
    tx.execute(sa.update(_jobs).where(_jobs.c.id == job_id).values(is_told=True))
    actor = Actor("system", printer.name)
    try:
        printing.mark_failed(tx, order_id, printer.id, reason, actor)
    except NotFound:
        return


def remove_old(tx: Transaction, now: datetime, most: int) -> int:
    """Remove what was settled long ago; answers how many that were, ``most`` at most."""
    old = (_jobs.c.until < now - _KEPT) & _jobs.c.status.not_in(OPEN)
    some = sa.select(_jobs.c.id).where(old).limit(most)
    return tx.execute(sa.delete(_jobs).where(_jobs.c.id.in_(some))).rowcount
