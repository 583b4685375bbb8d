"""Group commit: requests that come at once share one transaction, and one sync of the disk.

What a commit costs is then paid once for all of them. Each piece of work still succeeds or fails
for itself, and nobody is answered before the shared transaction has committed.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar, cast

import sqlalchemy as sa
from flask import current_app

from orderboard.database import patience
from orderboard.errors import Busy, NotWritable
from orderboard.events.log import Transaction, transaction
from orderboard.turn import give_way

T = TypeVar("T")
MOST = 64
"""Pieces of work that one transaction carries at most."""
_ALMOST = 0.05
"""Seconds that a job waits less than it may rather than be tried once more."""
_OF_THE_DATABASE = (sa.exc.DBAPIError, Busy, NotWritable)


def group_commit(work: Callable[[Transaction], T]) -> T:
    """Run work in a transaction that may be shared; answers or raises what the work does.

    The work may run more than once, each time but the last undone: when other work that shared
    the transaction failed after it had written. It must do nothing that a rollback does not undo.

    Raises Busy when others kept the database until ``patience()``; who waits with others waits no
    longer than alone.
    """
    queue = cast(_Queue, current_app.extensions.setdefault("orderboard.group_commit", _Queue()))
    job = _Job(work, patience())
    queue.waiting.append(job)
    while not job.done:
        if not queue.turn.acquire(timeout=max(0.0, job.until - time.monotonic())):
            if queue.withdraw(job):
                raise Busy("The database is busy; try again in a moment.")
            queue.turn.acquire()  # it is being done, and only they who do it know the end
        try:
            # Whoever has the turn does the work of all who wait. That may have been ours already.
            if not job.done:
                give_way()  # requests that have arrived meanwhile come along
                _lead(queue, job)
        finally:
            queue.turn.release()
    if job.error is not None:
        raise job.error
    return cast(T, job.result)


class _Job(Generic[T]):
    """A piece of work, how long it may wait, and what became of it."""

    __slots__ = ("done", "error", "result", "until", "work")

    def __init__(self, work: Callable[[Transaction], T], until: float) -> None:
        self.work = work
        self.until = until
        self.result: T | None = None
        self.error: BaseException | None = None
        self.done = False

    def attempt(self, tx: Transaction) -> None:
        """Do the work. Its failure is its own; Spoilt, when others cannot go on after it."""
        before = tx.writes
        self.error = None
        try:
            self.result = self.work(tx)
        except Exception as error:
            self.error = error
            # After an error of its own PostgreSQL takes nothing more in a transaction.
            if tx.writes != before or isinstance(error, _OF_THE_DATABASE):
                raise _Spoilt(error) from error

    def end(self, error: BaseException | None) -> None:
        """It is over, with this error if there is one."""
        self.error = error
        self.done = True


class _Spoilt(Exception):
    """Work failed in a way that undoes the transaction it shared."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error

    @property
    def database_gone(self) -> bool:
        """Whether trying again, alone, would only wait for the same database in vain."""
        return isinstance(self.error, sa.exc.DBAPIError) and self.error.connection_invalidated


class _Queue:
    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.waiting: deque[_Job[Any]] = deque()

    def take(self) -> list[_Job[Any]]:
        """Those who have waited longest, who wait no more."""
        jobs: list[_Job[Any]] = []
        with suppress(IndexError):  # there are no more, or one has just withdrawn
            while len(jobs) < MOST:
                jobs.append(self.waiting.popleft())
        return jobs

    def put_back(self, jobs: Sequence[_Job[Any]]) -> None:
        """Let them wait again, before all others."""
        self.waiting.extendleft(reversed(jobs))

    def withdraw(self, job: _Job[Any]) -> bool:
        """Take one job out; False when it does not wait any more."""
        try:
            self.waiting.remove(job)
        except ValueError:
            return False
        return True


def _lead(queue: _Queue, leader: _Job[Any]) -> None:
    """Do the work of those who wait, once there is a transaction for it."""
    jobs: list[_Job[Any]] = []
    try:
        with transaction(leader.until) as tx:
            # Only now: while the leader waits, everybody's own time may run out.
            jobs = queue.take()
            tx.wait_until(min((job.until for job in jobs), default=leader.until))
            for job in jobs:
                job.attempt(tx)
    except _Spoilt as spoilt:
        _undone(queue, jobs, spoilt)
    except Busy as error:
        if not jobs:
            queue.withdraw(leader)
            leader.end(error)
        _too_late(queue, jobs, error)
    except BaseException as error:  # no transaction to be had, or this worker ends
        _end(jobs or queue.take(), error)
        if not isinstance(error, Exception):
            raise
    else:
        for job in jobs:
            job.done = True


def _undone(queue: _Queue, jobs: Sequence[_Job[Any]], spoilt: _Spoilt) -> None:
    if isinstance(spoilt.error, Busy):
        _too_late(queue, jobs, spoilt.error)
    elif len(jobs) == 1 or spoilt.database_gone:
        _end(jobs, spoilt.error)
    else:
        _each_alone(jobs)


def _too_late(queue: _Queue, jobs: Sequence[_Job[Any]], error: Busy) -> None:
    """Send those away who have waited long enough; the others may still have luck."""
    soon = time.monotonic() + _ALMOST
    patient = [job for job in jobs if job.until > soon]
    if len(patient) == len(jobs):
        patient = []  # it was not their time that ran out
    queue.put_back(patient)
    _end([job for job in jobs if job not in patient], error)


def _each_alone(jobs: Sequence[_Job[Any]]) -> None:
    for job in jobs:
        try:
            with transaction(job.until) as tx:
                job.attempt(tx)
        except _Spoilt as spoilt:
            job.end(spoilt.error)
        except Exception as error:  # noqa: BLE001 - it is for whoever waits for the job
            job.end(error)
        except BaseException as error:
            _end(jobs, error)
            raise
        else:
            job.done = True


def _end(jobs: Sequence[_Job[Any]], error: BaseException) -> None:
    for job in jobs:
        if not job.done:
            job.end(error)
