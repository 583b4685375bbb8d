"""Requests so plain that they need no parser: a GET as browsers and scripts send it."""

import re
from typing import NamedTuple, Protocol

from gevent.socket import socket

_HEAD = re.compile(
    rb"GET (/[\w/-]*)(?:\?([\w=&%.~:-]*))? HTTP/1\.1\r\n"
    rb"((?:[A-Za-z0-9-]+: ?[ -~]*\r\n)+)\r\n",
    re.ASCII,
)
_MEAN_MORE = frozenset(
    {"content-length", "transfer-encoding", "content-encoding", "expect", "upgrade"}
)
_HOST = re.compile(r"[\w.:\[\]-]+", re.ASCII)


class PlainGet(NamedTuple):
    """What is asked for. ``fields`` are the head's by their names in small letters."""

    path: str
    query: str
    fields: dict[str, str]


class Early(Protocol):
    """Answers some plain requests before the framework sees them."""

    def may_know(self, head: bytes) -> bool:
        """Whether a request may be one of these, at a glance."""

    def take(self, asked: PlainGet, client: socket, address: str) -> bool:
        """Have the connection go on elsewhere. False: nothing has happened, it is not for here."""


def plain_get(head: bytes) -> PlainGet | None:
    """A request by its whole head; None where there is anything in it that needs a parser.

    So nothing can mean one thing here and another to the parser: a field that stands twice, one
    that says more about the request than its value, odd letters.
    """
    found = _HEAD.fullmatch(head)
    if found is None:
        return None
    path, query, lines = (part.decode("ascii") if part else "" for part in found.groups())
    fields: dict[str, str] = {}
    for line in lines.split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        name = name.lower()
        if name in fields or name in _MEAN_MORE:
            return None
        fields[name] = value.strip(" ")
    if not _HOST.fullmatch(fields.get("host", "")):
        return None
    return PlainGet(path, query, fields)
