"""A network between clients and the server that delays, throttles, cuts and loses connections.

It carries bytes and knows nothing of what they mean. Everything runs in one thread of its own.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")

_PIECE = 4096
_BUFFER = 8192
"""Bytes the system keeps for a connection on either side: a slow reader is soon felt as one."""


class _Link:
    """A client's connection and its counterpart to the server."""

    def __init__(self, client: asyncio.StreamWriter) -> None:
        self.writers = [client]
        self.flows = asyncio.Event()
        self.flows.set()

    def cut(self) -> None:
        for writer in self.writers:
            writer.transport.abort()


class Network:
    """Passes bytes on as well as it is told to. ``delay``: seconds that each piece takes longer;
    ``rate``: bytes a second to each client, at most; 0 is no limit.
    """

    def __init__(self, server_port: int) -> None:
        self.delay = 0.0
        self.rate = 0.0
        self._server_port = server_port
        self._links: set[_Link] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network", daemon=True)
        self._thread.start()
        listening = _small_buffers(socket.socket())
        listening.bind(("127.0.0.1", 0))
        self.port = int(listening.getsockname()[1])
        self._ask(self._listen(listening))

    @property
    def connections(self) -> int:
        """How many there are, those that are lost among them."""
        return len(self._links)

    def cut(self, random: Random, share: float = 1.0) -> int:
        """Break off some connections so that both sides know; answers how many."""
        return self._each(random, share, _Link.cut)

    def lose(self, random: Random, share: float = 1.0) -> int:
        """From now on some connections carry nothing, for ever, and neither side is told."""
        return self._each(random, share, lambda link: link.flows.clear())

    def heal(self) -> None:
        """Carry everything at once again, except on connections that are lost."""
        self.delay = self.rate = 0.0

    def close(self) -> None:
        """End it, and every connection that goes through it."""
        self._ask(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _ask(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def _each(self, random: Random, share: float, what: Callable[[_Link], None]) -> int:
        async def do() -> int:
            chosen = [link for link in self._links if random.random() < share]
            for link in chosen:
                what(link)
            return len(chosen)

        return self._ask(do())

    async def _listen(self, listening: socket.socket) -> None:
        self._server = await asyncio.start_server(self._connected, sock=listening, limit=_PIECE)

    async def _end(self) -> None:
        self._server.close()
        for link in list(self._links):
            link.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._carry(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, up: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        link = _Link(client)
        self._links.add(link)
        try:
            down, server = await self._connect()
            link.writers.append(server)
            ways = self._pump(link, up, server), self._pump(link, down, client, is_down=True)
            await _first_of(*ways)
        except OSError:
            pass  # nobody listens there just now, and the client hears it like this as well
        finally:
            for writer in link.writers:
                writer.close()
            self._links.discard(link)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        connection = _small_buffers(socket.socket())
        connection.setblocking(False)
        try:
            await self._loop.sock_connect(connection, ("127.0.0.1", self._server_port))
        except BaseException:
            connection.close()
            raise
        return await asyncio.open_connection(sock=connection, limit=_PIECE)

    async def _pump(
        self,
        link: _Link,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        is_down: bool = False,
    ) -> None:
        with suppress(OSError):
            while piece := await source.read(_PIECE):
                await asyncio.sleep(self.delay)
                if is_down and self.rate:
                    await asyncio.sleep(len(piece) / self.rate)
                await link.flows.wait()
                target.write(piece)
                await target.drain()


async def _first_of(*works: Coroutine[Any, Any, None]) -> None:
    """Return when one has ended, and end the others."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _small_buffers(connection: socket.socket) -> socket.socket:
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        connection.setsockopt(socket.SOL_SOCKET, option, _BUFFER)
    return connection


@contextmanager
def network_to(server_port: int) -> Iterator[Network]:
    """A network that is there until the block ends."""
    network = Network(server_port)
    try:
        yield network
    finally:
        network.close()
