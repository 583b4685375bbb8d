"""The chore that has printers print: each has a thread of its own, so none waits for another."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from orderboard import clock
from orderboard.config import Settings
from orderboard.consumers.aside import Aside
from orderboard.consumers.running import AWAY
from orderboard.database import reading
from orderboard.errors import NotFound
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import printing, queries, rules, views
from orderboard.printing import escpos, jobs
from orderboard.printing.delivering import LONGEST, NotPrinted, deliver
from orderboard.printing.ticket import ticket
from orderboard.settings import queries as settings
from orderboard.settings.printers import Printer

Json = dict[str, Any]
logger = logging.getLogger(__name__)
TOLD_AFTER = 3
"""Tries after which boards show that an order is not printed."""
MOST_UNSURE = 2
"""Times that an order goes to a printer of which nobody knows whether it printed it."""
_LONGEST_PAUSE = 60.0
_LOOK, _LATER = 0.05, 0.5
"""Seconds to the next look: while something is printed, and otherwise."""
_TAKEN = timedelta(seconds=LONGEST + 30)
"""For how long a job is one's own; then whoever took it has died."""
Deliver = Callable[[str, bytes], bool]


class Spooler:
    """Each call takes small steps and answers the seconds to the next."""

    def __init__(self, config: Settings) -> None:
        self._config = config
        self._printing: dict[str, _Print] = {}
        self._look_at = 0.0
        self._failed = Aside()

    def __call__(self) -> float:
        """Write down what became of what was printed, and have the next things printed."""
        for name, work in [*self._printing.items()]:
            if not work.is_alive():
                _finished(work)
                del self._printing[name]  # not before: while that fails, it is tried again
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + _LATER
            self._begin()
        return _LOOK if self._printing else _LATER

    def _begin(self) -> None:
        oldest = jobs.waiting()
        if not oldest:
            return
        with reading() as connection:
            printers = {one.id: one for one in settings.printers_in(connection, self._config)}
        resting = self._failed.names()
        for name, job in oldest.items():
            if name in resting:
                continue
            if name not in printers:
                with log.transaction() as tx:
                    jobs.settle(tx, job, status="dropped")
            elif name not in self._printing and job["due"] <= clock.now():
                with self._failed.attempt(name, "did not get what it has to print"):
                    self._next(job, printers[name])

    def _next(self, job: Json, printer: Printer) -> None:
        unsure = job["unsure"] + (job["status"] == "sending")
        if unsure >= MOST_UNSURE:
            _give_up(job, printer, "may have printed it: look whether it did")
            return
        if clock.now() >= job["until"]:
            _give_up(job, printer, "could not print it for two hours")
            return
        try:
            data = self._drawn(job, printer, is_repeated=unsure > 0)
        except AWAY:
            raise
        except Exception:
            logger.exception("%s cannot be put on paper", job["order_id"])
            _give_up(job, printer, "cannot put it on paper: the program's log says why")
            return
        with log.transaction() as tx:
            if data is None:
                jobs.settle(tx, job, status="dropped")
                return
            taken = jobs.take(tx, job, clock.now() + _TAKEN)
        if taken:
            self._printing[printer.id] = work = _Print(taken, printer, data)
            work.start()

    def _drawn(self, job: Json, printer: Printer, is_repeated: bool) -> bytes | None:
        """The bytes of a job; None where nobody wants it any more."""
        try:
            order = views.reader(queries.get(job["order_id"])[0])
        except NotFound:
            return None
        is_asked = job["cause"] == jobs.ASKED
        if order["status"] in rules.CALLED_OFF and not is_asked:
            return None
        is_copy = is_asked and order["printed"] is not None
        with reading() as connection:
            shop = settings.shop_in(connection, self._config)
        zone = ZoneInfo(self._config.timezone)
        paper = ticket(order, shop, zone, clock.now(), is_copy)
        return escpos.printed(paper, printer, is_repeated)


class _Print(threading.Thread):
    """A job on its way to its printer; it does not keep the courier from ending."""

    def __init__(self, job: Json, printer: Printer, data: bytes) -> None:
        super().__init__(name=f"print {printer.id}", daemon=True)
        self.job, self.printer = job, printer
        self._data = data
        self.error: NotPrinted | None = None

    def run(self) -> None:
        """Print, and keep what went wrong."""
        try:
            deliver(self.printer.address, self._data)
        except NotPrinted as error:
            self.error = error
        except Exception:
            logger.exception("an order was not printed")
            self.error = NotPrinted("could not be used", is_unsure=True)


def _finished(work: _Print) -> None:
    """Write down what became of a job."""
    job, printer, error = work.job, work.printer, work.error
    if error is None:
        _settle(job, "printed", lambda tx: _mark_printed(tx, job, printer))
        return
    unsure = job["unsure"] + error.is_unsure
    if unsure >= MOST_UNSURE:
        _give_up(job, printer, f"{error}. It may have printed it")
        return
    pause = timedelta(seconds=min(2.0 ** min(job["tries"], 12), _LONGEST_PAUSE))
    due = min(clock.now() + pause, job["until"])
    with log.transaction() as tx:
        jobs.settle(tx, job, status="waiting", unsure=unsure, due=due)
    if job["tries"] >= TOLD_AFTER or error.is_unsure:
        for one in jobs.untold(printer.id):
            _tell(one, printer, str(error))


def _tell(job: Json, printer: Printer, reason: str) -> None:
    """Tell of one job in a transaction of its own: who holds several orders takes them by id."""
    try:
        with log.transaction() as tx:
            jobs.tell(tx, job, printer, reason)
    except AWAY:
        raise
    except Exception:
        logger.exception("that %s is not printed cannot be told", job["order_id"])


def _give_up(job: Json, printer: Printer, reason: str) -> None:
    _settle(job, "failed", lambda tx: jobs.tell(tx, job, printer, reason))


def _mark_printed(tx: Transaction, job: Json, printer: Printer) -> None:
    actor = Actor("system", printer.name)
    with suppress(NotFound):  # the order is gone, but not the paper
        printing.mark_printed(tx, job["order_id"], actor, printer.id)


def _settle(job: Json, status: str, show: Callable[[Transaction], None]) -> None:
    """End a job and show that on the order. Where that cannot be shown, the job ends all the same:
    nobody wants it printed again for that.
    """
    try:
        with log.transaction() as tx:
            jobs.hold_still(tx, [job["order_id"]])
            if jobs.settle(tx, job, status=status):
                show(tx)
    except AWAY:
        raise
    except Exception:
        logger.exception("that %s is %s cannot be shown", job["order_id"], status)
        with log.transaction() as tx:
            jobs.settle(tx, job, status=status)
