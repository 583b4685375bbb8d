"""The floors: a bare loop over the sockets, in C and in Python."""

import platform
import sys
from pathlib import Path
from typing import ClassVar

from benchmarks.asking import request
from benchmarks.contenders.contender import Contender
from benchmarks.machine import compiled
from benchmarks.servers import free_port, start

MISSED = 100
"""How many frames one that comes back is sent at once."""
_LOOP = Path(__file__).resolve().parent.parent / "programs" / "python_loop.py"


class BareLoop(Contender):
    """send() in a loop in C: as little as any server can do that writes frame by frame."""

    name = "bare C loop"
    unasked: ClassVar[dict[str, str]] = {
        "answering": "it answers a POST when the last listener has been written to",
    }

    def start(self) -> None:
        """Start it."""
        self._start([str(compiled("bare_loop", self.place.folder))])
        self.version = "send()"

    def listen(self, after: str | None = None) -> bytes:
        """A listener that comes back names no id but how much it has missed."""
        return request("GET", f"/{MISSED if after else 0}")

    def last_id(self) -> str:
        """It knows no ids."""
        return "any"

    def _start(self, command: list[str]) -> None:
        self.order = self.batch = request("POST", "/", self.place.sample.frame)
        port = free_port()
        self.server = start([*command, str(port)], port, core=self.place.cores.server)


class PythonLoop(BareLoop):
    """os.write() in a loop in Python."""

    name = "bare Python loop"

    def start(self) -> None:
        """Start it."""
        self._start([sys.executable, "-S", str(_LOOP)])
        self.version = f"os.write(), {platform.python_version()}"
