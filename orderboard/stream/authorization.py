"""Authorization while a stream lasts: about once a heartbeat it is asked whether it may go on."""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from orderboard.stream.counters import Counters
from orderboard.stream.listener import Guard, Listener
from orderboard.stream.suppress import suppress_and_log

log = logging.getLogger(__name__)


class AuthorizationChecks:
    """Keeps the guards of those who listen. Asking may read the database, so it has a thread."""

    def __init__(
        self,
        app_context: Callable[[], AbstractContextManager[Any]],
        every: float,
        counters: Counters,
    ) -> None:
        self._app_context = app_context
        self._every = every
        self._counters = counters
        self._lock = threading.Lock()
        self._watched: dict[Guard, list[Listener]] = {}
        self._closing = threading.Event()
        self._hurry = threading.Event()
        self.thread = threading.Thread(target=self._run, name="stream-authorization", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self.thread.start()

    def close(self) -> None:
        """Ask no more."""
        self._closing.set()
        self._hurry.set()

    def watch(self, listener: Listener) -> None:
        """Ask this listener's guard from now on, for as long as it listens."""
        if listener.guard is not None:
            with self._lock:
                self._watched.setdefault(listener.guard, []).append(listener)

    def recheck(self) -> None:
        """Something was revoked: ask all guards now."""
        self._hurry.set()

    def _run(self) -> None:
        while not self._closing.is_set():
            with suppress_and_log("asking guards"):
                self._go_round()

    def _go_round(self) -> None:
        while not self._closing.is_set():
            guards = list(self._watched)
            for guard in guards:
                self._hurry.wait(self._every / (len(guards) + 1))
                if self._closing.is_set():
                    return
                self._ask(guard)
            if self._hurry.wait(self._every / (len(guards) + 1)):
                self._hurry.clear()
                for guard in list(self._watched):
                    self._ask(guard)

    def _ask(self, guard: Guard) -> None:
        with self._lock:
            present = [one for one in self._watched.get(guard, ()) if one.group is not None]
            if present:
                self._watched[guard] = present
            else:
                self._watched.pop(guard, None)
        if present and not self._allows(guard):
            for listener in present:
                self._counters.revoked += 1
                listener.ended = "revoked"
                with suppress_and_log("ending a stream"):
                    listener.wake()

    def _allows(self, guard: Guard) -> bool:
        try:
            with self._app_context():
                return guard()
        except Exception:
            # The answer could not be had, most likely because the database is away. Streams stay
            # open through that, and the question is asked again.
            log.warning("a stream's guard could not be asked", exc_info=True)
            return True
