"""Where a request's head ends, found by looking at each byte once.

gunicorn's parser looks at all it has again with each read. Here a head is gathered first, within
bounds that no browser meets, and the parser then gets the whole of it.
"""

from gunicorn.http.errors import (  # type: ignore[import-untyped]
    InvalidRequestLine,
    LimitRequestHeaders,
    LimitRequestLine,
)

LONGEST_LINE = 8190
"""Bytes of the request line, and of a field."""
MOST_FIELDS = 64
LARGEST = 32 * 1024
"""Bytes of a whole head."""
_RETURN = 13


class Head:
    """A request's head while it comes in. ``complete`` once its end, or a fault, was seen."""

    __slots__ = ("_begin", "_data", "_end", "_lines", "_looked", "complete")

    def __init__(self) -> None:
        self._data = bytearray()
        self._looked = self._begin = self._end = self._lines = 0
        self.complete = False

    def add(self, piece: bytes) -> None:
        """Take in more. Raises what gunicorn raises when a bound is passed."""
        self._data += piece
        if self._data and not 0x21 <= self._data[self._begin] < 0x7F and self._lines == 0:
            self._check_first(self._data[self._begin])
        while not self.complete and (end := self._data.find(b"\n", self._looked)) >= 0:
            self._looked = end + 1
            self._ended(end)
        if not self.complete:
            self._looked = len(self._data)
            self._check_length(len(self._data) - self._begin - 1)

    def take(self) -> tuple[bytes, bytes]:
        """The head, and what came behind it."""
        return bytes(self._data[: self._end]), bytes(self._data[self._end :])

    def _ended(self, end: int) -> None:
        """A line ended here. A line feed that stands alone is left to the parser to refuse."""
        length = end - 1 - self._begin
        alone = end == self._begin or self._data[end - 1] != _RETURN
        leading = length == 0 and self._begin == 0
        if alone or (length == 0 and not leading):
            self.complete, self._end = True, end + 1
        elif not leading:
            self._check_length(length)
            self._lines += 1
            if self._lines > MOST_FIELDS + 1:
                raise LimitRequestHeaders(f"more than {MOST_FIELDS} header fields")
        self._begin = end + 1

    def _check_length(self, length: int) -> None:
        if length > LONGEST_LINE:
            if self._lines == 0:
                raise LimitRequestLine(f"a request line of more than {LONGEST_LINE} bytes")
            raise LimitRequestHeaders(f"a header field of more than {LONGEST_LINE} bytes")
        if self._begin + length > LARGEST:
            raise LimitRequestHeaders(f"header fields of more than {LARGEST} bytes together")

    @staticmethod
    def _check_first(byte: int) -> None:
        # The first bytes of TLS, for example: whoever sends them waits for an answer.
        if byte not in b"\r\n":
            raise InvalidRequestLine("it is no HTTP")
