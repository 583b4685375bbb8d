"""The edge as the rest of the house uses it."""

import socket
from typing import Any

from orderboard.edge.bounds import Bounds
from orderboard.edge.handler import ConnectionHandler

BUFFER = 128 * 1024
"""Bytes the system keeps of what a client sends, and of what it does not take. Connections have it
from their listener; it would otherwise grow to megabytes for each of them."""


class Edge(Bounds):
    """The bounds of this process's connections, and what keeps them."""

    def serve(self, worker: Any) -> None:
        """Take over the connections of a gunicorn worker that has not begun to listen."""
        for listener in worker.sockets:
            for side in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                listener.setsockopt(socket.SOL_SOCKET, side, BUFFER)
        worker.handle = ConnectionHandler(worker, self).handle
