"""Work of much CPU beside the event loop, so that all other greenlets go on meanwhile."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

from gevent import monkey
from gevent.threadpool import ThreadPool

T = TypeVar("T")
_pools: dict[int, ThreadPool] = {}
"""One for each process: threads do not survive a fork."""


def aside(work: Callable[[], T]) -> T:
    """What work answers, done in a real thread where there is an event loop; one at a time.

    Several such threads would leave the loop only one share among many. ``work`` must wait for
    nothing and know nothing of the request. Raises what work raises.
    """
    if not monkey.is_module_patched("threading"):
        return work()
    pool = _pools.get(os.getpid())
    if pool is None:
        pool = _pools[os.getpid()] = ThreadPool(1)
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
