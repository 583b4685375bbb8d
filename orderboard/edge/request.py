"""gunicorn's requests and their parser, with bounds of the project's own."""

from typing import Any

from gunicorn.http.body import LengthReader  # type: ignore[import-untyped]
from gunicorn.http.message import Request  # type: ignore[import-untyped]
from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]

from orderboard.edge.head import LONGEST_LINE
from orderboard.edge.reader import Reader

_LITTLE = 64 * 1024
"""Bytes of a body nobody wanted that are taken in for the sake of the connection's next request."""


class BoundedRequest(Request):  # type: ignore[misc]
    """A request that knows how much of its body is still to come."""

    unreader: Reader
    _expected_100_continue: bool

    def set_body_reader(self) -> None:
        """Find out how the body ends. Fields behind it have the bound of a single one."""
        self.max_buffer_headers = LONGEST_LINE
        super().set_body_reader()
        reader = self.body.reader
        length = reader.length if isinstance(reader, LengthReader) else None
        self.unreader.begin_body(self._expected_100_continue, length)
        # gunicorn would ask for the body before anybody has looked at who sends it.
        self._expected_100_continue = False

    def left(self) -> float:
        """Bytes of the body that were not read; without end where that is not known."""
        reader: Any = self.body.reader
        if isinstance(reader, LengthReader):
            return float(reader.length)
        return float("inf") if reader.parser else 0.0

    def should_close(self) -> bool:
        """Whether the connection ends with this request's answer."""
        left = self.left() if self.body else 0.0
        if left > _LITTLE or (left and self.unreader.expects_continue):
            return True
        if self.body and self.body.failed:
            return True
        return bool(super().should_close())


class BoundedParser(RequestParser):  # type: ignore[misc]
    """Reads the requests of one connection."""

    mesg_class = BoundedRequest

    def __init__(self, cfg: Any, reader: Reader, address: Any) -> None:
        super().__init__(cfg, (), address)
        self.unreader = reader
