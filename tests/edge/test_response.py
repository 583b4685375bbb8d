"""An answer is one call of the system, whatever it is made of, and says what gunicorn's would."""

from collections.abc import Sequence
from typing import Any

import pytest
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.http.wsgi import Response  # type: ignore[import-untyped]

from orderboard.edge.response import JoinedResponse

HEADERS = [("Content-Type", "text/plain"), ("X-Of", "somebody"), ("Date", "today")]


class Request:
    """What an answer asks of its request."""

    def __init__(self, method: str, version: tuple[int, int]) -> None:
        self.method, self.version = method, version

    def should_close(self) -> bool:
        """Whether the connection ends with it."""
        return self.version < (1, 1)


class Sends:
    """A socket that keeps each piece apart."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def sendall(self, piece: bytes) -> None:
        self.pieces.append(piece)


def sent(
    kind: Any,
    method: str,
    version: tuple[int, int],
    status: str,
    length: bool,
    body: Sequence[bytes],
) -> list[bytes]:
    """The pieces in which an answer of this kind goes out."""
    sock = Sends()
    answer = kind(Request(method, version), sock, Config())
    headers = list(HEADERS)
    if length:
        headers.append(("Content-Length", str(sum(map(len, body)))))
    write = answer.start_response(status, headers)
    for piece in body:
        write(piece)
    answer.close()
    return sock.pieces


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("version", [(1, 0), (1, 1)])
@pytest.mark.parametrize("status", ["200 OK", "204 No Content", "304 Not Modified"])
@pytest.mark.parametrize("body", [[], [b""], [b"one"], [b"one", b"", b"two"]])
@pytest.mark.parametrize("length", [True, False])
def test_what_is_said_is_what_gunicorn_says_in_fewer_pieces(
    method: str, version: tuple[int, int], status: str, body: list[bytes], length: bool
) -> None:
    asked = (method, version, status, length, body)
    ours, theirs = sent(JoinedResponse, *asked), sent(Response, *asked)
    assert undated(b"".join(ours)) == undated(b"".join(theirs))
    assert len(ours) <= max(len([piece for piece in body if piece]), 1) + (b"chunked" in ours[0])


def test_an_answer_with_a_body_is_one_piece() -> None:
    assert len(sent(JoinedResponse, "GET", (1, 1), "200 OK", True, [b"whole"])) == 1
    assert len(sent(Response, "GET", (1, 1), "200 OK", True, [b"whole"])) == 2


def undated(answer: bytes) -> bytes:
    """An answer without the moment it was made at."""
    lines = answer.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith(b"Date:"))
