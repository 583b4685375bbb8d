"""What the system keeps of what is sent, and of what is not taken."""

import socket
from types import SimpleNamespace

from orderboard.config import Settings
from orderboard.edge import Edge
from orderboard.edge.service import BUFFER


def test_connections_have_small_buffers_from_their_listener(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        worker = SimpleNamespace(sockets=[listener], handle=None)
        Edge(settings, 1000).serve(worker)
        with socket.create_connection(listener.getsockname(), 5):
            connection, _ = listener.accept()
            with connection:
                for side in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                    assert connection.getsockopt(socket.SOL_SOCKET, side) <= 2 * BUFFER
    assert worker.handle is not None
