"""``orderboard run``: one process that starts all the others, watches them, and ends with them."""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import click

from orderboard import embedded, paths, preflight, starting
from orderboard.children import Child
from orderboard.config import Settings
from orderboard.errors import OrderboardError, StartFailed

_DRAIN_SECONDS = 14
"""Longer than gunicorn's graceful_timeout: only a server that hangs is ended by force."""
_STORE_SECONDS = 2
_COURIER_SECONDS = 3
_TICK = 0.25
_SETTLING_SECONDS = 3.0
_STEADY_SECONDS = 30.0
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)


@dataclass(slots=True)
class Service:
    """A child that is started again when it dies: later and later while it keeps dying.

    Raises StartFailed when it cannot be started for the first time; later it is tried again.
    """

    name: str
    start: Callable[[], Child]
    usable: Callable[[], bool] = lambda: True
    child: Child = field(init=False)
    started: float = field(init=False)
    pause: float = 0.0
    due: float = 0.0

    def __post_init__(self) -> None:
        try:
            self._begin()
        except OSError as error:
            raise StartFailed(f"{self.name} could not be started: {error}") from None

    def watch(self) -> None:
        """Start the child again when it has died, or lives on without being of use."""
        moment = time.monotonic()
        if self.due:
            if moment >= self.due:
                self._begin_again(moment)
            return
        age = moment - self.started
        if self.child.alive() and (age < _SETTLING_SECONDS or self.usable()):
            return
        self.child.end()
        if age > _STEADY_SECONDS:
            self.pause = 0.0
        self._wait_longer(moment, "ended unexpectedly")

    def renew(self) -> None:
        """Start a child that was ended on purpose again."""
        self._begin_again(time.monotonic())

    def _begin_again(self, moment: float) -> None:
        try:
            self._begin()
        except (OSError, OrderboardError) as error:  # no memory, no process, no program just now
            self._wait_longer(moment, f"could not be started ({error})")

    def _begin(self) -> None:
        self.child, self.started, self.due = self.start(), time.monotonic(), 0.0

    def _wait_longer(self, moment: float, reason: str) -> None:
        self.pause = min(max(self.pause * 2, _SHORTEST_PAUSE), _LONGEST_PAUSE)
        self.due = moment + self.pause
        _say(f"{self.name} {reason}; starting it again.")


class Supervisor:
    """Runs the embedded server (if no other is named) and the web server until told to stop.

    ``prepare`` readies the database before the web server starts; ``ready`` is called once, when
    that answers. ``companion``: a command to run beside it from then on. ``parent``: the process
    to end with.
    """

    def __init__(
        self,
        settings: Settings,
        prepare: Callable[[], None],
        ready: Callable[[], None],
        parent: int | None = None,
        companion: Sequence[str] = (),
    ) -> None:
        self.settings, self.parent, self.companion = settings, parent, companion
        self.prepare, self.ready = prepare, ready
        self._store: Service | None = None
        self._web: Service | None = None
        self._courier: Service | None = None
        self._beside: Service | None = None
        self._answered = self._renew = False
        self._stops = 0
        self._has_terminal = starting.terminal_works()

    def run(self) -> None:
        """Start everything, watch over it, and return when all of it has ended.

        Raises StartFailed or ConfigurationError when something cannot be started.
        """
        with (
            starting.only_one(self.settings.home),
            starting.listening(_SIGNALS, self._heard) as bell,
        ):
            preflight.check_place(self.settings)
            try:
                self._start()
                while not self._must_stop():
                    self._watch()
                    bell.wait(_TICK)
            finally:
                self._stop()

    def _start(self) -> None:
        if self.settings.embedded_redis:
            path = embedded.socket_of(self.settings.redis_url)
            self._store = Service("The embedded server", self._start_store, path.exists)
            if not embedded.wait_for_answer(path, self._store.child.alive):
                raise StartFailed(
                    f"The embedded server did not start; {embedded.log_of(self.settings.home)}"
                    " says why"
                )
        self.prepare()
        if not self._must_stop():
            self._web = Service("The web server", self._start_web)

    def _start_store(self) -> Child:
        path = embedded.socket_of(self.settings.redis_url)
        return Child(
            embedded.command(embedded.find_server(), path),
            output=embedded.log_of(self.settings.home),
        )

    def _start_web(self) -> Child:
        config = ["--config", str(paths.GUNICORN_SETTINGS)]
        known = ["--env", f"ORDERBOARD_SUPERVISOR={os.getpid()}"]
        return Child([sys.executable, "-m", "gunicorn", *config, *known, "orderboard:create_app()"])

    def _start_courier(self) -> Child:
        return Child([sys.executable, "-m", "orderboard", "courier"])

    def _watch(self) -> None:
        if self._store:
            self._store.watch()
        if self._web is None:
            return
        if self._answered:
            self._watch_the_rest()
        elif not self._web.child.alive():
            raise StartFailed("The web server did not start; the lines above say why.")
        elif starting.web_server_answers(self.settings.host, self.settings.port):
            self._answered = True
            self.ready()
            self._courier = Service("The courier", self._start_courier)
            if self.companion:
                self._beside = Service("The companion", lambda: Child(self.companion))

    def _watch_the_rest(self) -> None:
        if self._courier and self._renew:
            self._renew = False
            self._end(self._courier.child, _COURIER_SECONDS)
            self._courier.renew()
        for service in (self._web, self._courier, self._beside):
            if service:
                service.watch()

    def _stop(self) -> None:
        if self._stops:
            _say("Stopping. (Ctrl-C again: at once.)")
        for service, seconds in (
            (self._beside, 0),
            (self._courier, _COURIER_SECONDS),
            (self._web, _DRAIN_SECONDS),
            (self._store, _STORE_SECONDS),
        ):
            if service:
                self._end(service.child, seconds)

    def _end(self, child: Child, seconds: float) -> None:
        child.send(signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while child.alive() and self._stops < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        child.end()

    def _heard(self, number: signal.Signals) -> None:
        if number == signal.SIGHUP and not self._terminal_was_closed():
            if self._web:
                self._web.child.send(signal.SIGHUP)
            self._renew = True  # new code for the courier, too
        elif number != signal.SIGCHLD:
            self._stops += 1

    def _terminal_was_closed(self) -> bool:
        return self._has_terminal and not starting.terminal_works()

    def _must_stop(self) -> bool:
        return self._stops > 0 or (self.parent is not None and os.getppid() != self.parent)


def _say(text: str) -> None:
    with suppress(OSError):  # the terminal may have been closed
        click.echo(text, err=True)
