"""Work offloaded from the event loop to real threads: all other greenlets go on meanwhile."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

from gevent import monkey
from gevent.threadpool import ThreadPool

T = TypeVar("T")


class Offload:
    """So many real threads at most, where there is an event loop; else work is done at once.

    Work must know nothing of the request, and wait for no greenlet.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pools: dict[int, ThreadPool] = {}  # by process: threads do not survive a fork

    def __call__(self, work: Callable[[], T]) -> T:
        """What work answers or raises."""
        if not monkey.is_module_patched("threading"):
            return work()
        pool = self._pools.get(os.getpid())
        if pool is None:
            pool = self._pools[os.getpid()] = ThreadPool(self._threads)
        # gevent prints what is raised in its threads, so it is carried over as a value.
        result: T
        result, error = pool.apply(_outcome, (work,))
        if error is not None:
            raise error
        return result


def _outcome(work: Callable[[], T]) -> tuple[Any, Exception | None]:
    try:
        return work(), None
    except Exception as error:  # noqa: BLE001 - it is raised where it was asked for
        return None, error


thinking = Offload(1)
"""For much CPU. Several such threads would leave the loop only one share among many."""
committing = Offload(4)
"""For waiting until the disk has what is written."""
looking_up = Offload(4)
"""For what may read for long."""
