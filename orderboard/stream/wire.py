"""How frames go over the wire: as they are, or as chunks of an HTTP/1.1 answer."""

from collections.abc import Iterable

LAST_CHUNK = b"0\r\n\r\n"
"""Ends a chunked answer: whoever reads it knows that nothing was cut off."""


def chunk(data: bytes) -> bytes:
    """One chunk; ``data`` must not be empty, for an empty chunk is the last one."""
    return b"%x\r\n%b\r\n" % (len(data), data)


class Frames:
    """Frames in one piece, made once for all who are sent it.

    As chunks, each frame is one of its own: a client that reads chunk by chunk has an event as
    soon as it is there, however many came with it.
    """

    __slots__ = ("_chunked", "_frames", "_plain")

    def __init__(self, frames: Iterable[bytes] = ()) -> None:
        self._frames = tuple(frames)
        self._plain: bytes | None = None
        self._chunked: bytes | None = None

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def size(self) -> int:
        """Bytes without the chunks' heads."""
        return sum(map(len, self._frames))

    def wire(self, chunked: bool) -> bytes:
        """The bytes to be written; empty when there is no frame."""
        if chunked:
            if self._chunked is None:
                self._chunked = b"".join(map(chunk, self._frames))
            return self._chunked
        if self._plain is None:
            self._plain = b"".join(self._frames)
        return self._plain
