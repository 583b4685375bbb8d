"""One connection from its first byte to its end."""

import errno
import select
import socket
import struct
import time
from collections import Counter
from contextlib import suppress
from typing import Any

from gevent.monkey import get_original
from gunicorn.http.errors import NoMoreData, ParseException  # type: ignore[import-untyped]

from orderboard.edge import refusals
from orderboard.edge.bounds import Bounds
from orderboard.edge.connections import Refused, network
from orderboard.edge.plain import plain_get
from orderboard.edge.reader import Reader
from orderboard.edge.request import BoundedParser, BoundedRequest

_poll = get_original("select", "poll")
_GONE = (errno.EPIPE, errno.ECONNRESET, errno.ENOTCONN, errno.EBADF)
_LINGER_SECONDS = 5.0
_LINGER_BYTES = 64 * 1024 * 1024
_MOST_LINGERING, _MOST_OF_ONE = 64, 8
_MOST_TURNED_AWAY = 256
_PEEK_SECONDS = 0.5


class ConnectionHandler:
    """Serves the connections of one gunicorn worker."""

    def __init__(self, worker: Any, bounds: Bounds) -> None:
        self._worker, self._bounds = worker, bounds
        self._lingering: Counter[str] = Counter()
        self._turned_away = 0

    def handle(self, listener: Any, client: socket.socket, address: Any) -> None:
        """Serve a connection until it ends; closes it."""
        peer = address[0] if isinstance(address, tuple) else ""
        whose = network(peer)
        try:
            with self._bounds.connections.slot(client.fileno()):
                if self._bounds.proxies:  # then all connections are of the proxy's address
                    self._serve(listener, client, address, whose)
                else:
                    with self._bounds.connections.place(peer):
                        self._serve(listener, client, address, whose)
        except Refused as refused:
            self._bounds.count(refused.reason)
            self._turn_away(client, refused, whose)
        except TimeoutError:
            self._bounds.count("stalled")
            _drop(client)
        except OSError as error:
            if error.errno not in _GONE:
                self._worker.log.exception("Socket error processing request.")
        finally:
            with suppress(OSError):
                client.close()

    def _serve(self, listener: Any, client: socket.socket, address: Any, whose: str) -> None:
        self._bounds.fair_queue.enter(whose)
        reader = Reader(client, self._bounds, whose)
        parser = BoundedParser(self._worker.cfg, reader, address)
        try:
            while self._answer_next(reader, parser, listener, client, address):
                pass
        except (NoMoreData, StopIteration):
            return
        except ParseException as error:
            self._bounds.count(refusals.name_of(error))
            self._say(client, refusals.of_a_request(error), whose)
        except (OSError, Refused):
            raise
        except Exception:
            self._worker.log.exception("Error handling request")
            self._say(client, refusals.of_a_fault(), whose)
        finally:
            reader.let_go()

    def _answer_next(
        self,
        reader: Reader,
        parser: BoundedParser,
        listener: Any,
        client: socket.socket,
        address: Any,
    ) -> bool:
        """Answer one request; whether the connection goes on."""
        come = False
        with self._worker.timeout_ctx():
            come = reader.wait()
        if not come and not _is_readable(client):
            return False
        reader.turn()
        head = reader.fetch_head()
        if not head or self._left_early(head, reader, client, address):
            return False
        request: BoundedRequest = next(parser)
        if self._bounds.proxies:
            reader.whose = network(self._bounds.told_in(request))
            reader.turn()
        client.settimeout(self._bounds.send_timeout)
        with self._bounds.place_of(request):
            try:
                self._worker.handle_request(listener.getsockname(), request, client, address)
            except StopIteration as end:
                # A stream that left its request goes on over this very connection.
                if not end.args and request.left():
                    self._linger(client, reader.whose)
                return False
        return _finished(reader, parser)

    def _left_early(self, head: bytes, reader: Reader, client: socket.socket, address: Any) -> bool:
        """Whether a request was so plain that its connection goes on elsewhere by now."""
        early = self._bounds.early
        if early is None or not early.may_know(head) or (asked := plain_get(head)) is None:
            return False
        peer = address[0] if isinstance(address, tuple) else ""
        if not self._bounds.proxies:
            return early.take(asked, client, peer)
        told = self._bounds.told([asked.fields.get("x-forwarded-for", "")])
        reader.whose = network(told)
        reader.turn()
        accept = asked.fields.get("accept", "*/*").encode()
        with self._bounds.connections.place(told, accept):
            return early.take(asked, client, told or peer)

    def _turn_away(self, client: socket.socket, refused: Refused, whose: str) -> None:
        # A stream's request has to be told from others; most often it is here already.
        if self._turned_away >= _MOST_TURNED_AWAY:
            _drop(client)
            return
        self._turned_away += 1
        try:
            self._bounds.fair_queue.enter(whose)
            client.settimeout(_PEEK_SECONDS)
            head = b"" if refused.asked else client.recv(8192)
            stream = b"text/event-stream" in (refused.asked + head).lower()
            self._say(client, refusals.of_a_connection(refused, stream), whose)
        except OSError:
            return
        finally:
            self._turned_away -= 1

    def _say(self, client: socket.socket, answer: bytes, whose: str) -> None:
        """Answer somebody who may still be sending, and hang up."""
        client.settimeout(_PEEK_SECONDS)
        with suppress(OSError):
            client.sendall(answer)
            self._linger(client, whose)

    def _linger(self, client: socket.socket, whose: str) -> None:
        """Let what is still being sent come, or the system throws our answer away with it."""
        if self._lingering.total() >= _MOST_LINGERING or self._lingering[whose] >= _MOST_OF_ONE:
            return
        self._lingering[whose] += 1
        try:
            client.shutdown(socket.SHUT_WR)
            ends, taken = time.monotonic() + _LINGER_SECONDS, 0
            while taken < _LINGER_BYTES and (left := ends - time.monotonic()) > 0:
                client.settimeout(left)
                piece = client.recv(1 << 16)
                if not piece:
                    return
                taken += len(piece)
                self._bounds.fair_queue.enter(whose)
        except OSError:
            return
        finally:
            self._lingering[whose] -= 1
            if not self._lingering[whose]:
                del self._lingering[whose]


def _finished(reader: Reader, parser: BoundedParser) -> bool:
    """Whether what was left of a body came, so that the next request can be found."""
    reader.hurry()
    try:
        return bool(parser.finish_body())
    except ParseException:
        return False


def _is_readable(client: socket.socket) -> bool:
    """Whether a request is there that the loop has not looked at yet. To hang up now would throw
    it away, and its sender could not know whether anything was done.
    """
    waiting = _poll()
    waiting.register(client.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def _drop(client: socket.socket) -> None:
    """Forget what the peer did not take, too."""
    with suppress(OSError):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
