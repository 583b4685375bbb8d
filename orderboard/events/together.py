"""Writing together: requests that come at once share one transaction, and one sync of the disk.

What a commit costs is then paid once for all of them. Each piece of work still succeeds or fails
for itself, and nobody is answered before the shared transaction has committed.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

import sqlalchemy as sa
from flask import current_app

from orderboard.events.log import Transaction, transaction
from orderboard.turn import give_way

T = TypeVar("T")
MOST = 64
"""Pieces of work that one transaction carries at most."""


def together(work: Callable[[Transaction], T]) -> T:
    """Run work in a transaction that may be shared; answers or raises what the work does.

    The work may run twice, the first time undone: when other work that shared the transaction
    failed after it had written. It must do nothing that a rollback does not undo.
    """
    queue = cast(_Queue, current_app.extensions.setdefault("orderboard.together", _Queue()))
    job = _Job(work)
    queue.waiting.append(job)
    while not job.done:
        with queue.turn:
            # Whoever has the turn does the work of all who wait. That may have been ours already.
            if not job.done:
                give_way()  # requests that have arrived meanwhile come along
                _run(queue.take())
    if job.error is not None:
        raise job.error
    return cast(T, job.result)


class _Job(Generic[T]):
    """A piece of work and what became of it."""

    __slots__ = ("done", "error", "result", "work")

    def __init__(self, work: Callable[[Transaction], T]) -> None:
        self.work = work
        self.result: T | None = None
        self.error: BaseException | None = None
        self.done = False

    def attempt(self, tx: Transaction) -> None:
        """Do the work. Its failure is its own; Spoilt, when others cannot go on after it."""
        before = tx.writes
        try:
            self.result = self.work(tx)
        except Exception as error:
            self.error = error
            # After an error of its own PostgreSQL takes nothing more in a transaction.
            if tx.writes != before or isinstance(error, sa.exc.DBAPIError):
                raise _Spoilt(error) from error


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
        return [self.waiting.popleft() for _ in range(min(MOST, len(self.waiting)))]


def _run(jobs: Sequence[_Job[Any]]) -> None:
    try:
        with transaction() as tx:
            for job in jobs:
                job.attempt(tx)
    except _Spoilt as spoilt:
        if len(jobs) == 1 or spoilt.database_gone:
            _fail(jobs, spoilt.error)
        else:
            _run_alone(jobs)
    except BaseException as error:  # no transaction to be had, or this worker ends
        _fail(jobs, error)
        if not isinstance(error, Exception):
            raise
    for job in jobs:
        job.done = True


def _run_alone(jobs: Sequence[_Job[Any]]) -> None:
    for job in jobs:
        job.error = None
        _run([job])


def _fail(jobs: Sequence[_Job[Any]], error: BaseException) -> None:
    for job in jobs:
        job.error = error
        job.done = True
