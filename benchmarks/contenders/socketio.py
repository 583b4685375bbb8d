"""Socket.IO over WebSocket, on Node; from npm."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import ClassVar

from benchmarks.asking import request
from benchmarks.contenders.contender import Contender
from benchmarks.contenders.peer import batch_of, cache, installed, order_of
from benchmarks.receiver import Asking
from benchmarks.servers import free_port, start

_PROGRAM = Path(__file__).resolve().parent.parent / "programs" / "socketio_server.js"
_CONNECT = bytes([0x81, 0x82, 0, 0, 0, 0]) + b"40"
"""A text message "40", connect to the main namespace, as a WebSocket client sends it."""


class SocketIO(Contender):
    """One Node process. The listeners speak WebSocket and the two layers above it."""

    name = "Socket.IO"
    unasked: ClassVar[dict[str, str]] = {
        "storm": "each client can only resume a session of its own, kept in memory",
    }
    in_batch = 50

    def missing(self) -> str:
        """The library, installed from npm when it is not there."""
        folder = cache("socketio")
        package = folder / "node_modules/socket.io/package.json"
        npm = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund"]
        if shutil.which("node") and installed(package, [[*npm, "--ignore-scripts", "socket.io@4"]]):
            return ""
        return "Node and npm (and the npm registry, once)"

    def start(self) -> None:
        """Start it."""
        folder = cache("socketio") / "node_modules"
        port = free_port()
        env = {**os.environ, "NODE_PATH": str(folder), "NODE_ENV": "production"}
        self.server = start(
            ["node", str(_PROGRAM), str(port)], port, env, core=self.place.cores.server
        )
        own = json.loads((folder / "socket.io/package.json").read_text())["version"]
        node = subprocess.check_output(["node", "--version"], text=True).strip()
        self.version = f"{own}, Node {node.lstrip('v')}"
        self.order = order_of(self.place.sample.data)
        self.batch = batch_of(self.place.sample.data, self.in_batch)

    def asking(self, after: str | None = None) -> Asking:  # noqa: ARG002 - nothing to resume
        """Upgrade to WebSocket, and then connect."""
        path = "/socket.io/?EIO=4&transport=websocket"
        headers = (
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        )
        return request("GET", path, b"", *headers), _CONNECT
