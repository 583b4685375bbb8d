"""Listeners that write down what they apply: httpx-sse in a thread, ``eventsource`` under Node.

Each begins with a snapshot, goes on behind its position, comes back with the last id it knows when
a stream ends or falls silent, and reads its snapshot again when it is told to.
"""

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from httpx_sse import ServerSentEvent

from orderboard.audiences import KINDS
from tests.faults.audience import Audience
from tests.faults.record import Beat, Record, Reset, Snapshot, Told
from tests.journeys.listening import Listener
from tests.servers import wait_until

SILENCE = 3.0
"""Seconds without a word, three heartbeats, after which a connection is taken for dead."""
_SCRIPT = Path(__file__).with_name("listen.mjs")
_SNAPSHOT_SECONDS = 60
_TYPES = frozenset(KINDS.names("board"))


class Notes:
    """One listener's record, as it is being written. ``address``: where snapshots are read."""

    def __init__(self, name: str, audience: Audience, address: str) -> None:
        self.audience = audience
        self.record = Record(name, audience.name)
        self._address = address
        self._stream_at = ""

    def read(self) -> None:
        """Read the snapshot and go on from it, as soon as the server answers."""
        self.record.steps.append(self._snapshot())

    def read_afresh(self) -> None:
        """Note what a snapshot shows when all is over."""
        self.record.fresh = self._snapshot().orders or {}

    def hear(self, type: str, id_: str, data: str) -> None:
        """Take in one frame; what carries no id is a signal, and nothing is lost with it."""
        match type:
            case "heartbeat":
                if id_ != self.record.last_id:
                    self.record.steps.append(Beat(id_))
            case "reset":
                reason = json.loads(data)["reason"]
                # Where the stream was, not the snapshot: one read after an epoch's end, while the
                # stream was still in it, is no reason against the reset that says so.
                after = self._stream_at or self.record.last_id
                self.record.steps.append(Reset(id_, reason, after))
                self.read()
            case _ if type in _TYPES:
                self.record.steps.append(Told(id_, type, json.loads(data)))
        self._stream_at = id_ or self._stream_at

    def _snapshot(self) -> Snapshot:
        deadline = time.monotonic() + _SNAPSHOT_SECONDS
        while True:
            try:
                return self.audience.snapshot(self._address)
            except httpx.HTTPError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.3)


class PythonListener(Listener):
    """httpx-sse, which neither reconnects nor remembers: this does as the standard says.

    Notes that have not begun yet begin in its own thread, when the server answers.
    """

    def __init__(self, notes: Notes, port: int) -> None:
        self.notes = notes
        address = f"http://127.0.0.1:{port}{notes.audience.path}"
        super().__init__(address, notes.audience.headers, notes.record.last_id, SILENCE)

    def _run(self) -> None:
        if not self.notes.record.steps:
            self.notes.read()
            self._last_id = self.notes.record.last_id
        super()._run()

    def _hear(self, event: ServerSentEvent) -> None:
        if event.data:
            self.notes.hear(event.event, event.id, event.data)
        super()._hear(event)


@contextmanager
def python_listener(notes: Notes, port: int, late: bool = False) -> Iterator[PythonListener]:
    """A listener of httpx-sse until the block ends; ``port``: of the network it comes through.

    One that comes ``late`` is not waited for: nothing may answer just then.
    """
    listener = PythonListener(notes, port)
    try:
        listener.start(10 if not late else 0)
        yield listener
    finally:
        listener.stop()


class NodeListeners:
    """The ``eventsource`` client of npm: all its listeners in one process of Node.

    ``modules`` is the folder of what npm has installed.
    """

    def __init__(self, modules: Path, notes: list[Notes], port: int, types: list[str]) -> None:
        self._notes = {one.record.name: one for one in notes}
        self._process = subprocess.Popen(
            ["node", str(_SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"EVENTSOURCE": str(modules)},
        )
        self.opened = 0
        self._thread = threading.Thread(target=self._listen, name="node", daemon=True)
        self._thread.start()
        self._tell([_order(one, port, types) for one in notes])
        wait_until(lambda: self.opened >= len(notes), what="the listeners under Node")

    def stop(self) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._thread.join(10)
        self._process.stdout.close()

    def _tell(self, orders: list[dict[str, Any]]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(orders) + "\n")
        self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            said = json.loads(line)
            if said["type"] == "open":
                self.opened += 1
            else:
                self._notes[said["name"]].hear(said["type"], said["id"], said["data"])


@contextmanager
def node_listeners(
    modules: Path, notes: list[Notes], port: int, types: list[str]
) -> Iterator[NodeListeners]:
    """Listeners under Node until the block ends."""
    listeners = NodeListeners(modules, notes, port, types)
    try:
        yield listeners
    finally:
        listeners.stop()


def _order(notes: Notes, port: int, types: list[str]) -> dict[str, Any]:
    return {
        "name": notes.record.name,
        "url": f"http://127.0.0.1:{port}{notes.audience.path}",
        "headers": notes.audience.headers,
        "after": notes.record.last_id,
        "types": types,
        "silence": SILENCE * 1000,
    }
