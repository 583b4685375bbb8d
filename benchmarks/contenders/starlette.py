"""sse-starlette on uvicorn, the usual way to Server-Sent Events in asyncio; from PyPI."""

import os
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

from benchmarks.contenders.contender import Contender
from benchmarks.contenders.peer import batch_of, cache, installed, order_of
from benchmarks.servers import free_port, start

_PROGRAM = Path(__file__).resolve().parent.parent / "programs" / "starlette_app.py"
_PACKAGES = ["sse-starlette", "uvicorn", "uvloop", "httptools"]
_VERSIONS = "import importlib.metadata as m; print(*map(m.version, ('sse-starlette', 'uvicorn')))"


class SseStarlette(Contender):
    """One uvicorn worker with uvloop; each listener has a queue, as its documentation has it."""

    name = "sse-starlette"
    unasked: ClassVar[dict[str, str]] = {"storm": "it leaves resuming to the application"}
    in_batch = 50

    def missing(self) -> str:
        """The packages, installed into an environment of their own when they are not there."""
        folder = cache("starlette")
        pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python"), "install"]
        make = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
        if installed(folder / "bin/uvicorn", [make, [*pip, "--quiet", *_PACKAGES]]):
            return ""
        return "the Python packages (PyPI, once): " + " ".join(_PACKAGES)

    def start(self) -> None:
        """Start it."""
        python = str(cache("starlette") / "bin/python")
        port = free_port()
        where = ["--app-dir", str(_PROGRAM.parent), "--port", str(port), "--backlog", "4096"]
        quiet = ["--no-access-log", "--log-level", "critical"]
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [python, "-m", "uvicorn", f"{_PROGRAM.stem}:app", *where, *quiet]
        self.server = start(command, port, env, core=self.place.cores.server)
        own, uvicorn = subprocess.check_output([python, "-c", _VERSIONS], text=True).split()
        self.version = f"{own}, uvicorn {uvicorn}"
        self.order = order_of(self.place.sample.data)
        self.batch = batch_of(self.place.sample.data, self.in_batch)
