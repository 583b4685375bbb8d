"""A listener of its own kind: httpx-sse, which knows nothing of the pages' feed."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
from httpx_sse import ServerSentEvent, connect_sse

from tests.servers import wait_until

Json = dict[str, Any]
SILENCE = 8.0
"""Seconds without a word after which a connection is taken for dead."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One frame."""

    id: str
    type: str
    data: Json

    @property
    def position(self) -> int:
        """The counting part of its id."""
        return int(self.id.rpartition("-")[2])


class Listener:
    """Listens from a thread of its own, and goes on from its last id when a stream ends."""

    def __init__(
        self, address: str, headers: dict[str, str], after: str = "", silence: float = SILENCE
    ) -> None:
        self.frames: list[Heard] = []
        self.connects = 0
        self.refused: int | None = None
        self._address, self._headers, self._last_id = address, headers, after
        self._silence, self._retry = silence, 3.0
        self._response: httpx.Response | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self, patience: float = 10) -> None:
        """Begin, and wait for the first frame; with no ``patience`` (seconds) begin only."""
        self._thread.start()
        if patience:
            wait_until(lambda: self.frames or self.refused, patience, "the first frame")
        assert self.refused is None, f"the stream was refused: {self.refused}"

    def stop(self) -> None:
        """Hang up."""
        self._stopping.set()
        if self._response is not None:
            stream = self._response.extensions["network_stream"]
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._thread.join(2 * self._silence)
        assert not self._thread.is_alive()

    @property
    def events(self) -> list[Heard]:
        """The frames of durable events."""
        return [frame for frame in self.frames if frame.type.startswith("order.")]

    @property
    def reached(self) -> int:
        """The newest position it knows."""
        return max((frame.position for frame in self.frames), default=0)

    def _run(self) -> None:
        patience = httpx.Timeout(5, read=self._silence)
        with httpx.Client(headers=self._headers, timeout=patience) as client:
            while not self._stopping.is_set() and self.refused is None:
                with suppress(httpx.TransportError):
                    self._listen(client)
                self._stopping.wait(self._retry)

    def _listen(self, client: httpx.Client) -> None:
        resume = {"Last-Event-ID": self._last_id} if self._last_id else {}
        with connect_sse(client, "GET", self._address, headers=resume) as source:
            if 400 <= source.response.status_code < 500:
                self.refused = source.response.status_code
                return
            self.connects += 1
            self._response = source.response
            for event in source.iter_sse():
                self._hear(event)

    def _hear(self, event: ServerSentEvent) -> None:
        if event.retry is not None:
            self._retry = event.retry / 1000
        if event.data and event.event != "end":
            self._last_id = event.id
            self.frames.append(Heard(event.id, event.event, json.loads(event.data)))


@contextmanager
def listening(address: str, headers: dict[str, str], after: str = "") -> Iterator[Listener]:
    """A listener that listens until the block ends."""
    listener = Listener(address, headers, after)
    try:
        listener.start()
        yield listener
    finally:
        listener.stop()
