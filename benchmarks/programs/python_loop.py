"""What bare_loop.c does, in Python: each frame posted is written to all listeners in a loop.

Run as ``python python_loop.py PORT``.
"""

import os
import select
import socket
import sys

STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n:\n\n"
DONE = b"HTTP/1.1 204 No Content\r\n\r\n"
PATIENCE_MS = 5000


def main(port: int) -> None:
    """Serve until killed."""
    server = socket.create_server(("127.0.0.1", port), backlog=4096)
    server.setblocking(False)
    epoll = select.epoll()
    epoll.register(server, select.EPOLLIN)
    connections: dict[int, socket.socket] = {}
    listeners: list[int] = []
    last = b""
    while True:
        for fd, _ in epoll.poll():
            if fd == server.fileno():
                accept_all(server, epoll, connections)
                continue
            body = read_request(connections[fd])
            if body is None:
                if fd in listeners:
                    listeners.remove(fd)
                connections.pop(fd).close()
            elif isinstance(body, int):
                write_all(fd, STREAM + last * body)
                listeners.append(fd)
            else:
                last = body
                for listener in listeners:
                    write_all(listener, body)
                write_all(fd, DONE)


def accept_all(
    server: socket.socket, epoll: select.epoll, connections: dict[int, socket.socket]
) -> None:
    """Take all who wait."""
    while True:
        try:
            connection, _ = server.accept()
        except BlockingIOError:
            return
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connections[connection.fileno()] = connection
        epoll.register(connection, select.EPOLLIN)


def read_request(connection: socket.socket) -> bytes | int | None:
    """The body posted, or how much a listener has missed; None of one who has gone."""
    try:
        got = connection.recv(65536)
        if got.startswith(b"GET /"):
            return int(got[5 : got.index(b" ", 5)])
        head, _, body = got.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
        connection.setblocking(True)
        while got and len(body) < length:
            body += (got := connection.recv(65536))
        connection.setblocking(False)
    except OSError:
        return None
    return body or None


def write_all(fd: int, data: bytes) -> None:
    """Write everything, waiting for room where there is none."""
    while data:
        try:
            data = data[os.write(fd, data) :]
        except BlockingIOError:
            room = select.poll()
            room.register(fd, select.POLLOUT)
            if not room.poll(PATIENCE_MS):
                return
        except OSError:
            return


if __name__ == "__main__":
    main(int(sys.argv[1]))
