"""A connection is not hung up on while a request waits in it."""

import socket

from orderboard.edge.handler import _is_readable


def test_what_has_come_and_was_not_looked_at_is_seen() -> None:
    client, server = socket.socketpair()
    with client, server:
        assert not _is_readable(server)
        client.sendall(b"G")
        assert _is_readable(server)
        assert server.recv(1) == b"G", "looking takes nothing away"
        assert not _is_readable(server)
