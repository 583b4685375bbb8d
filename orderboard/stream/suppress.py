"""Suppressing and logging what goes wrong: one's trouble must not become everybody's."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)


@contextmanager
def suppress_and_log(what: str) -> Iterator[None]:
    """Go on behind the block, whatever goes wrong in it; the log says ``what`` it was.

    For work that is done again, by somebody who looks for what is left undone.
    """
    try:
        yield
    except Exception:
        log.exception("%s was interrupted", what)
