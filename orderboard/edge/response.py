"""Answers whose head goes out along with the first of their body."""

from typing import Any

from gunicorn.http import wsgi  # type: ignore[import-untyped]


class JoinedResponse(wsgi.Response):  # type: ignore[misc]
    """gunicorn's answer, but in one call of the system where it writes head and body apart.

    Each call costs about as much as reading the request did, and wakes who waits at the other end.
    The head is not sent before there is something of the body, or the end: an answer that fails
    in between breaks off as it does there.
    """

    def __init__(self, *request: Any) -> None:
        super().__init__(*request)
        self.headers_sent = False
        self._head = b""

    def send_headers(self) -> None:
        """Have the head ready; what is sent next takes it along."""
        if self.headers_sent:
            return
        lines = [*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers)]
        self._head = "".join([*lines, "\r\n"]).encode("latin-1")
        self.headers_sent = True

    def sendfile(self, respiter: Any) -> bool:
        """Let the system send a file, behind the head."""
        self.send_headers()
        self._send(b"")
        return bool(super().sendfile(respiter))

    def close(self) -> None:
        """End the answer."""
        self.send_headers()
        self._send(b"0\r\n\r\n" if self.chunked else b"")

    def _emit_body(self, data: bytes) -> None:
        self._send(b"%X\r\n%b\r\n" % (len(data), data) if self.chunked else data)

    def _send(self, data: bytes) -> None:
        data, self._head = self._head + data, b""
        if data:
            self.sock.sendall(data)


def join() -> None:
    """Have this process's answers made so. gunicorn has no setting for the class of its answers."""
    wsgi.Response = JoinedResponse
