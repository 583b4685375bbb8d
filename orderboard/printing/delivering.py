"""Bytes to a printer in the network, and whether it took them. Every wait has an end.

A printer is asked first how it is (``DLE EOT``), and last whether it has come to the end of what
it was sent (``GS r``), as far as it can say such things. One that cannot shows that it has read
all when it closes its end after ours.
"""

import re
import socket
import time
from ipaddress import ip_address

from orderboard.printer_addresses import is_reachable, split
from orderboard.printing.escpos import INIT

CONNECT, ANSWER, STALL, IN_ALL, CLOSE = 3.0, 0.7, 10.0, 60.0, 10.0
"""Seconds for connecting, for the first answer, without any progress, for all bytes, and until it
has read the last of them."""
LONGEST = 90.0
"""Seconds that nothing here takes longer than."""
_PIECE = 4096
_HOW_ARE_YOU = b"".join(b"\x10\x04" + bytes([what]) for what in (1, 2, 4))
_DONE = b"\x1dr\x01"
_OFFLINE, _COVER, _STOPPED, _FAULT, _NO_PAPER = 0x08, 0x04, 0x20, 0x40, 0x60
_WORDS = re.compile(rb"[A-Za-z0-9/ .\-]{4,}")


class NotPrinted(Exception):
    """A printer did not print. ``is_unsure``: it has some of it, and may have printed that."""

    def __init__(self, reason: str, is_unsure: bool = False) -> None:
        super().__init__(reason)
        self.is_unsure = is_unsure


def deliver(address: str, data: bytes) -> bool:
    """Have a printer print; answers whether it said itself that it is done. Raises NotPrinted."""
    with _connected(address) as line:
        speaks = _ask(line)
        _send(line, data + (_DONE if speaks else b""))
        return _await_end(line, speaks)


def _connected(address: str) -> socket.socket:
    host, port = split(address)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotPrinted(f"is not found: nothing in the network is called {host}") from None
    reason = "has an address that is no printer's"
    for family, kind, protocol, _, where in found[:4]:
        if not is_reachable(ip_address(str(where[0]).partition("%")[0])):
            continue
        line = socket.socket(family, kind, protocol)
        line.settimeout(CONNECT)
        try:
            line.connect(where)
        except OSError as error:
            line.close()
            reason = _reason(error)
            continue
        return line
    raise NotPrinted(reason)


def _reason(error: OSError) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "takes no connection: it is off, or its address is another one"
    if isinstance(error, TimeoutError):
        return f"does not answer within {CONNECT:.0f} seconds: it is off or not connected"
    return f"cannot be reached: {error.strerror or error}"


def _ask(line: socket.socket) -> bool:
    """Ask how it is; answers whether it says so. Raises NotPrinted where it cannot print."""
    try:
        line.sendall(INIT + _HOW_ARE_YOU)
        told = _heard(line, 3, ANSWER)
    except OSError as error:
        raise NotPrinted(_hung_up(error)) from None
    _check_words(told)
    status = [byte for byte in told if byte & 0x93 == 0x12]
    if not status:
        return False
    general, why, paper = (*status, 0, 0)[:3]
    if paper & _NO_PAPER == _NO_PAPER or why & _STOPPED:
        raise NotPrinted("is out of paper")
    if why & _COVER:
        raise NotPrinted("has its cover open")
    if why & _FAULT:
        raise NotPrinted("reports a fault: look at it")
    if general & _OFFLINE:
        raise NotPrinted("is switched to offline")
    return True


def _send(line: socket.socket, data: bytes) -> None:
    until, sent = time.monotonic() + IN_ALL, 0
    line.settimeout(STALL)
    try:
        while sent < len(data) and time.monotonic() < until:
            sent += line.send(data[sent : sent + _PIECE])
    except TimeoutError:
        raise NotPrinted("takes nothing more: it is busy or hangs", is_unsure=True) from None
    except OSError as error:
        raise NotPrinted(_hung_up(error), is_unsure=True) from None
    if sent < len(data):
        raise NotPrinted("is too slow: it did not take all within a minute", is_unsure=True)


def _await_end(line: socket.socket, speaks: bool) -> bool:
    """Wait until it has read all; answers whether it said so."""
    try:
        if speaks and _heard(line, 1, CLOSE):
            return True
        line.shutdown(socket.SHUT_WR)
        told, has_closed = _until_closed(line, CLOSE)
    except OSError as error:
        raise NotPrinted(_hung_up(error), is_unsure=True) from None
    _check_words(told)
    if not has_closed:
        raise NotPrinted("does not show that it read the order: it may hang", is_unsure=True)
    return False


def _heard(line: socket.socket, most: int, seconds: float) -> bytes:
    """What comes within some seconds, no more than is waited for. Raises OSError at its end."""
    until, told = time.monotonic() + seconds, b""
    while len(told) < most and (left := until - time.monotonic()) > 0:
        line.settimeout(left)
        try:
            piece = line.recv(_PIECE)
        except TimeoutError:
            break
        if not piece:
            raise ConnectionAbortedError
        told += piece
    return told


def _until_closed(line: socket.socket, seconds: float) -> tuple[bytes, bool]:
    until, told = time.monotonic() + seconds, b""
    while (left := until - time.monotonic()) > 0 and len(told) < _PIECE:
        line.settimeout(left)
        try:
            piece = line.recv(_PIECE)
        except TimeoutError:
            break
        if not piece:
            return told, True
        told += piece
    return told, False


def _check_words(told: bytes) -> None:
    """A printer answers in bits. Raises NotPrinted for what answers in words."""
    if words := _WORDS.search(told):
        said = words[0].decode("ascii").strip()[:40]
        raise NotPrinted(f"is no receipt printer: something else answers there (“{said}”)")


def _hung_up(error: OSError) -> str:
    return "takes nothing more" if isinstance(error, TimeoutError) else "hung up before the end"
