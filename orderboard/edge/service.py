"""The edge as the rest of the house uses it."""

import socket
from functools import partial
from typing import Any

from gevent.server import StreamServer

from orderboard.edge import response
from orderboard.edge.bounds import Bounds
from orderboard.edge.handler import ConnectionHandler

BUFFER = 128 * 1024
"""Bytes the system keeps of what a client sends, and of what it does not take. Connections have it
from their listener; it would otherwise grow to megabytes for each of them."""

ACCEPTED = 64
"""Connections that a worker accepts in one round of the loop, which takes about three milliseconds;
the next are for another worker, if that is quicker."""


class Edge(Bounds):
    """The bounds of this process's connections, and what keeps them."""

    def serve(self, worker: Any) -> None:
        """Take over the connections of a gunicorn worker that has not begun to listen."""
        for listener in worker.sockets:
            for side in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                listener.setsockopt(socket.SOL_SOCKET, side, BUFFER)
        response.join()
        worker.handle = ConnectionHandler(worker, self).handle
        worker.server_class = partial(_server, worker)


def _server(worker: Any, listener: Any, *, spawn: Any, **more: Any) -> StreamServer:
    """What gunicorn would make, but for how many it accepts: with several workers, one a round.

    A newcomer would wait for as many rounds of the loop as connections came before it.
    """
    tls = {"ssl_context": more["ssl_context"]} if "ssl_context" in more else {}
    server = StreamServer(listener, handle=partial(worker.handle, listener), spawn=spawn, **tls)
    server.max_accept = ACCEPTED
    return server
