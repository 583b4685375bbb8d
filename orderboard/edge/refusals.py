"""What is answered to a request that never reaches the app."""

import random
from collections.abc import Iterable

from gunicorn.http import errors  # type: ignore[import-untyped]

from orderboard.edge.connections import Refused
from orderboard.edge.memory import NoMemory
from orderboard.edge.read_timeout import TooSlow
from orderboard.edge.reader import TooMuch
from orderboard.jsontext import dump

_PHRASES = {
    400: "Bad Request",
    408: "Request Timeout",
    413: "Content Too Large",
    414: "URI Too Long",
    417: "Expectation Failed",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
}
_STATUS: dict[type[Exception], int] = {
    errors.LimitRequestLine: 414,
    errors.LimitRequestHeaders: 431,
    errors.ExpectationFailed: 417,
    errors.UnsupportedTransferCoding: 501,
    TooSlow: 408,
    TooMuch: 413,
    NoMemory: 503,
}
_NAMES = {408: "slow", 413: "body", 414: "line", 431: "fields", 503: "memory"}
_WORDS = {"full": "There are too many connections", "address": "Your address has too many"}
_FAREWELL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    b"Cache-Control: no-store\r\nConnection: close\r\n\r\n"
)
_RETRY_MS = 26_000, 52_000


def status_of(error: Exception) -> int:
    """The status for an error of the parser."""
    return _STATUS.get(type(error), 400)


def name_of(error: Exception) -> str:
    """What an error is counted under."""
    return _NAMES.get(status_of(error), "malformed")


def of_a_request(error: Exception) -> bytes:
    """The whole answer to a request that cannot be read."""
    return _problem(status_of(error), f"The request cannot be read: {_printable(str(error))}")


def of_a_connection(refused: Refused, stream: bool) -> bytes:
    """The whole answer to somebody for whom there is no room.

    A browser's stream gives up for good after anything but 200.
    """
    detail = f"{_WORDS[refused.reason]}; try again in a moment."
    if stream:
        words = dump({"reason": refused.reason, "detail": detail})
        retry = random.randint(*_RETRY_MS)  # noqa: S311 - only a spread
        return _FAREWELL + f"retry: {retry}\nevent: end\ndata: {words}\n\n".encode()
    return _problem(503, detail, ["Retry-After: 5"])


def of_a_fault() -> bytes:
    """The whole answer where something went wrong here."""
    return _problem(500, "Something went wrong here; it has been noted.")


def _problem(status: int, detail: str, more: Iterable[str] = ()) -> bytes:
    title = _PHRASES[status]
    problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    body = dump(problem).encode()
    lines = [
        f"HTTP/1.1 {status} {title}",
        "Content-Type: application/problem+json",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        *more,
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _printable(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()[:200]
