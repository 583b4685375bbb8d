"""What goes wrong in a house: one function for each kind of fault in the plan."""

import os
import signal
import socket
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import sqlalchemy as sa

from orderboard.children import Child
from tests.faults import logbook
from tests.faults.audience import Audience
from tests.faults.network import Network
from tests.faults.plan import Fault
from tests.journeys.house import House
from tests.postgres import Postgres
from tests.servers import Valkey

_TRIES = 5


@dataclass
class Trouble:
    """Does what a plan says. ``networks`` by their names, those of listeners and ``clerks``.

    ``stalled``: whom somebody pretends to be who opens a stream and never reads it.
    """

    house: House
    store: Valkey
    networks: Mapping[str, Network]
    database: str
    cluster: Postgres | None
    stalled: Audience
    random: Random
    counts: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def lane(self, faults: list[Fault]) -> None:
        """Do one fault after the other, until it is over."""
        for fault in faults:
            if self.over.wait(fault.wait):
                return
            self.counts[fault.kind] += 1
            getattr(self, fault.kind)(fault)

    def kill_worker(self, _: Fault) -> None:
        """A worker dies by kill -9."""
        if workers := self.house.server.workers():
            with suppress(ProcessLookupError):
                os.kill(self.random.choice(workers), signal.SIGKILL)

    def kill_courier(self, _: Fault) -> None:
        """The courier dies by kill -9."""
        self._to_courier(signal.SIGKILL)

    def pause_courier(self, fault: Fault) -> None:
        """The courier stands still, perhaps in the middle of a transaction, and goes on."""
        self._to_courier(signal.SIGSTOP)
        self.over.wait(fault.seconds)
        self._to_courier(signal.SIGCONT)

    def second_courier(self, fault: Fault) -> None:
        """A second courier comes, and is killed."""
        command = [sys.executable, "-m", "orderboard", "courier"]
        second = Child(command, self.house.server.environ, output=Path(os.devnull))
        try:
            self.over.wait(3 * fault.seconds)
        finally:
            second.end()

    def _to_courier(self, number: signal.Signals) -> None:
        for pid in self.house.server.couriers():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def hang_up(self, _: Fault) -> None:
        """New workers take over from the old ones."""
        self.house.server.process.send_signal(signal.SIGHUP)

    def deploy(self, _: Fault) -> None:
        """The whole house is stopped and started again while orders come in.

        A start may meet a database that is away just then; whoever keeps services running tries
        again.
        """
        self.house.server.stop()
        for _tries in range(_TRIES):
            try:
                self.house.server.start("--with-parent", str(os.getpid()))
                return
            except AssertionError as error:
                print(f"the start failed: {error}", flush=True)
                self.counts["failed start"] += 1
                self.house.server.stop()
        raise AssertionError("the house could not be started again")

    def kill_store(self, fault: Fault) -> None:
        """Redis dies, and somebody starts it again."""
        self.store.kill()
        self.over.wait(fault.seconds)
        self.store.restart()

    def pause_store(self, fault: Fault) -> None:
        """Redis stands still: its connections are there, and nothing answers."""
        self.store.pause()
        self.over.wait(fault.seconds)
        self.store.resume()

    def flush_store(self, _: Fault) -> None:
        """Redis forgets everything."""
        self.store.flush()

    def restart_store(self, _: Fault) -> None:
        """Redis is started anew at once."""
        self.store.restart()

    def drop_subscriptions(self, _: Fault) -> None:
        """Redis breaks off the workers' subscriptions."""
        self.store.drop_subscriptions()

    def cut(self, fault: Fault) -> None:
        """Connections break."""
        self.networks[fault.where].cut(self.random, fault.share)

    def cut_clerks(self, fault: Fault) -> None:
        """Connections break in the middle of requests, again and again."""
        until = time.monotonic() + fault.seconds
        while time.monotonic() < until and not self.over.wait(0.1):
            self.networks["clerks"].cut(self.random, fault.share)

    def half_open(self, fault: Fault) -> None:
        """Connections die, and neither side is told."""
        self.networks[fault.where].lose(self.random, fault.share)

    def slow_network(self, fault: Fault) -> None:
        """Everything takes longer."""
        self._for_a_while(fault, delay=0.05 + 0.1 * fault.share)

    def slow_reader(self, fault: Fault) -> None:
        """Listeners take only so many bytes a second."""
        self._for_a_while(fault, rate=20_000 * fault.share)

    def stalled_reader(self, fault: Fault) -> None:
        """Somebody opens a stream from the beginning of the log and never reads it."""
        head = [f"GET {self.stalled.path}?after= HTTP/1.1", "Host: localhost"]
        head += [f"{name}: {value}" for name, value in self.stalled.headers.items()]
        with suppress(OSError), socket.socket() as reader:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.settimeout(5)
            reader.connect(("127.0.0.1", self.house.server.port))
            reader.sendall("\r\n".join([*head, "", ""]).encode())
            self.over.wait(2 * fault.seconds)

    def lock_database(self, fault: Fault) -> None:
        """Another process writes to the SQLite database and takes its time."""
        path = self.database.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            self.over.wait(fault.seconds)
            connection.execute("ROLLBACK")

    def restart_database(self, _: Fault) -> None:
        """PostgreSQL is restarted."""
        assert self.cluster
        self.cluster.restart()

    def drop_sessions(self, _: Fault) -> None:
        """PostgreSQL ends every session of the house."""
        assert self.cluster
        self.cluster.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
        )

    def begin_epoch(self, _: Fault) -> None:
        """Positions that anybody knows mean nothing any more."""
        for _tries in range(_TRIES):
            try:
                logbook.begin_epoch(self.database)
                return
            except sa.exc.OperationalError:
                time.sleep(0.5)  # it is away or locked just now
        raise AssertionError("no new epoch could begin")

    def _for_a_while(self, fault: Fault, **trouble: float) -> None:
        network = self.networks[fault.where]
        for name, value in trouble.items():
            setattr(network, name, value)
        self.over.wait(fault.seconds)
        network.heal()
